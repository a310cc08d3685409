"""
A claim that none of the volumes can satisfy.

## What it does
Finds claims that only volumes made by hand can satisfy, of which the input has none that fits:
the claim selects volumes by labels, or its class makes none, and every volume of the input is too
small, of another access mode or class, without the labels, or kept for another claim.

## Why it matters
The claim stays Pending, and the pods with it.

## Example
    kind: PersistentVolumeClaim
    spec: {storageClassName: by-hand, selector: {matchLabels: {disk: archive}}, ...}
    # and the PersistentVolume is labelled disk: archives

Make labels, size, access modes and class of both agree.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#selector
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds, selection
from mooring.semantics.objects import Item
from mooring.semantics.views import Claim

RULE = Rule(id="claim-fits-no-volume", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim that waits for a volume which is not there."""
    by_class: dict[str, list[Item]] = {}
    for volume in bundle.of_kind(kinds.VOLUME):
        name = fields.text(volume.spec.get("storageClassName")) or ""
        by_class.setdefault(name, []).append(volume)
    if not by_class:
        return
    for item in bundle.of_kind(kinds.CLAIM):
        claim = Claim(item.spec)
        if item.spec.get("volumeName") or not _is_by_hand(bundle, claim):
            continue
        candidates = by_class.get(claim.storage_class or "", [])
        reasons = [_fault(item, claim, volume) for volume in candidates]
        if not candidates or None in reasons:
            continue
        told = ", ".join(
            f"{volume.ref.name} {reason}"
            for volume, reason in list(zip(candidates, reasons, strict=True))[:3]
        )
        yield RULE.finding(
            item.ref,
            f"no volume of the input fits: {told}",
            field="spec",
            remedy="make labels, size, access modes and class of a volume agree with it",
            severity=None if bundle.is_whole else Severity.WARNING,
            confidence=None if bundle.is_whole else Confidence.MEDIUM,
        )


def _is_by_hand(bundle: Bundle, claim: Claim) -> bool:
    """Tell whether no volume is made for the claim: it has to be there."""
    if claim.storage_class is None:
        return False
    if claim.storage_class == "":
        return True
    item = bundle.objects.find(kinds.STORAGE_CLASS, claim.storage_class)
    if item is None:
        return bool(claim.spec.get("selector"))
    return item.manifest.get("provisioner") == "kubernetes.io/no-provisioner"


def _fault(item: Item, claim: Claim, volume: Item) -> str | None:
    """Return why ``volume`` is none for the claim, None where it is one."""
    kept = fields.mapping(volume.spec.get("claimRef"))
    if kept.get("name"):
        namespace = fields.text(kept.get("namespace")) or item.namespace
        if (kept.get("name"), namespace) != (item.ref.name, item.namespace):
            return f"is kept for {kept.get('name')}"
    has = fields.amounts(volume.spec.get("capacity")).get("storage")
    if claim.size is not None and has is not None and has < claim.size:
        return "is smaller"
    lacking = set(claim.access_modes) - set(fields.texts(volume.spec.get("accessModes")))
    if lacking:
        return f"has no {', '.join(sorted(lacking))}"
    if (claim.spec.get("volumeMode") or "Filesystem") != (
        volume.spec.get("volumeMode") or "Filesystem"
    ):
        return "is of the other volumeMode"
    wanted = claim.spec.get("selector")
    if wanted and not selection.selector(wanted).matches(volume.labels):
        return "does not carry its labels"
    return None
