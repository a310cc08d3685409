"""
A StatefulSet whose Service does not exist.

## What it does
Finds StatefulSets whose `serviceName` names a Service that the input does not hold.

## Why it matters
The pods run without names of their own:  `db-0.db` does not resolve, and members of a cluster do
not find one another.

## Example
    kind: StatefulSet
    spec: {serviceName: db-headless}     # the Service is called db

Add a headless Service of that name, or name the one that is there.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="stateful-set-service-missing", severity=Severity.ERROR, since="0.1", group="workloads"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each StatefulSet whose Service is not there."""
    found = (
        one
        for one in missing.dangling(bundle, kinds.SERVICE)
        if one.reference.source.kind == "StatefulSet"
    )
    yield from missing.objects(
        bundle, RULE, found, remedy="add a headless Service of that name, or name one that is there"
    )
