"""
A right for everybody who reaches the API server.

## What it does
Finds bindings to `system:anonymous` and `system:unauthenticated`, and bindings of roles that
change something, or read Secrets, to `system:authenticated` or to all ServiceAccounts of the
cluster.

## Why it matters
The first are all who reach the API server's address, without any login; the second every pod that
has a token, and with some providers everybody with an account there.

## Example
    kind: ClusterRoleBinding
    roleRef: {kind: ClusterRole, name: view}
    subjects: [{kind: Group, name: system:unauthenticated}]

Bind the role to the accounts and groups that need it.

## References
- https://kubernetes.io/docs/concepts/security/rbac-good-practices/
- https://cloud.google.com/kubernetes-engine/docs/best-practices/rbac#default-roles-groups
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item

RULE = Rule(id="rights-of-strangers", severity=Severity.WARNING, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each binding to people or pods that nobody chose."""
    for item in bundle.of_kind(_BINDING, _CLUSTER_BINDING):
        if item.ref.name.startswith(("system:", "kubeadm:")):
            continue
        role = fields.mapping(item.manifest.get("roleRef"))
        for index, subject in fields.mappings(item.manifest.get("subjects")):
            name = fields.text(subject.get("name"))
            if name in _ANYBODY:
                is_open = fields.text(role.get("name")) in _PUBLIC or _only_looks_at_paths(
                    bundle, role
                )
                told = "everybody who reaches the API server"
            elif name in _EVERY_ACCOUNT:
                is_open = not _does_harm(bundle, item, role)
                told = "every account of the cluster"
            else:
                continue
            if not is_open:
                yield RULE.finding(
                    item.ref,
                    f"{told} has the role {role.get('name')}",
                    field=f"subjects[{index}]",
                    remedy="bind it to the accounts and groups that need it",
                    confidence=None if name in _ANYBODY else Confidence.MEDIUM,
                )


_BINDING = GroupKind("rbac.authorization.k8s.io", "RoleBinding")
_CLUSTER_BINDING = GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding")
_ANYBODY = frozenset({"system:anonymous", "system:unauthenticated"})
_EVERY_ACCOUNT = frozenset({"system:authenticated", "system:serviceaccounts"})
_PUBLIC = frozenset(
    {
        *("system:public-info-viewer", "system:discovery", "system:basic-user"),
        *("kubeadm:bootstrap-signer-clusterinfo", "system:service-account-issuer-discovery"),
    }
)
_READ = frozenset({"get", "list", "watch", "use"})


def _rules(bundle: Bundle, role: Manifest, namespace: str | None) -> list[Manifest] | None:
    """Return the rules of the role, None where it is elsewhere."""
    name, kind = fields.text(role.get("name")) or "", role.get("kind")
    wanted = kinds.CLUSTER_ROLE if kind == "ClusterRole" else kinds.ROLE
    item = bundle.objects.find(wanted, name, None if kind == "ClusterRole" else namespace)
    if item is None:
        return None
    return [rule for _, rule in fields.mappings(item.manifest.get("rules"))]


def _only_looks_at_paths(bundle: Bundle, role: Manifest) -> bool:
    """Tell whether the role is about paths of the API server alone, such as /healthz."""
    rules = _rules(bundle, role, None)
    return bool(rules) and all("nonResourceURLs" in rule for rule in rules or ())


def _does_harm(bundle: Bundle, item: Item, role: Manifest) -> bool:
    rules = _rules(bundle, role, item.namespace)
    if rules is None:
        return fields.text(role.get("name")) in ("cluster-admin", "admin", "edit")
    return any(
        (
            not set(fields.texts(rule.get("verbs"))) <= _READ
            and not any("review" in one for one in fields.texts(rule.get("resources")))
        )
        or "secrets" in fields.texts(rule.get("resources"))
        for rule in rules
    )
