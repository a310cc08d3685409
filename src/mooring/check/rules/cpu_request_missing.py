"""
A container without a request of cpu.

## What it does
Finds containers that neither set requests.cpu nor get it from a LimitRange of their namespace (a
limit counts as a request).

## Why it matters
When cores are short the container gets next to nothing.

## Example
    resources: {}                # requests: {cpu: ...}

Set requests.cpu.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import limits

RULE = Rule(
    id="cpu-request-missing",
    severity=Severity.WARNING,
    since="0.1",
    group="resources",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container without the amount."""
    given: dict[str, bool] = {}
    for container in bundle.containers:
        amounts = {**container.amounts("limits"), **container.amounts("requests")}
        if "cpu" in amounts:
            continue
        namespace = container.pod.namespace
        if namespace not in given:
            given[namespace] = any(
                "cpu" in {**one.default_limit, **one.default_request}
                for one in limits.of_namespace(bundle.objects, namespace)
            )
        if not given[namespace]:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} has no request of cpu",
                field=f"{container.path}.resources",
                remedy="set resources.requests.cpu",
            )
