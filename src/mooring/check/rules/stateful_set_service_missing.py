"""
A StatefulSet whose Service does not exist.

## What it does
Finds StatefulSets whose `serviceName` names a Service that the input does not hold.

## Why it matters
The pods run without names of their own:  `db-0.db` does not resolve, and members of a cluster do
not find one another.  Of a program that nobody knows, and whose pods nobody dials one by one, it is
a doubt: it may do without.

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
from mooring.semantics.references import Dangling

RULE = Rule(
    id="stateful-set-service-missing", severity=Severity.ERROR, since="0.1", group="workloads"
)


_DOES_WITHOUT = "a program that looks for no pod by its name does without"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each StatefulSet whose Service is not there."""
    found = [
        one
        for one in missing.dangling(bundle, kinds.SERVICE)
        if one.reference.source.kind == "StatefulSet"
    ]
    if not found:
        return
    dialled = {parent for one in bundle.dialled for parent in one.address.host.split(".")[1:2]}
    for one in found:
        is_needed = one.reference.target.name in dialled or _is_store(bundle, one)
        yield from missing.objects(
            bundle,
            RULE,
            [one],
            remedy="add a headless Service of that name, or name one that is there",
            made_elsewhere=None if is_needed else _DOES_WITHOUT,
        )


def _is_store(bundle: Bundle, one: Dangling) -> bool:
    """Tell whether the pods are known to keep state, and to find one another by their names."""
    pod = bundle.pod_of.get(one.reference.source)
    return pod is not None and any(
        container.known is not None and container.known.family.stateful
        for container in pod.main_containers
    )
