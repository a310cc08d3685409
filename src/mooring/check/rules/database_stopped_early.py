"""
A database that is killed while it shuts down.

## What it does
Finds known databases, brokers and search engines whose `terminationGracePeriodSeconds` is set to
less than they need to stop: what the catalogue says of the image, at most 30 seconds.

## Why it matters
A killed database recovers at its next start, which takes longer, and where something is not built
for it data is lost.

## Example
    kind: StatefulSet
    spec:
      template:
        spec:
          terminationGracePeriodSeconds: 5
          containers: [{image: "postgres:17.6"}]

Leave the field out, or give it a minute.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Finding, Rule, Severity
from mooring.images.facts import Role
from mooring.semantics import fields, kinds

RULE = Rule(id="database-stopped-early", severity=Severity.WARNING, since="0.1", group="databases")

_USUAL = 30
"""What a pod has that says nothing, in seconds."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each data store with less time than it needs."""
    for pod in bundle.pods:
        # What ends by itself is no server, though it runs a program of its image.
        if pod.kind in (kinds.JOB, kinds.CRON_JOB):
            continue
        given = fields.integer(pod.spec.get("terminationGracePeriodSeconds"))
        if given is None or given >= _USUAL or not _keeps(pod):
            continue
        for container in pod.main_containers:
            known = container.known
            if known is None or not known.family.stateful or known.family.role not in _STORES:
                continue
            needed = max((one.grace_seconds for one in known.family.stop), default=0)
            if given < min(needed, _USUAL):
                yield RULE.finding(
                    pod.owner,
                    f"{known.family.name} in the container {container.name} has {given} s to stop "
                    f"and may need {needed} s",
                    field=f"{pod.path}.terminationGracePeriodSeconds",
                    remedy=f"set {max(needed, _USUAL)}",
                )
                break


_STORES = frozenset({Role.DATABASE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})


def _keeps(pod: Pod) -> bool:
    """Tell whether the pod has a volume that outlives it, which may be its data."""
    return bool(pod.claim_templates) or any(
        "persistentVolumeClaim" in volume or "hostPath" in volume
        for _, volume in pod.volumes.values()
    )
