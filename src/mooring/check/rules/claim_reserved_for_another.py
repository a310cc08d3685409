"""
A claim of a volume that is kept for another one.

## What it does
Finds claims with `volumeName` whose PersistentVolume of the input has a `claimRef` to another
claim, or to one of that name in another namespace.

## Why it matters
The claim stays Pending for ever, and the pods with it.

## Example
    kind: PersistentVolume
    spec: {claimRef: {name: data, namespace: shop-old}}
    # and a claim data in the namespace shop with volumeName

Name the claim, with its namespace.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="claim-reserved-for-another", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim of what is not for it."""
    for item in bundle.of_kind(kinds.CLAIM):
        name = fields.text(item.spec.get("volumeName"))
        volume = bundle.objects.find(kinds.VOLUME, name) if name else None
        if volume is None:
            continue
        kept = fields.mapping(volume.spec.get("claimRef"))
        wanted = fields.text(kept.get("name"))
        namespace = fields.text(kept.get("namespace")) or item.namespace
        if wanted is not None and (wanted, namespace) != (item.ref.name, item.namespace):
            # Where no namespace is settled yet, the names alone decide.
            if wanted == item.ref.name and not item.namespace:
                continue
            yield RULE.finding(
                item.ref,
                f"the volume {name} is kept for the claim {wanted} in "
                f"{namespace or 'the same namespace'}",
                field="spec.volumeName",
                remedy="let the claimRef of the volume name this claim, with its namespace",
            )
