"""
A storage class that makes nothing, and no volume by hand.

## What it does
Finds claims of a StorageClass of the input whose provisioner is `kubernetes.io/no-provisioner`,
where the input has no PersistentVolume of that class.

## Why it matters
The claim stays Pending until somebody makes a volume.

## Example
    provisioner: kubernetes.io/no-provisioner

Add PersistentVolumes of the class, or use one that makes them.

## References
- https://kubernetes.io/docs/concepts/storage/storage-classes/#local
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="class-without-provisioner", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each class that nobody provides for."""
    made = {fields.text(item.spec.get("storageClassName")) for item in bundle.of_kind(kinds.VOLUME)}
    used = {fields.text(item.spec.get("storageClassName")) for item in bundle.of_kind(kinds.CLAIM)}
    used |= {
        fields.text(fields.at(template, "spec", "storageClassName"))
        for pod in bundle.pods
        for _, template in pod.claim_templates.values()
    }
    for item in bundle.of_kind(kinds.STORAGE_CLASS):
        by_hand = item.manifest.get("provisioner") == "kubernetes.io/no-provisioner"
        if by_hand and item.ref.name in used and item.ref.name not in made:
            yield RULE.finding(
                item.ref,
                "claims ask for it, it makes no volumes, and the input has none of it",
                field="provisioner",
                remedy="add PersistentVolumes of the class, or use one that makes them",
                severity=None if bundle.is_closed else Severity.WARNING,
            )
