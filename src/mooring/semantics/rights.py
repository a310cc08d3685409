"""
What ServiceAccounts may do by the roles and bindings of a set of objects.

A rule with names never allows what has no name yet when it is asked: to create, and to list, watch
or delete all.  A ClusterRole with an aggregation rule has the rules of those whose labels match.
The roles that every cluster has are known by what they are for: ``admin`` and ``edit`` count as
all that there is in a namespace.

Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
"""

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from mooring.semantics import fields, kinds
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item, ManifestSet
from mooring.semantics.selection import selector

_BINDING = GroupKind("rbac.authorization.k8s.io", "RoleBinding")
_CLUSTER_BINDING = GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding")
_NAMELESS = frozenset({"create", "deletecollection"})


class Account(NamedTuple):
    """A ServiceAccount."""

    namespace: str
    name: str


class Deed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    Something to do: a verb on a resource of an API group (``""`` is the core).

    ``resource`` is in the plural, with its subresource after a slash; ``name`` is empty for none.
    """

    verb: str
    resource: str
    namespace: str
    group: str = ""
    name: str = ""


class _Rule(msgspec.Struct, frozen=True, gc=False):
    verbs: frozenset[str]
    groups: frozenset[str]
    resources: frozenset[str]
    names: frozenset[str]

    def allows(self, wanted: Deed) -> bool:
        if not (_has(self.verbs, wanted.verb) and _has(self.groups, wanted.group)):
            return False
        _, slash, part = wanted.resource.partition("/")
        if not (_has(self.resources, wanted.resource) or (slash and f"*/{part}" in self.resources)):
            return False
        if not self.names:
            return True
        return wanted.name in self.names and not (
            wanted.verb in _NAMELESS and "/" not in wanted.resource
        )


class _Grant(msgspec.Struct, frozen=True, gc=False):
    rules: tuple[_Rule, ...]
    namespace: str | None
    accounts: frozenset[Account]
    groups: frozenset[str]

    def allows(self, wanted: Deed) -> bool:
        return self.namespace in (None, wanted.namespace) and any(
            rule.allows(wanted) for rule in self.rules
        )


class _Grants:
    """Grants by whom they are to, and by the namespaces that they are about."""

    def __init__(self) -> None:
        self._of: dict[Account | str, list[_Grant]] = {}
        self._near: dict[str, list[_Grant]] = {}

    def add(self, grant: _Grant) -> None:
        subjects: list[Account | str] = [*grant.accounts, *grant.groups]
        for one in subjects:
            self._of.setdefault(one, []).append(grant)
        near = {account.namespace for account in grant.accounts}
        if grant.accounts and grant.namespace is not None:
            near.add(grant.namespace)
        for namespace in near:
            self._near.setdefault(namespace, []).append(grant)

    def to(self, account: Account) -> Iterator[_Grant]:
        """Yield the grants to ``account``, and to the groups in which every account is."""
        for one in (
            account,
            "system:authenticated",
            "system:serviceaccounts",
            f"system:serviceaccounts:{account.namespace}",
        ):
            yield from self._of.get(one, ())

    def near(self, namespace: str) -> list[_Grant]:
        """Return the grants of rights in ``namespace`` alone, and those to its accounts."""
        return self._near.get(namespace, [])


class Rights:
    """The rights that the bindings of a set give."""

    def __init__(self, objects: ManifestSet) -> None:
        self._objects = objects
        self._unknown = _Grants()
        self._grants = _Grants()
        for item in objects.of_kind(_BINDING, _CLUSTER_BINDING):
            self._add(item)

    def may(self, account: Account, wanted: Deed) -> bool:
        """Return whether a binding of the set lets ``account`` do it."""
        return any(one.allows(wanted) for one in self._grants.to(account))

    def is_known(self, account: Account) -> bool:
        """Return whether all roles that are bound to ``account`` are in the set, and some is."""
        return any(self._grants.to(account)) and not any(self._unknown.to(account))

    def has_any(self, account: Account) -> bool:
        """Return whether a binding of the set is to ``account``, whatever it gives."""
        return any(self._grants.to(account)) or any(self._unknown.to(account))

    def is_made_here(self, wanted: Deed) -> bool:
        """
        Return whether some account of the namespace, or with a right for just it, may do it.

        An operator that may do it everywhere from its own namespace says nothing of this one.
        """
        return any(one.allows(wanted) for one in self._grants.near(wanted.namespace))

    def _add(self, item: Item) -> None:
        is_cluster_wide = item.kind == _CLUSTER_BINDING
        role = fields.mapping(item.manifest.get("roleRef"))
        rules = self._rules(
            fields.text(role.get("kind")) or "", fields.text(role.get("name")) or "", item.namespace
        )
        accounts, groups = set(), set()
        for _, subject in fields.mappings(item.manifest.get("subjects")):
            name = fields.text(subject.get("name")) or ""
            if subject.get("kind") == "ServiceAccount":
                accounts.add(Account(fields.text(subject.get("namespace")) or item.namespace, name))
            elif subject.get("kind") == "Group":
                groups.add(name)
        made = _Grant(
            tuple(rules or ()),
            None if is_cluster_wide else item.namespace,
            frozenset(accounts),
            frozenset(groups),
        )
        (self._unknown if rules is None else self._grants).add(made)

    def _rules(self, kind: str, name: str, namespace: str) -> list[_Rule] | None:
        """Return the rules of a role, None where the set does not hold it."""
        if kind == "ClusterRole" and name in _USUAL:
            return [_USUAL[name]]
        wanted = kinds.CLUSTER_ROLE if kind == "ClusterRole" else kinds.ROLE
        item = self._objects.find(wanted, name, None if kind == "ClusterRole" else namespace)
        if item is None:
            return [] if name.startswith("system:") else None
        found = list(_rules(item))
        aggregated = fields.at(item.manifest, "aggregationRule", "clusterRoleSelectors")
        selectors = [selector(written) for _, written in fields.mappings(aggregated)]
        if selectors:
            for other in self._objects.of_kind(kinds.CLUSTER_ROLE):
                if any(one.matches(other.labels) for one in selectors):
                    found.extend(_rules(other))
        return found


def _rules(item: Item) -> Iterator[_Rule]:
    for _, rule in fields.mappings(item.manifest.get("rules")):
        yield _Rule(
            frozenset(fields.texts(rule.get("verbs"))),
            frozenset(fields.texts(rule.get("apiGroups"))),
            frozenset(fields.texts(rule.get("resources"))),
            frozenset(fields.texts(rule.get("resourceNames"))),
        )


def _has(allowed: frozenset[str], wanted: str) -> bool:
    return wanted in allowed or "*" in allowed


_ALL = frozenset({"*"})
_READ = frozenset({"get", "list", "watch"})
_EVERYTHING = _Rule(_ALL, _ALL, _ALL, frozenset())
_USUAL = {
    "cluster-admin": _EVERYTHING,
    "admin": _EVERYTHING,
    "edit": _EVERYTHING,
    "view": _Rule(_READ, _ALL, _ALL, frozenset()),
}
