"""
Data that nobody uses any more: its claim, or the set that made it, is gone.

## What it does
Compares the objects with those before (`--baseline DIR`, `--baseline cluster`, `--since REV`).  It
finds claims that are gone, and StatefulSets with claims of their own that are gone while the same
image runs in another set or Deployment.

## Why it matters
What deletes the rest of an application (Argo CD, Flux, Helm, `mooring up`) deletes the claim, and
the class may delete the volume.  A set of another name gets new, empty volumes:  the program starts
without its data, and everybody believes that the data is lost.

## Example
    kind: StatefulSet
    metadata: {name: postgres}      # it was db: the data stays in data-db-0

Keep the name, or bring the data over first.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reclaiming
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Finding, Rule, Severity
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item

RULE = Rule(id="claim-left-behind", severity=Severity.WARNING, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim and each set that is gone."""
    before = bundle.before
    if before is None or not bundle.is_whole:
        return
    for pod in before.pods:
        item = _still_here(bundle, pod)
        if item is not None:
            yield from _claims(bundle, before, pod, item.ref)
        elif pod.kind == kinds.STATEFUL_SET and pod.claim_templates:
            heir = _heir(bundle, before, pod)
            if heir is not None:
                claim = f"{min(pod.claim_templates)}-{pod.owner.name}-0"
                yield RULE.finding(
                    heir.owner,
                    f"it runs what StatefulSet {pod.owner.name} ran, whose data stays behind in "
                    f"claims such as {claim}",
                    field="metadata.name",
                    remedy=f"keep the name {pod.owner.name}, or bring the data over first",
                )


def _still_here(bundle: Bundle, pod: Pod) -> Item | None:
    found = bundle.objects.find(pod.kind, pod.owner.name, pod.namespace)
    if found is None and bundle.before is not None and bundle.before.holds_others:
        found = bundle.objects.find(pod.kind, pod.owner.name)
    return found


def _claims(bundle: Bundle, before: Bundle, pod: Pod, now: ObjectRef) -> Iterator[Finding]:
    """Yield a finding for each claim that the pods had, and that is nowhere now."""
    for _, volume in pod.volumes.values():
        name = fields.text(fields.at(volume, "persistentVolumeClaim", "claimName"))
        if name is None or before.objects.find(kinds.CLAIM, name, pod.namespace) is None:
            continue
        if bundle.objects.find(kinds.CLAIM, name, now.namespace) is None and not _is_mounted(
            bundle, name, now.namespace or ""
        ):
            yield RULE.finding(
                now,
                f"its claim {name} was here and is gone: what prunes deletes it, and perhaps its "
                "volume",
                remedy="keep it, or keep a copy of what is on it",
            )


def _is_mounted(bundle: Bundle, claim: str, namespace: str) -> bool:
    """Tell whether somebody mounts the claim, which then is made elsewhere now."""
    return any(
        fields.at(volume, "persistentVolumeClaim", "claimName") == claim
        for pod in bundle.pods
        if pod.namespace == namespace
        for _, volume in pod.volumes.values()
    )


def _heir(bundle: Bundle, before: Bundle, gone: Pod) -> Pod | None:
    """Return the new pods that run the image of those that are gone, if there are any."""
    images = _images(gone)
    for pod in bundle.pods:
        if pod.kind not in (kinds.STATEFUL_SET, kinds.DEPLOYMENT):
            continue
        if pod.namespace != gone.namespace or images.isdisjoint(_images(pod)):
            continue
        is_new = before.objects.find(pod.kind, pod.owner.name, pod.namespace) is None
        if is_new and (not before.holds_others or _are_of_one(gone, pod)):
            return pod
    return None


def _are_of_one(one: Pod, other: Pod) -> bool:
    """Tell whether labels say that both are parts of one application."""
    return any(key in one.labels and one.labels[key] == other.labels.get(key) for key in _WHOLE)


_WHOLE = ("app.kubernetes.io/instance", "app.kubernetes.io/part-of")


def _images(pod: Pod) -> set[str]:
    return {
        f"{one.reference.registry}/{one.reference.repository}"
        for one in pod.main_containers
        if one.reference is not None
    }
