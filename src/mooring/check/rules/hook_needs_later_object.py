"""
A hook that waits for what is made after it.

## What it does
Finds hooks before an installation (`pre-install`) that use a ConfigMap, a Secret, a claim or a
ServiceAccount of the same input which is no hook, or one of a higher weight, and hooks that dial a
Service whose pods are made after them.

## Why it matters
At the first installation the object is not there yet: the Job's pod is never created, or dials
nobody, and the installation stands still until it times out.

## Example
    kind: Job
    metadata:
      annotations: {helm.sh/hook: pre-install}
    spec: ... serviceAccountName: web      # a ServiceAccount of the release

Make it a hook of a lower weight, or the Job a post-install hook.

## References
- https://helm.sh/docs/topics/charts_hooks/#hook-weights
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.refs import ObjectRef
from mooring.semantics import kinds, references
from mooring.semantics.objects import Item

RULE = Rule(id="hook-needs-later-object", severity=Severity.ERROR, since="0.1", group="helm")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each thing that a hook needs and that comes after it."""
    hooks = [item for item in bundle.of_kind(kinds.JOB, kinds.POD) if "pre-install" in _hooks(item)]
    for item in hooks:
        told: set[object] = set()
        for reference in references.references(item):
            target = reference.target
            kind = kinds.group_kind(target.api_version, target.kind)
            needed = bundle.objects.find(kind, target.name, target.namespace)
            if needed is None or kind not in _NEEDED or reference.optional or target in told:
                continue
            if _comes_before(needed, item):
                continue
            told.add(target)
            yield RULE.finding(
                item.ref,
                f"it runs before the release is installed, and {target.kind} {target.name} that it "
                "needs is made after it",
                field=reference.field,
                remedy="make that a pre-install hook of a lower weight",
            )
    if hooks:
        yield from _dialling(bundle, {item.ref: item for item in hooks})


def _dialling(bundle: Bundle, hooks: dict[ObjectRef, Item]) -> Iterator[Finding]:
    """Yield a finding for each Service that one of ``hooks`` dials before its pods are made."""
    told: set[tuple[ObjectRef, ObjectRef]] = set()
    for one in bundle.dialled:
        hook = hooks.get(one.container.owner)
        # A name without a port may be told for another reason, as for a certificate.
        if hook is None or one.service is None or one.address.dialled_port is None:
            continue
        service = bundle.names.service(one.namespace, one.service)
        behind = bundle.behind(service) if service is not None else ()
        makers = [found for pod in behind if (found := bundle.objects.get(pod.owner)) is not None]
        if not makers or any(_comes_before(maker, hook) for maker in makers):
            continue
        if (hook.ref, makers[0].ref) not in told:
            told.add((hook.ref, makers[0].ref))
            yield RULE.finding(
                hook.ref,
                f"it runs before the release is installed, and {one.named} dials "
                f"{one.address.shown}, which is served by {makers[0].ref}, made after it",
                field=one.field if one.ref == hook.ref else one.container.path,
                remedy="make it a post-install hook, or let what it dials be there before",
            )


_NEEDED = (kinds.CONFIG_MAP, kinds.SECRET, kinds.SERVICE_ACCOUNT, kinds.CLAIM)


def _comes_before(needed: Item, hook: Item) -> bool:
    return "pre-install" in _hooks(needed) and _weight(needed) <= _weight(hook)


def _hooks(item: Item) -> frozenset[str]:
    written = item.annotations.get("helm.sh/hook", "")
    return frozenset(word.strip() for word in written.split(",") if word.strip())


def _weight(item: Item) -> int:
    written = item.annotations.get("helm.sh/hook-weight", "0")
    return int(written) if written.lstrip("-").isdigit() else 0
