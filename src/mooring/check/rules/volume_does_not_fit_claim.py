"""
A volume and a claim that name each other and do not fit.

## What it does
Finds claims with `volumeName` whose PersistentVolume of the input is smaller, has other access
modes or another class.

## Why it matters
The claim stays Pending, and the pods with it.

## Example
    kind: PersistentVolumeClaim
    spec: {volumeName: disk, resources: {requests: {storage: 20Gi}}}      # the volume has 10Gi

Make size, access modes and class of both agree.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.views import Claim

RULE = Rule(id="volume-does-not-fit-claim", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim that its volume cannot satisfy."""
    for item in bundle.of_kind(kinds.CLAIM):
        name = fields.text(item.spec.get("volumeName"))
        volume = bundle.objects.find(kinds.VOLUME, name) if name else None
        if volume is None:
            continue
        claim = Claim(item.spec)
        has = fields.amounts(volume.spec.get("capacity")).get("storage")
        lacking = [
            mode
            for mode in claim.access_modes
            if mode not in fields.texts(volume.spec.get("accessModes"))
        ]
        told = None
        if claim.size is not None and has is not None and has < claim.size:
            told = "is smaller than the claim"
        elif lacking:
            told = f"does not have {', '.join(lacking)}"
        elif (claim.storage_class or "") != (
            fields.text(volume.spec.get("storageClassName")) or ""
        ):
            told = "has another storage class"
        if told is not None:
            yield RULE.finding(
                item.ref,
                f"the volume {name} {told}",
                field="spec.volumeName",
                remedy="make size, access modes and class of both agree",
            )
