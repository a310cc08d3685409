"""
A hook that waits for what is made after it.

## What it does
Finds hooks before an installation (`pre-install` of Helm, `PreSync` of Argo CD) that use a
ConfigMap, a Secret, a claim or a ServiceAccount of the same input which is no such hook, or one
of a higher weight, and hooks that dial a Service whose pods are made after them.

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
- https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
"""

from collections.abc import Iterator
from typing import TypedDict

from mooring.check import hooks
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.refs import ObjectRef
from mooring.semantics import kinds, references
from mooring.semantics.objects import Item

RULE = Rule(id="hook-needs-later-object", severity=Severity.ERROR, since="0.1", group="helm")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each thing that a hook needs and that comes after it."""
    early = [item for item in bundle.of_kind(kinds.JOB, kinds.POD) if hooks.before_all(item)]
    for item in early:
        told: set[object] = set()
        for reference in references.references(item):
            target = reference.target
            kind = kinds.group_kind(target.api_version, target.kind)
            needed = bundle.objects.find(kind, target.name, target.namespace)
            if needed is None or kind not in _NEEDED or reference.optional or target in told:
                continue
            if hooks.is_there_before(needed, item):
                continue
            told.add(target)
            yield RULE.finding(
                item.ref,
                f"it runs before the release is installed, and {target.kind} {target.name} that it "
                "needs is made after it",
                field=reference.field,
                remedy=f"make that a {hooks.before_all(item)} hook of a lower weight",
                **_certainty(item),
            )
    if early:
        yield from _dialling(bundle, {item.ref: item for item in early})


def _dialling(bundle: Bundle, early: dict[ObjectRef, Item]) -> Iterator[Finding]:
    """Yield a finding for each Service that one of ``early`` dials before its pods are made."""
    told: set[tuple[ObjectRef, ObjectRef]] = set()
    for one in bundle.dialled:
        hook = early.get(one.container.owner)
        # A name without a port may be told for another reason, as for a certificate.
        if hook is None or one.service is None or one.address.dialled_port is None:
            continue
        service = bundle.names.service(one.namespace, one.service)
        behind = bundle.behind(service) if service is not None else ()
        makers = [found for pod in behind if (found := bundle.objects.get(pod.owner)) is not None]
        if not makers or any(hooks.is_there_before(maker, hook) for maker in makers):
            continue
        if (hook.ref, makers[0].ref) not in told:
            told.add((hook.ref, makers[0].ref))
            yield RULE.finding(
                hook.ref,
                f"it runs before the release is installed, and {one.named} dials "
                f"{one.address.shown}, which is served by {makers[0].ref}, made after it",
                field=one.field if one.ref == hook.ref else one.container.path,
                remedy="make it a hook after the installation, or let that be there before",
                **_certainty(hook),
            )


_NEEDED = (kinds.CONFIG_MAP, kinds.SECRET, kinds.SERVICE_ACCOUNT, kinds.CLAIM)


class _Certainty(TypedDict):
    severity: Severity | None
    confidence: Confidence | None


def _certainty(hook: Item) -> _Certainty:
    """Return less than certain for a hook of Argo CD, which kubectl applies like anything else."""
    if hooks.before_all(hook) == hooks.BEFORE_INSTALL:
        return {"severity": None, "confidence": None}
    return {"severity": Severity.WARNING, "confidence": Confidence.MEDIUM}
