"""
A data store that is updated like a web server.

## What it does
Finds Deployments of known data stores with a claim, of more than one replica or with a rolling
update.

## Why it matters
Two instances write into one data directory, or each has half of the data.

## Example
    kind: Deployment               # image: postgres, replicas: 2

Use a StatefulSet, or one replica with the strategy Recreate.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.images.facts import Role
from mooring.semantics import fields, kinds

RULE = Rule(id="database-in-deployment", severity=Severity.WARNING, since="0.1", group="databases")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each data store in a Deployment that may run twice."""
    for pod in bundle.pods:
        if pod.kind != kinds.DEPLOYMENT:
            continue
        spec = pod.template.owner_spec
        recreated = fields.at(spec, "strategy", "type") == "Recreate"
        if recreated and pod.replicas <= 1:
            continue
        has_claim = any("persistentVolumeClaim" in volume for _, volume in pod.volumes.values())
        for container in pod.main_containers:
            known = container.known
            if (
                known is None
                or not has_claim
                or known.family.role not in _STORES
                or container.command
            ):
                continue
            yield RULE.finding(
                pod.owner,
                f"{known.family.name} keeps its data on a claim, and two of its pods may run at "
                "a time",
                field="spec.strategy",
                remedy="use a StatefulSet, or one replica with strategy: {type: Recreate}",
            )


_STORES = (Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE)
