"""
What a change cannot do to an object that exists, and what making it anew costs.

Sources: the ValidateUpdate functions of https://github.com/kubernetes/kubernetes/tree/master/pkg/apis,
https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deleting-statefulsets.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from mooring.deploy.comparison import Difference
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind


class Way(StrEnum):
    """How an object is made anew."""

    ORPHAN = "orphan"
    """It is deleted and its pods stay, to be taken over by the new one."""
    DELETE = "delete"
    """It is deleted with all that it made, then made."""


class Recreation(msgspec.Struct, frozen=True, kw_only=True):
    """Why an object has to be made anew, how, and what is lost by it."""

    fields: tuple[str, ...]
    way: Way
    costs: str
    loses_data: bool = False


class _Rule(msgspec.Struct, frozen=True):
    way: Way
    costs: str
    paths: tuple[tuple[str, ...], ...]
    free: tuple[tuple[str, ...], ...] = ()
    loses_data: bool = False


_POD_TEMPLATE_FREE = (
    ("spec", "replicas"),
    ("spec", "template"),
    ("spec", "updateStrategy"),
    ("spec", "minReadySeconds"),
    ("spec", "revisionHistoryLimit"),
    ("spec", "ordinals"),
    ("spec", "persistentVolumeClaimRetentionPolicy"),
)
_SELECTOR = _Rule(Way.DELETE, "its pods end before new ones start", (("spec", "selector"),))
_LOST = "the volume behind it, and all that is on it, may be deleted"

_RULES: dict[GroupKind, _Rule] = {
    kinds.STATEFUL_SET: _Rule(
        Way.ORPHAN,
        "its pods go on and are replaced one by one; claims that exist stay as they are",
        (("spec",),),
        _POD_TEMPLATE_FREE,
    ),
    kinds.DEPLOYMENT: _SELECTOR,
    kinds.DAEMON_SET: _SELECTOR,
    kinds.REPLICA_SET: _SELECTOR,
    kinds.JOB: _Rule(
        Way.DELETE,
        "it runs again",
        (
            ("spec", "template"),
            ("spec", "selector"),
            ("spec", "completions"),
            ("spec", "completionMode"),
            ("spec", "podFailurePolicy"),
            ("spec", "backoffLimitPerIndex"),
        ),
    ),
    kinds.POD: _Rule(
        Way.DELETE,
        "it ends and starts anew",
        (("spec",),),
        (("spec", "activeDeadlineSeconds"), ("spec", "tolerations")),
    ),
    kinds.CLAIM: _Rule(
        Way.DELETE,
        _LOST,
        (("spec",),),
        (("spec", "resources"), ("spec", "volumeAttributesClassName")),
        loses_data=True,
    ),
    kinds.VOLUME: _Rule(
        Way.DELETE,
        _LOST,
        (("spec",),),
        (
            ("spec", "capacity"),
            ("spec", "accessModes"),
            ("spec", "mountOptions"),
            ("spec", "persistentVolumeReclaimPolicy"),
            ("spec", "claimRef"),
            ("spec", "storageClassName"),
        ),
        loses_data=True,
    ),
    kinds.STORAGE_CLASS: _Rule(
        Way.DELETE,
        "claims that exist keep their volumes",
        (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",)),
    ),
    kinds.PRIORITY_CLASS: _Rule(Way.DELETE, "pods that exist keep theirs", (("value",),)),
    GroupKind("rbac.authorization.k8s.io", "RoleBinding"): _Rule(
        Way.DELETE, "for a moment nobody has the rights", (("roleRef",),)
    ),
    GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding"): _Rule(
        Way.DELETE, "for a moment nobody has the rights", (("roleRef",),)
    ),
    kinds.SECRET: _Rule(Way.DELETE, "pods that start meanwhile wait for it", (("type",),)),
    kinds.INGRESS_CLASS: _Rule(Way.DELETE, "", (("spec", "controller"),)),
    kinds.DEFINITION: _Rule(
        Way.DELETE,
        "all objects of the kind are deleted with it",
        (("spec", "group"), ("spec", "scope")),
        loses_data=True,
    ),
}


def recreation(
    kind: GroupKind, live: Manifest, differences: Iterable[Difference]
) -> Recreation | None:
    """Return why and how an object must be made anew for ``differences``; None: it need not be."""
    if kind in (kinds.CONFIG_MAP, kinds.SECRET) and live.get("immutable") is True:
        frozen = [one.field for one in differences if one.path[0] in ("data", "binaryData")]
        frozen += [one.field for one in differences if one.path[0] == "immutable"]
        if frozen:
            costs = "pods that start meanwhile wait for it"
            return Recreation(fields=tuple(frozen), way=Way.DELETE, costs=costs)
    rule = _RULES.get(kind)
    if rule is None:
        return None
    found = tuple(
        one.field
        for one in differences
        if _is_below(one.path, rule.paths) and not _is_below(one.path, rule.free)
    )
    if kind == kinds.CLAIM and not found:
        found = tuple(one.field for one in differences if _shrinks(one))
    if not found:
        return None
    return Recreation(fields=found, way=rule.way, costs=rule.costs, loses_data=rule.loses_data)


def _is_below(path: tuple[str, ...], roots: tuple[tuple[str, ...], ...]) -> bool:
    return any(path[: len(root)] == root for root in roots)


def _shrinks(one: Difference) -> bool:
    """Tell whether a claim asks for less than it has: volumes only grow."""
    if one.path[:3] != ("spec", "resources", "requests"):
        return False
    before, after = fields.amount(one.before), fields.amount(one.after)
    return before is not None and after is not None and after < before
