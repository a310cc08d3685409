"""
Two workloads with one volume that one node can mount.

## What it does
Finds `ReadWriteOnce` and `ReadWriteOncePod` claims of the input that the pods of several
workloads mount.

## Why it matters
Pods on different nodes cannot both have it: the second stays in `ContainerCreating`.  It works by
chance on a cluster of one node, and breaks with the second.

## Example
    # in Deployment api and CronJob backup alike
    volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]

Use a ReadWriteMany claim, put the containers into one pod, or a claim for each.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
"""

from collections.abc import Iterator

from mooring.check import claims
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="workloads-share-single-claim", severity=Severity.ERROR, since="0.1", group="storage"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload but the first that mounts a claim of a single node."""
    users: dict[tuple[str, str], list[tuple[str, str, bool]]] = {}
    for pod in bundle.pods:
        for path, name in claims.single(bundle, pod):
            place = users.setdefault((pod.namespace, name), [])
            goes_on = pod.kind not in (kinds.JOB, kinds.CRON_JOB)
            if not place:
                place.append((str(pod.owner), path, goes_on))
                continue
            first, _, first_goes_on = place[0]
            together = bool(fields.mapping(fields.at(pod.spec, "affinity", "podAffinity")))
            certain = goes_on and first_goes_on and not together
            yield RULE.finding(
                pod.owner,
                f"it mounts the claim {name}, as {first} does, and one node at a time can mount it",
                field=path,
                remedy="use a claim that many nodes can mount, one pod, or a claim for each",
                severity=None if certain else Severity.WARNING,
                confidence=None if certain else Confidence.MEDIUM,
            )
