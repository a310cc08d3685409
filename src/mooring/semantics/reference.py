"""What a reference is: a place in an object, and what the name there should lead to."""

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics.kinds import GroupKind


class Reference(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A name at ``field`` of ``source`` that leads to ``target``, or to a part of it.

    ``key`` is a key of a ConfigMap or Secret; ``port`` a port of a Service or pod by number or
    name, of ``protocol`` where that matters, of the container at the path ``container`` where only
    that one counts; ``volume`` a volume of the target's pods and ``file`` a path in it.  Parts of
    the pod itself have the source as their target.
    """

    source: ObjectRef
    field: str
    target: ObjectRef
    key: str | None = None
    port: int | str | None = None
    protocol: str | None = None
    container: str | None = None
    volume: str | None = None
    file: str | None = None
    optional: bool = False


_VERSIONS = {
    "": "v1",
    "apps": "apps/v1",
    "autoscaling": "autoscaling/v2",
    "batch": "batch/v1",
    "gateway.networking.k8s.io": "gateway.networking.k8s.io/v1",
    "cert-manager.io": "cert-manager.io/v1",
    "external-secrets.io": "external-secrets.io/v1",
}


def target(kind: GroupKind, name: str, namespace: str | None = None) -> ObjectRef:
    """
    Return the ref of what is meant by its group and kind.

    References do not tell a version; the one that is written is the usual one and means no more
    than its group.
    """
    version = _VERSIONS.get(kind.group) or f"{kind.group}/v1"
    return ObjectRef(version, kind.kind, name, namespace or None)
