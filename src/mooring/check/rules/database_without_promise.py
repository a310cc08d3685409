"""
A data store to which nothing is promised.

## What it does
Finds known data stores without any request or limit: the quality of service BestEffort.

## Why it matters
When its node runs short of memory it is the first to be killed, in the middle of a write.

## Example
    image: postgres:17.4
    resources: {}

Set requests, and a limit of memory.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds, limits

RULE = Rule(
    id="database-without-promise",
    severity=Severity.WARNING,
    since="0.1",
    group="databases",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each data store that may be killed first."""
    for container in bundle.containers:
        known = container.known
        if known is None or not known.family.stateful or not container.is_main:
            continue
        if container.pod.kind in (kinds.JOB, kinds.CRON_JOB):
            continue
        if container.amounts("requests") or container.amounts("limits"):
            continue
        if not limits.of_namespace(bundle.objects, container.pod.namespace):
            yield RULE.finding(
                container.owner,
                f"{known.family.name} in the container {container.name} asks for nothing",
                field=f"{container.path}.resources",
                remedy="set requests, and a limit of memory",
            )
