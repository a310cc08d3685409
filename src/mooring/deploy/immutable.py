"""
What a change cannot do to an object that exists, and what making it anew costs.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#deleting-statefulsets.
"""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from mooring.deploy.comparison import Difference
from mooring.semantics import immutable, kinds
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


class _Making(msgspec.Struct, frozen=True):
    way: Way
    costs: str
    loses_data: bool = False


_DELETED = _Making(Way.DELETE, "its pods end before new ones start")
_LOST = "the volume behind it, and all that is on it, may be deleted"
_BOUND = _Making(Way.DELETE, "for a moment nobody has the rights")

_ANEW: dict[GroupKind, _Making] = {
    kinds.STATEFUL_SET: _Making(
        Way.ORPHAN, "its pods go on and are replaced one by one; claims that exist stay as they are"
    ),
    kinds.DEPLOYMENT: _DELETED,
    kinds.DAEMON_SET: _DELETED,
    kinds.REPLICA_SET: _DELETED,
    kinds.JOB: _Making(Way.DELETE, "it runs again"),
    kinds.POD: _Making(Way.DELETE, "it ends and starts anew"),
    kinds.CLAIM: _Making(Way.DELETE, _LOST, loses_data=True),
    kinds.VOLUME: _Making(Way.DELETE, _LOST, loses_data=True),
    kinds.STORAGE_CLASS: _Making(Way.DELETE, "claims that exist keep their volumes"),
    kinds.PRIORITY_CLASS: _Making(Way.DELETE, "pods that exist keep theirs"),
    GroupKind("rbac.authorization.k8s.io", "RoleBinding"): _BOUND,
    GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding"): _BOUND,
    kinds.SECRET: _Making(Way.DELETE, "pods that start meanwhile wait for it"),
    kinds.CONFIG_MAP: _Making(Way.DELETE, "pods that start meanwhile wait for it"),
    kinds.INGRESS_CLASS: _Making(Way.DELETE, ""),
    kinds.DEFINITION: _Making(
        Way.DELETE, "all objects of the kind are deleted with it", loses_data=True
    ),
}
"""How objects of the kinds are made anew whose fields cannot all be changed (see `semantics`)."""


def recreation(
    kind: GroupKind, live: Manifest, differences: Iterable[Difference]
) -> Recreation | None:
    """Return why and how an object must be made anew for ``differences``; None: it need not be."""
    frozen, anew = immutable.of(kind, live), _ANEW.get(kind)
    if frozen is None or anew is None:
        return None
    every = tuple(differences)
    found = tuple(one.field for one in every if frozen.has(one.path))
    if kind == kinds.CLAIM and not found:
        found = tuple(
            one.field for one in every if immutable.shrinks(one.path, one.before, one.after)
        )
    if not found:
        return None
    return Recreation(fields=found, way=anew.way, costs=anew.costs, loses_data=anew.loses_data)
