"""Live objects for the tables: a few words each, as a controller would have written them."""

from typing import Any

Live = dict[str, Any]

CONDITIONS_TRUE = {
    "Progressing": ("True", "NewReplicaSetAvailable", ""),
    "Available": ("True", "MinimumReplicasAvailable", ""),
}


def conditions(found: dict[str, tuple[str, str, str]]) -> list[Live]:
    """Return conditions by type: status, reason, message."""
    return [
        {"type": kind, "status": status, "reason": reason, "message": message}
        for kind, (status, reason, message) in found.items()
    ]


def live(
    kind: str,
    api_version: str,
    *,
    spec: Live | None = None,
    status: Live | None = None,
    said: dict[str, tuple[str, str, str]] | None = None,
    generation: int | None = 1,
    observed: int | None = 1,
    **metadata: Any,
) -> Live:
    """Return a live object with a generation that its controller has seen."""
    made: Live = {
        "apiVersion": api_version,
        "kind": kind,
        "metadata": {"name": "it", "uid": f"uid-{kind}", **metadata},
        "spec": spec or {},
        "status": dict(status or {}),
    }
    if generation is not None:
        made["metadata"]["generation"] = generation
    if observed is not None:
        made["status"]["observedGeneration"] = observed
    if said:
        made["status"]["conditions"] = conditions(said)
    return made


def deployment(
    *,
    replicas: int | None = 1,
    total: int = 1,
    updated: int = 1,
    ready: int = 1,
    available: int = 1,
    said: dict[str, tuple[str, str, str]] | None = None,
    **more: Any,
) -> Live:
    """Return a Deployment, ready unless something else is said."""
    spec = dict(more.pop("spec", {}))
    if replicas is not None:
        spec["replicas"] = replicas
    counts = {
        "replicas": total,
        "updatedReplicas": updated,
        "readyReplicas": ready,
        "availableReplicas": available,
    }
    return live(
        "Deployment",
        "apps/v1",
        spec=spec,
        status=counts,
        said=CONDITIONS_TRUE if said is None else said,
        annotations={"deployment.kubernetes.io/revision": "2"},
        **more,
    )


def replica_set(revision: str, uid: str, **more: Any) -> Live:
    """Return a ReplicaSet of a Deployment's revision."""
    return live(
        "ReplicaSet",
        "apps/v1",
        annotations={"deployment.kubernetes.io/revision": revision},
        **{**more, "uid": uid},
    )


def pod(
    *,
    waiting: tuple[str, str] | None = None,
    ended: Live | None = None,
    last: Live | None = None,
    restarts: int = 0,
    owner: str = "",
    phase: str = "Pending",
    init: bool = False,
    said: dict[str, tuple[str, str, str]] | None = None,
    revision: str = "",
    **metadata: Any,
) -> Live:
    """Return a pod with one container ``app`` that waits, ended or runs."""
    state: Live = {"running": {}}
    if waiting:
        state = {"waiting": {"reason": waiting[0], "message": waiting[1]}}
    if ended:
        state = {"terminated": ended}
    status = {
        "name": "app",
        "image": "shop:1",
        "restartCount": restarts,
        "state": state,
        "lastState": {"terminated": last} if last else {},
    }
    made: Live = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "it-1", "uid": "pod-1", **metadata},
        "spec": {},
        "status": {
            "phase": phase,
            "initContainerStatuses" if init else "containerStatuses": [status],
        },
    }
    if owner:
        made["metadata"]["ownerReferences"] = [{"uid": owner, "controller": True}]
    if revision:
        made["metadata"]["labels"] = {"controller-revision-hash": revision}
    if said:
        made["status"]["conditions"] = conditions(said)
    return made


def event(reason: str, message: str, *, name: str = "it-1", uid: str = "") -> Live:
    """Return an event about an object."""
    return {
        "apiVersion": "v1",
        "kind": "Event",
        "reason": reason,
        "message": message,
        "involvedObject": {"name": name, "uid": uid},
    }
