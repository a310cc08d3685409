"""
A database whose volume goes with its claim.

## What it does
Finds StorageClasses of the input that delete volumes with their claims, of which a known data
store has a claim.

## Why it matters
Who deletes the namespace, or the claim by mistake, deletes the disk in the same moment.

## Example
    kind: StorageClass
    reclaimPolicy: Delete           # the default

Use a class with `reclaimPolicy: Retain` for data.

## References
- https://kubernetes.io/docs/concepts/storage/storage-classes/#reclaim-policy
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Finding, Rule, Severity
from mooring.images.facts import Role
from mooring.semantics import fields, kinds
from mooring.semantics.views import Claim

RULE = Rule(id="database-volume-not-kept", severity=Severity.INFO, since="0.1", group="storage")

_STORES = (Role.DATABASE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each class that lets data go."""
    classes = {
        item.ref.name: item
        for item in bundle.of_kind(kinds.STORAGE_CLASS)
        if item.manifest.get("reclaimPolicy") in (None, "Delete")
    }
    if not classes:
        return
    told: set[str] = set()
    for pod in bundle.pods:
        if not any(
            one.known is not None and one.known.family.role in _STORES
            for one in pod.main_containers
        ):
            continue
        for name in _classes(bundle, pod):
            item = classes.get(name)
            if item is not None and name not in told:
                told.add(name)
                yield RULE.finding(
                    item.ref,
                    f"{pod.owner} keeps its data in volumes that are deleted with their claims",
                    field="reclaimPolicy",
                    remedy="set reclaimPolicy: Retain",
                )


def _classes(bundle: Bundle, pod: Pod) -> Iterator[str]:
    """Yield the classes of the claims of ``pod``."""
    for _, template in pod.claim_templates.values():
        yield Claim(fields.mapping(template.get("spec"))).storage_class or ""
    for _, volume in pod.volumes.values():
        name = fields.text(fields.at(volume, "persistentVolumeClaim", "claimName"))
        item = bundle.objects.find(kinds.CLAIM, name, pod.namespace) if name else None
        if item is not None:
            yield Claim(item.spec).storage_class or ""
