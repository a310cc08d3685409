"""
A name that objects cannot have.

## What it does
Finds names of objects that the API server refuses: capitals, underscores, a length of more than
253 (63 for Services, 52 for CronJobs), Services that begin with a digit; and label keys and
values that are none.

## Why it matters
The API server refuses the object.

## Example
    kind: Service
    metadata: {name: hasura_plus}       # hasura-plus

Use small letters, digits and "-", and keep it short.

## References
- https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import names
from mooring.semantics import kinds

RULE = Rule(id="name-invalid", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each name, label key and label value that is refused."""
    for item in bundle.objects:
        told = _fault(item.kind, item.ref.name)
        if told is not None:
            yield RULE.finding(
                item.ref,
                f'the name "{item.ref.name}" is refused: {told}',
                field="metadata.name",
                remedy='use small letters, digits and "-"',
            )
        for key, value in item.labels.items():
            if not names.is_label_key(key):
                yield RULE.finding(
                    item.ref,
                    f'the key "{key}" of a label is refused',
                    field=f'metadata.labels["{key}"]',
                    remedy="use at most 63 letters, digits, - _ and .",
                )
            elif not names.is_label_value(value):
                yield RULE.finding(
                    item.ref,
                    f'the value of the label "{key}" is refused: {len(value)} signs, or others '
                    "than letters, digits, - _ and .",
                    field=f'metadata.labels["{key}"]',
                    remedy="shorten it, or put it into an annotation",
                )


_SHORT = {kinds.SERVICE: 63, kinds.CRON_JOB: 52, kinds.NAMESPACE: 63}
_FREE = frozenset({"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"})
"""Kinds whose names may hold anything but a slash and a percent sign."""


def _fault(kind: kinds.GroupKind, name: str) -> str | None:
    if kind.kind in _FREE:
        return "it holds / or %" if "/" in name or "%" in name else None
    if not kinds.is_built_in(kind.group):
        return None
    longest = _SHORT.get(kind, 253)
    if len(name) > longest:
        return f"it has {len(name)} signs, and {longest} are allowed"
    if kind == kinds.SERVICE and name[:1].isdigit():
        return "that of a Service begins with a letter"
    return None if names.is_subdomain(name) else "it holds capitals, or signs other than - and ."
