"""
Fields that the API server lets nobody change once an object is there.

Sources: the ValidateUpdate functions of https://github.com/kubernetes/kubernetes/tree/master/pkg/apis.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind

Path = tuple[str, ...]


class Frozen(msgspec.Struct, frozen=True):
    """What is below ``paths`` cannot be changed, but for what is below ``free``."""

    paths: tuple[Path, ...]
    free: tuple[Path, ...] = ()

    def has(self, path: Path) -> bool:
        """Tell whether what stands at ``path`` cannot be changed."""
        return _is_below(path, self.paths) and not _is_below(path, self.free)


_SELECTOR = Frozen((("spec", "selector"),))

FROZEN: dict[GroupKind, Frozen] = {
    kinds.STATEFUL_SET: Frozen(
        (("spec",),),
        (
            ("spec", "replicas"),
            ("spec", "template"),
            ("spec", "updateStrategy"),
            ("spec", "minReadySeconds"),
            ("spec", "revisionHistoryLimit"),
            ("spec", "ordinals"),
            ("spec", "persistentVolumeClaimRetentionPolicy"),
        ),
    ),
    kinds.DEPLOYMENT: _SELECTOR,
    kinds.DAEMON_SET: _SELECTOR,
    kinds.REPLICA_SET: _SELECTOR,
    kinds.JOB: Frozen(
        (
            ("spec", "template"),
            ("spec", "selector"),
            ("spec", "completions"),
            ("spec", "completionMode"),
            ("spec", "podFailurePolicy"),
            ("spec", "backoffLimitPerIndex"),
        )
    ),
    kinds.POD: Frozen((("spec",),), (("spec", "activeDeadlineSeconds"), ("spec", "tolerations"))),
    kinds.CLAIM: Frozen(
        (("spec",),), (("spec", "resources"), ("spec", "volumeAttributesClassName"))
    ),
    kinds.VOLUME: Frozen(
        (("spec",),),
        (
            ("spec", "capacity"),
            ("spec", "accessModes"),
            ("spec", "mountOptions"),
            ("spec", "persistentVolumeReclaimPolicy"),
            ("spec", "claimRef"),
            ("spec", "storageClassName"),
        ),
    ),
    kinds.STORAGE_CLASS: Frozen(
        (("provisioner",), ("parameters",), ("reclaimPolicy",), ("volumeBindingMode",))
    ),
    kinds.PRIORITY_CLASS: Frozen((("value",),)),
    GroupKind("rbac.authorization.k8s.io", "RoleBinding"): Frozen((("roleRef",),)),
    GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding"): Frozen((("roleRef",),)),
    kinds.SECRET: Frozen((("type",),)),
    kinds.INGRESS_CLASS: Frozen((("spec", "controller"),)),
    kinds.DEFINITION: Frozen((("spec", "group"), ("spec", "scope"))),
}

_IF_IT_SAYS_SO = Frozen((("data",), ("binaryData",), ("immutable",)))


def of(kind: GroupKind, before: Manifest) -> Frozen | None:
    """Return what cannot be changed of the object that is ``before``; None: nothing."""
    if kind in (kinds.CONFIG_MAP, kinds.SECRET) and before.get("immutable") is True:
        also = FROZEN.get(kind)
        return Frozen((*_IF_IT_SAYS_SO.paths, *(also.paths if also is not None else ())))
    return FROZEN.get(kind)


def shrinks(path: Path, before: Any, after: Any) -> bool:
    """Tell whether a claim asks for less at ``path`` than it has: volumes only grow."""
    if path[:3] != ("spec", "resources", "requests"):
        return False
    had, wanted = fields.amount(before), fields.amount(after)
    return had is not None and wanted is not None and wanted < had


def changes(before: Any, after: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """
    Yield path and both values of whatever differs, as deep as both are mappings or equal lists.

    An amount that is written otherwise (``1Gi``, ``1024Mi``) is the same.
    """
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}, key=str):
            yield from changes(before.get(key), after.get(key), (*path, str(key)))
        return
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, pair in enumerate(zip(before, after, strict=True)):
            yield from changes(*pair, (*path, f"[{index}]"))
        return
    had, wanted = fields.amount(before), fields.amount(after)
    if had is None or had != wanted:
        yield path, before, after


def _is_below(path: Path, roots: tuple[Path, ...]) -> bool:
    return any(path[: len(root)] == root for root in roots)
