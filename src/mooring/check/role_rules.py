"""
What the rules of roles allow, each with its place: for rules about single rights.

Roles that are made by aggregation, and those of the cluster itself (``system:``), are what others
put there.

Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections.abc import Iterator
from typing import NamedTuple

from mooring.check.bundle import Bundle
from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item


class RoleRule(NamedTuple):
    """A rule of ``role`` at ``field``; words as they are written."""

    role: Item
    field: str
    groups: frozenset[str]
    resources: frozenset[str]
    verbs: frozenset[str]
    names: frozenset[str]

    def allows(self, verb: str, resource: str, group: str = "") -> bool:
        """Return whether it allows ``verb`` on any ``resource``, names aside."""
        return (
            _has(self.verbs, verb) and _has(self.groups, group) and _has(self.resources, resource)
        )

    @property
    def is_of_everything(self) -> bool:
        """Whether nothing bounds it, which is a finding of its own."""
        return all("*" in one for one in (self.groups, self.resources, self.verbs))


def written(bundle: Bundle) -> Iterator[RoleRule]:
    """Yield the rules of the roles that somebody wrote by hand."""
    for item in bundle.of_kind(kinds.ROLE, kinds.CLUSTER_ROLE):
        if item.ref.name.startswith("system:") or "aggregationRule" in item.manifest:
            continue
        for index, rule in fields.mappings(item.manifest.get("rules")):
            yield RoleRule(
                item,
                f"rules[{index}]",
                frozenset(fields.texts(rule.get("apiGroups"))),
                frozenset(fields.texts(rule.get("resources"))),
                frozenset(fields.texts(rule.get("verbs"))),
                frozenset(fields.texts(rule.get("resourceNames"))),
            )


def _has(written: frozenset[str], wanted: str) -> bool:
    return wanted in written or "*" in written
