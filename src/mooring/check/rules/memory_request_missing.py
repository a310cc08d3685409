"""
A container without a request of memory.

## What it does
Finds containers that neither set requests.memory nor get it from a LimitRange of their namespace
(a limit counts as a request).

## Why it matters
The scheduler counts the pod as nothing and fills its node; it is the first to be evicted.

## Example
    resources: {}                # requests: {memory: ...}

Set requests.memory.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import limits

RULE = Rule(
    id="memory-request-missing",
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
        if "memory" in amounts:
            continue
        namespace = container.pod.namespace
        if namespace not in given:
            given[namespace] = any(
                "memory" in {**one.default_limit, **one.default_request}
                for one in limits.of_namespace(bundle.objects, namespace)
            )
        if not given[namespace]:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} has no request of memory",
                field=f"{container.path}.resources",
                remedy="set resources.requests.memory",
            )
