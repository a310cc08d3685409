"""
An account that may do everything.

## What it does
Finds bindings of `cluster-admin`, and rules with `*` for verbs, resources and groups together, to
ServiceAccounts outside of kube-system.  What is there to apply, or to save, all that a cluster has
(Argo CD, Flux, Velero) is told with less weight.

## Why it matters
Whoever gets into one pod of the account has the cluster.

## Example
    roleRef: {kind: ClusterRole, name: cluster-admin}
    subjects: [{kind: ServiceAccount, name: web, namespace: shop}]

Allow what the program does, and nothing else.

## References
- https://kubernetes.io/docs/concepts/security/rbac-good-practices/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item

RULE = Rule(id="rights-of-everything", severity=Severity.WARNING, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each binding and rule without bounds."""
    for item in bundle.of_kind(_BINDING, _CLUSTER_BINDING):
        role = fields.mapping(item.manifest.get("roleRef"))
        subjects = [one for _, one in fields.mappings(item.manifest.get("subjects"))]
        accounts = [
            one
            for one in subjects
            if one.get("kind") == "ServiceAccount" and one.get("namespace") != "kube-system"
        ]
        if role.get("name") == "cluster-admin" and accounts:
            yield RULE.finding(
                item.ref,
                f"the account {accounts[0].get('name')} may do everything",
                field="roleRef",
                remedy="allow what the program does, and nothing else",
                confidence=Confidence.LOW if _are_for_all(bundle, item, accounts) else None,
            )
    for item in bundle.of_kind(kinds.ROLE, kinds.CLUSTER_ROLE):
        for index, rule in fields.mappings(item.manifest.get("rules")):
            if all(
                "*" in fields.texts(rule.get(key)) for key in ("apiGroups", "resources", "verbs")
            ):
                yield RULE.finding(
                    item.ref,
                    "a rule allows everything",
                    field=f"rules[{index}]",
                    remedy="name groups, resources and verbs",
                )


def _are_for_all(bundle: Bundle, item: Item, accounts: list[Manifest]) -> bool:
    """Tell whether the accounts run programs that are there to do everything."""
    images = [
        container.reference.repository if container.reference else ""
        for account in accounts
        for pod in bundle.pods_by_namespace.get(
            fields.text(account.get("namespace")) or item.namespace, ()
        )
        if pod.template.service_account == account.get("name")
        for container in pod.main_containers
    ]
    return bool(images) and all(one.startswith(_FOR_ALL) for one in images)


_FOR_ALL = ("argoproj/", "fluxcd/", "rancher/", "velero/")
_BINDING = GroupKind("rbac.authorization.k8s.io", "RoleBinding")
_CLUSTER_BINDING = GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding")
