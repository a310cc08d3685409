"""
A claim for the default storage class where there is none.

## What it does
Finds claims that name no StorageClass and go to a cluster in which no class is the default one.
It looks where it is known what the cluster has: by `clusters` in mooring.yaml, or by
`--cluster`.

## Why it matters
The claim stays Pending until somebody marks a class as the default: a new EKS cluster, for one,
has a class and no default.

## Example
    kind: PersistentVolumeClaim
    spec: {accessModes: [ReadWriteOnce]}   # no storageClassName

Name a class of the cluster.

## References
- https://kubernetes.io/docs/concepts/storage/storage-classes/#default-storageclass
- https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions-standard.html
"""

from collections.abc import Iterator

from mooring.check import claims
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="default-storage-class-missing", severity=Severity.ERROR, since="0.1", group="storage"
)

_MARKS = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim that waits for a default class."""
    cluster = bundle.cluster
    if cluster is None or not cluster.storage or cluster.default_storage or not bundle.is_whole:
        return
    if any(
        item.annotations.get(mark) == "true"
        for item in bundle.of_kind(kinds.STORAGE_CLASS)
        for mark in _MARKS
    ):
        return
    known = [one.name for one in cluster.storage]
    # A built-in profile has what a fresh cluster has; a class may have been marked since.
    is_written = "storage" not in cluster.sources
    for ref, field, claim in claims.every(bundle):
        # A claim of a certain volume, or an empty name of a class, asks for no class at all.
        if claim.storage_class is None and not claim.spec.get("volumeName"):
            yield RULE.finding(
                ref,
                f"it names no storage class, and the cluster {cluster.name} has no default one",
                field=field,
                remedy=f"set storageClassName: {known[0]}",
                severity=None if is_written else Severity.WARNING,
            )
