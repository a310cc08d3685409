"""
A storage class that the cluster does not have.

## What it does
Finds claims that name a StorageClass which neither the input nor the cluster has.  It looks where
it is known what the cluster has: by `clusters` in mooring.yaml, or by `--cluster`.  A class that
PersistentVolumes of the input carry need not exist.

## Why it matters
The claim stays Pending, and so does every pod that mounts it.

## Example
    kind: PersistentVolumeClaim
    spec: {storageClassName: fast-ssd}     # the cluster has local-path

Name a class of the cluster, or leave the name out to get its default one.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#class-1
"""

from collections.abc import Iterator

from mooring.check import claims
from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="storage-class-unknown", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim of a class that is nowhere."""
    cluster = bundle.cluster
    if cluster is None or not cluster.storage or not bundle.is_whole:
        return
    known = [one.name for one in cluster.storage]
    here = {item.ref.name for item in bundle.of_kind(kinds.STORAGE_CLASS)}
    here |= {
        fields.text(item.spec.get("storageClassName")) or ""
        for item in bundle.of_kind(kinds.VOLUME)
    }
    # A built-in profile has what a fresh cluster has, to which classes may have been added.
    is_written = "storage" not in cluster.sources
    for ref, field, claim in claims.every(bundle):
        name = claim.storage_class
        if name and name not in known and name not in here:
            yield RULE.finding(
                ref,
                f'the cluster {cluster.name} has no storage class "{name}", only '
                f"{', '.join(known)}",
                field=f"{field}.storageClassName",
                remedy=did_you_mean(name, known)
                or f"use {known[0]}, or add {name} below clusters.{cluster.name}.storage in "
                "mooring.yaml",
                severity=None if is_written else Severity.WARNING,
            )
