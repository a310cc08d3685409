"""
A request that is larger than its limit.

## What it does
Finds containers whose request of cpu, memory or anything else is above the limit of the same.

## Why it matters
The API server refuses the pods: the workload never has any.

## Example
    resources:
      requests: {memory: 512Mi}
      limits: {memory: 256Mi}

Lower the request or raise the limit.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="request-above-limit", severity=Severity.ERROR, since="0.1", group="resources")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each amount that is requested beyond its limit."""
    for container in bundle.containers:
        limits = fields.amounts(container.amounts("limits"))
        if not limits:
            continue
        for name, size in fields.amounts(container.amounts("requests")).items():
            limit = limits.get(name)
            if limit is not None and size > limit:
                asked, most = (container.amounts(word)[name] for word in ("requests", "limits"))
                yield RULE.finding(
                    container.owner,
                    f"the container {container.name} requests {asked} of {name}, and its limit "
                    f"is {most}",
                    field=f"{container.path}.resources.requests.{name}",
                    remedy="lower the request or raise the limit",
                )
