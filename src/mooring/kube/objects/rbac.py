"""Rights at the API of a namespace: Roles and who has them."""

from typing import ClassVar

from mooring.kube.objects.meta import KubeObject, Part


class PolicyRule(Part, frozen=True, kw_only=True, gc=False):
    """``verbs`` on ``resources`` of ``api_groups`` ("" is the core group)."""

    api_groups: tuple[str, ...]
    resources: tuple[str, ...]
    resource_names: tuple[str, ...] = ()
    verbs: tuple[str, ...]


class Role(KubeObject, frozen=True, kw_only=True, gc=False):
    """Rights in one namespace."""

    api_version: ClassVar[str] = "rbac.authorization.k8s.io/v1"
    kind: ClassVar[str] = "Role"

    rules: tuple[PolicyRule, ...]


class RoleRef(
    Part,
    frozen=True,
    kw_only=True,
    gc=False,
    tag_field="apiGroup",
    tag="rbac.authorization.k8s.io",
):
    """The role that a binding gives, with its one API group; it can never be changed."""

    kind: str
    name: str


class Subject(Part, frozen=True, kw_only=True, gc=False):
    """Who is given a role: a ServiceAccount of the same namespace unless another is named."""

    kind: str
    name: str
    namespace: str | None = None


class RoleBinding(KubeObject, frozen=True, kw_only=True, gc=False):
    """Gives the rights of a Role to subjects."""

    api_version: ClassVar[str] = "rbac.authorization.k8s.io/v1"
    kind: ClassVar[str] = "RoleBinding"

    role_ref: RoleRef
    subjects: tuple[Subject, ...]
