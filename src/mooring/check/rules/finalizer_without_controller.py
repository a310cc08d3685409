"""
A finalizer that nobody here can take away.

## What it does
Finds custom resources with finalizers where their definition is in the input, or all of a cluster
is, and no pod runs under an account that may change objects of that kind.

## Why it matters
As long as the object stays, nothing is to be seen.  When it is deleted, or its namespace is, the
deletion waits for a program that is not there, and never ends.

## Example
    kind: Backup
    metadata: {finalizers: [backups.example.com/cleanup]}     # and its operator was uninstalled

Install the operator, or take the finalizers away with it.

## References
- https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item
from mooring.semantics.rights import Account, Deed

RULE = Rule(
    id="finalizer-without-controller",
    severity=Severity.WARNING,
    since="0.1",
    group="api",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object that nobody could let go."""
    if not bundle.is_whole:
        return
    plurals = dict(_plurals(bundle))
    everywhere: dict[GroupKind, bool] = {}
    for item in bundle.objects:
        if kinds.is_built_in(item.kind.group) or not (bundle.is_closed or item.kind in plurals):
            continue
        held = fields.texts(item.metadata.get("finalizers"))
        if not held:
            continue
        if item.kind not in everywhere:
            everywhere[item.kind] = _is_run(bundle, item, plurals.get(item.kind))
        if not everywhere[item.kind] and not _is_run_near(bundle, item, plurals.get(item.kind)):
            yield RULE.finding(
                item.ref,
                f"it goes only once {', '.join(held)} is taken away, and no pod here may change a "
                f"{item.ref.kind}",
                field="metadata.finalizers",
                remedy=f"install what runs {item.kind.group}, or take the finalizers away with it",
            )


def _plurals(bundle: Bundle) -> Iterator[tuple[GroupKind, str]]:
    for item in bundle.of_kind(kinds.DEFINITION):
        group, names = fields.text(item.spec.get("group")), fields.mapping(item.spec.get("names"))
        kind, plural = fields.text(names.get("kind")), fields.text(names.get("plural"))
        if group and kind and plural:
            yield GroupKind(group, kind), plural


_ANY = "*"
"""A namespace of no cluster: who may do something there may do it in all."""


def _is_run(bundle: Bundle, item: Item, plural: str | None) -> bool:
    """Tell whether a pod runs as an account that may change such objects everywhere."""
    accounts = {Account(pod.namespace, pod.template.service_account) for pod in bundle.pods}
    return any(
        bundle.rights.may(account, deed)
        for deed in _deeds(item, plural, _ANY)
        for account in accounts
    )


def _is_run_near(bundle: Bundle, item: Item, plural: str | None) -> bool:
    """Tell whether an account may change such objects in the namespace of ``item``."""
    return any(map(bundle.rights.is_made_here, _deeds(item, plural, item.namespace)))


def _deeds(item: Item, plural: str | None, namespace: str) -> Iterator[Deed]:
    resource = plural or f"{item.ref.kind.lower()}s"
    for verb in ("update", "patch"):
        for name in (resource, f"{resource}/finalizers"):
            yield Deed(verb=verb, resource=name, namespace=namespace, group=item.kind.group)
