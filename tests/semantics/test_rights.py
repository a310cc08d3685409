"""What accounts may do, by the roles and bindings of a set."""

from typing import Any

import pytest

from mooring.semantics.objects import ManifestSet
from mooring.semantics.rights import Account, Deed, Rights

RBAC = "rbac.authorization.k8s.io/v1"
ROBOT = Account("shop", "robot")
PULL_SECRET = Deed(verb="create", resource="secrets", namespace="shop", name="pull")


def role(*rules: dict[str, Any], kind: str = "Role", **more: Any) -> dict[str, Any]:
    """Return a role called robot, in the namespace shop where it has one."""
    metadata = {"name": "robot"} | ({"namespace": "shop"} if kind == "Role" else {})
    return {"apiVersion": RBAC, "kind": kind, "metadata": metadata, "rules": [*rules], **more}


def rule(
    verbs: str, resources: str = "secrets", names: str = "", group: str = ""
) -> dict[str, Any]:
    """Return one rule of a role; words stand for lists."""
    return {
        "apiGroups": [group],
        "resources": resources.split(),
        "verbs": verbs.split(),
        "resourceNames": names.split(),
    }


def binding(
    kind: str = "RoleBinding", to: str = "Role", name: str = "robot", **subject: str
) -> dict[str, Any]:
    """Return a binding of the role ``name`` to the account robot of shop."""
    metadata = {"name": "robot"} | ({"namespace": "shop"} if kind == "RoleBinding" else {})
    return {
        "apiVersion": RBAC,
        "kind": kind,
        "metadata": metadata,
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": to, "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": "robot", "namespace": "shop", **subject}],
    }


@pytest.mark.parametrize(
    ("objects", "deed", "allowed"),
    [
        pytest.param([role(rule("create get")), binding()], PULL_SECRET, True, id="verb-in-rule"),
        pytest.param([role(rule("get list")), binding()], PULL_SECRET, False, id="other-verbs"),
        pytest.param([role(rule("*", "*")), binding()], PULL_SECRET, True, id="stars"),
        pytest.param(
            [role(rule("create", names="pull")), binding()],
            PULL_SECRET,
            False,
            id="what-is-created-has-no-name-yet-that-a-rule-could-name",
        ),
        pytest.param(
            [role(rule("create", "serviceaccounts/token", names="robot")), binding()],
            Deed(verb="create", resource="serviceaccounts/token", namespace="shop", name="robot"),
            True,
            id="a-part-of-an-object-is-created-of-one-that-has-a-name",
        ),
        pytest.param(
            [role(rule("patch", names="pull")), binding()],
            Deed(verb="patch", resource="secrets", namespace="shop", name="other"),
            False,
            id="another-name",
        ),
        pytest.param(
            [role(rule("create", group="apps")), binding()], PULL_SECRET, False, id="another-group"
        ),
        pytest.param([role(rule("create"))], PULL_SECRET, False, id="nobody-binds-the-role"),
        pytest.param(
            [role(rule("create")), binding()],
            Deed(verb="create", resource="secrets", namespace="mail"),
            False,
            id="a-RoleBinding-holds-for-its-namespace",
        ),
        pytest.param(
            [
                role(rule("create"), kind="ClusterRole"),
                binding("ClusterRoleBinding", "ClusterRole"),
            ],
            Deed(verb="create", resource="secrets", namespace="mail"),
            True,
            id="a-ClusterRoleBinding-holds-everywhere",
        ),
        pytest.param(
            [role(rule("create")), binding(namespace="")],
            PULL_SECRET,
            True,
            id="a-subject-without-namespace-is-of-that-of-the-binding",
        ),
        pytest.param(
            [role(rule("create")), binding(namespace="mail")],
            PULL_SECRET,
            False,
            id="an-account-of-another-namespace",
        ),
        pytest.param(
            [binding(to="ClusterRole", name="edit")],
            PULL_SECRET,
            True,
            id="a-role-of-every-cluster",
        ),
        pytest.param(
            [binding(to="ClusterRole", name="view")], PULL_SECRET, False, id="view-only-reads"
        ),
        pytest.param(
            [
                role(
                    kind="ClusterRole",
                    aggregationRule={"clusterRoleSelectors": [{"matchLabels": {"to": "robot"}}]},
                ),
                {
                    "apiVersion": RBAC,
                    "kind": "ClusterRole",
                    "metadata": {"name": "part", "labels": {"to": "robot"}},
                    "rules": [rule("create")],
                },
                binding(to="ClusterRole"),
            ],
            PULL_SECRET,
            True,
            id="an-aggregated-role-has-the-rules-of-its-parts",
        ),
    ],
)
def test_what_an_account_may_do(objects: list[Any], deed: Deed, allowed: bool) -> None:
    assert Rights(ManifestSet(objects)).may(ROBOT, deed) is allowed


def test_a_group_of_all_accounts_of_a_namespace_has_its_rights() -> None:
    bound = binding()
    bound["subjects"] = [{"kind": "Group", "name": "system:serviceaccounts:shop"}]
    rights = Rights(ManifestSet([role(rule("create")), bound]))
    assert rights.may(ROBOT, PULL_SECRET)
    assert not rights.may(Account("mail", "robot"), PULL_SECRET)


def test_an_operator_elsewhere_that_may_do_everything_makes_nothing_here() -> None:
    wide = [role(rule("create"), kind="ClusterRole"), binding("ClusterRoleBinding", "ClusterRole")]
    rights = Rights(ManifestSet(wide))
    assert rights.is_made_here(PULL_SECRET)
    assert not rights.is_made_here(Deed(verb="create", resource="secrets", namespace="mail"))


def test_rights_are_unknown_where_a_role_is_not_in_the_set() -> None:
    assert not Rights(ManifestSet([binding()])).is_known(ROBOT)
    assert Rights(ManifestSet([role(), binding()])).is_known(ROBOT)
