"""
Claims that several pods mount at once: who shares them, and what the cluster needs for it.

Only a few kinds of storage can be mounted on several nodes, so a stack that shares a volume asks
more of its cluster than its Compose file shows.
"""

from collections.abc import Iterator

from mooring.app.application import Application
from mooring.app.storage import Lifetime, Storage
from mooring.app.workloads import Scale, Task, Workload
from mooring.decisions import Decision, Evidence


def shared_access(application: Application) -> Iterator[Decision]:
    """Yield a decision for each claim that more than one pod mounts."""
    shared = {one.name: one for one in application.storages if _is_shared_claim(one)}
    if not shared:
        return
    users = _users(application, shared)
    for name, storage in shared.items():
        first, target, _ = users[name][0]
        yield Decision(
            subject=f"volumes.{storage.source_name}"
            if storage.source_name
            else f"services.{first}",
            topic="access",
            choice=f"{name} is mounted by several pods at once (ReadWriteMany), which may run on "
            "any node: its storage class has to be one for many",
            evidence=tuple(dict.fromkeys(evidence for _, _, evidence in users[name])),
            overrule=f"volumes: {{{storage.source_name}: {{sharing: each}}}}"
            if storage.source_name and len({service for service, _, _ in users[name]}) > 1
            else f"volumes: {{{storage.source_name}: {{storage_class: <one for many nodes>}}}}"
            if storage.source_name
            else f"services: {{{first}: {{mounts: {{{target}: configuration|scratch|drop}}}}}}",
        )


def _users(
    application: Application, shared: dict[str, Storage]
) -> dict[str, list[tuple[str, str, Evidence]]]:
    """Return by storage who mounts it: the service, its path, and that as evidence."""
    users: dict[str, list[tuple[str, str, Evidence]]] = {name: [] for name in shared}
    for part in application.parts:
        steps = (step.container for step in part.initial_steps)
        for container in (*part.containers, *steps):
            for mount in container.storage:
                if mount.storage in shared:
                    statement = f"{container.source_name} mounts it{_how_often(part)}"
                    evidence = Evidence(statement, mount.position)
                    users[mount.storage].append((container.source_name, mount.path, evidence))
    return users


def _is_shared_claim(storage: Storage) -> bool:
    return (
        storage.lifetime is Lifetime.PERSISTENT
        and storage.used_by_many
        and storage.external_name is None
        and storage.share is None
    )


def _how_often(part: Workload | Task) -> str:
    if isinstance(part, Workload) and part.scale is Scale.EVERY_MACHINE:
        return " on every node"
    count = part.replicas if isinstance(part, Workload) else part.parallel
    return f" in {count} replicas" if count > 1 else ""
