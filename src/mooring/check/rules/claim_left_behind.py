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
    mounted = set(_mounted(bundle))
    heirs = _new(bundle, before)
    for pod in before.pods:
        item = _still_here(bundle, pod)
        if item is not None:
            yield from _claims(bundle, pod, item.ref, mounted)
        elif pod.kind == kinds.STATEFUL_SET and pod.claim_templates:
            heir = _heir(heirs, before, pod)
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


def _claims(
    bundle: Bundle, pod: Pod, now: ObjectRef, mounted: set[tuple[str, str]]
) -> Iterator[Finding]:
    """Yield a finding for each claim that the pods had, and that is nowhere now."""
    before = bundle.before
    for _, volume in pod.volumes.values():
        name = fields.text(fields.at(volume, "persistentVolumeClaim", "claimName"))
        if name is None or before is None:
            continue
        if before.objects.find(kinds.CLAIM, name, pod.namespace) is None:
            continue
        # What is mounted and stands nowhere is made elsewhere now.
        is_gone = bundle.objects.find(kinds.CLAIM, name, now.namespace) is None
        if is_gone and (now.namespace or "", name) not in mounted:
            yield RULE.finding(
                now,
                f"its claim {name} was here and is gone: what prunes deletes it, and perhaps its "
                "volume",
                remedy="keep it, or keep a copy of what is on it",
            )


def _mounted(bundle: Bundle) -> Iterator[tuple[str, str]]:
    """Yield namespace and name of each claim that pods mount."""
    for pod in bundle.pods:
        for _, volume in pod.volumes.values():
            name = fields.text(fields.at(volume, "persistentVolumeClaim", "claimName"))
            if name is not None:
                yield pod.namespace, name


def _new(bundle: Bundle, before: Bundle) -> dict[tuple[str, str], list[Pod]]:
    """Return the pods that were not there before, by their namespace and each of their images."""
    found: dict[tuple[str, str], list[Pod]] = {}
    for pod in bundle.pods:
        if pod.kind not in (kinds.STATEFUL_SET, kinds.DEPLOYMENT):
            continue
        if before.objects.find(pod.kind, pod.owner.name, pod.namespace) is None:
            for image in _images(pod):
                found.setdefault((pod.namespace, image), []).append(pod)
    return found


def _heir(heirs: dict[tuple[str, str], list[Pod]], before: Bundle, gone: Pod) -> Pod | None:
    """Return new pods that run an image of those that are gone, if there are any."""
    for image in sorted(_images(gone)):
        for pod in heirs.get((gone.namespace, image), [])[:_MOST]:
            if not before.holds_others or _are_of_one(gone, pod):
                return pod
    return None


def _are_of_one(one: Pod, other: Pod) -> bool:
    """Tell whether labels say that both are parts of one application."""
    return any(key in one.labels and one.labels[key] == other.labels.get(key) for key in _WHOLE)


_MOST = 20
"""So many new pods of one image are looked at; more tell nothing."""
_WHOLE = ("app.kubernetes.io/instance", "app.kubernetes.io/part-of")


def _images(pod: Pod) -> set[str]:
    return {
        f"{one.reference.registry}/{one.reference.repository}"
        for one in pod.main_containers
        if one.reference is not None
    }
