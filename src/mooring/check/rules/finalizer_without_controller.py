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
    accounts = {Account(pod.namespace, pod.template.service_account) for pod in bundle.pods}
    asked: dict[tuple[GroupKind, str], bool] = {}
    for item in bundle.objects:
        if kinds.is_built_in(item.kind.group) or not (bundle.is_closed or item.kind in plurals):
            continue
        held = fields.texts(item.metadata.get("finalizers"))
        if not held:
            continue
        key = (item.kind, item.namespace)
        if key not in asked:
            asked[key] = _is_run(bundle, accounts, item, plurals.get(item.kind))
        if not asked[key]:
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


def _is_run(bundle: Bundle, accounts: set[Account], item: Item, plural: str | None) -> bool:
    resource = plural or f"{item.ref.kind.lower()}s"
    wanted = [
        Deed(verb=verb, resource=name, namespace=item.namespace, group=item.kind.group)
        for verb in ("update", "patch")
        for name in (resource, f"{resource}/finalizers")
    ]
    return any(bundle.rights.may(account, deed) for account in accounts for deed in wanted)
