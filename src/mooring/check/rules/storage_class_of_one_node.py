"""
A claim for many nodes of a class whose volumes one node can mount.

## What it does
Finds claims with ReadWriteMany whose StorageClass makes disks of a cloud or folders of a node: by
its provisioner in the input, by what is known of the cluster, or by a name that a cloud gives to
such a class itself.  Claims of raw block devices are left alone: some clouds attach those twice.

## Why it matters
The claim stays Pending (`only ReadWriteOnce is supported`), and no pod that mounts it starts.

## Example
    kind: PersistentVolumeClaim
    spec: {storageClassName: gp3, accessModes: [ReadWriteMany]}

Use a class of shared files (NFS, EFS, Azure Files, CephFS), or give each pod a volume of its own.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
"""

from collections.abc import Iterator

from mooring.check import claims, provisioners
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.settings.clusters import READ_WRITE_MANY

RULE = Rule(id="storage-class-of-one-node", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim that its class cannot serve."""
    for ref, field, claim in claims.every(bundle):
        if READ_WRITE_MANY not in claim.access_modes or claim.spec.get("volumeMode") == "Block":
            continue
        if claim.storage_class == "" or claim.spec.get("volumeName"):
            continue  # A volume made by hand, of which its own claim says more.
        found = _single(bundle, claim.storage_class)
        if found is not None:
            why, is_certain = found
            yield RULE.finding(
                ref,
                f"it is to be written from many nodes, and {why}",
                field=f"{field}.accessModes",
                remedy="use a class of shared files, or a volume for each pod",
                severity=None if is_certain else Severity.WARNING,
            )


def _single(bundle: Bundle, name: str | None) -> tuple[str, bool] | None:
    """Return why volumes of the class are for one node at a time, and whether that is certain."""
    item = bundle.objects.find(kinds.STORAGE_CLASS, name) if name else None
    if item is not None:
        by = fields.text(item.manifest.get("provisioner"))
        if by in provisioners.OF_ONE_NODE:
            return f"{by}, which makes volumes of the class {name}, makes them for one node", True
        return None
    cluster = bundle.cluster
    known = cluster.storage_class(name) if cluster is not None else None
    if cluster is not None and known is not None:
        if known.is_shared:
            return None
        told = f"volumes of {known.name} in the cluster {cluster.name} are for one node at a time"
        return told, True
    if name in provisioners.NAMED_OF_ONE_NODE:
        return f"{name} is the name of a cloud's disks, which one node at a time can mount", False
    return None
