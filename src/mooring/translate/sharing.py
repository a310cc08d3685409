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
    evidence: dict[str, list[Evidence]] = {name: [] for name in shared}
    for part in application.parts:
        for container in part.containers:
            for mount in container.storage:
                if mount.storage in shared:
                    statement = f"{container.source_name} mounts it{_how_often(part)}"
                    evidence[mount.storage].append(Evidence(statement, mount.position))
    for name in shared:
        yield Decision(
            subject=f"volumes.{name}",
            topic="access",
            choice="is mounted by several pods at once (ReadWriteMany), so they can run on any "
            "node",
            evidence=tuple(dict.fromkeys(evidence[name])),
            overrule=f"volumes: {{{name}: {{storage_class: a class that offers ReadWriteMany}}}}",
        )


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
