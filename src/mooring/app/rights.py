"""
Rights over the machine: what a part asks for that reaches beyond its own containers.

Whoever has one of them can do harm to every other part on the machine.
"""

from collections.abc import Mapping
from enum import StrEnum

from mooring.app.endpoints import NetworkAccess
from mooring.app.storage import Lifetime, Storage
from mooring.app.workloads import Container, Task, Workload


class Right(StrEnum):
    """A right over the machine on which a part runs."""

    PRIVILEGED = "privileged"
    HOST_PATH = "host-path"
    HOST_NETWORK = "host-network"
    HOST_PID = "host-pid"
    HOST_IPC = "host-ipc"


def asked_rights(part: Workload | Task, storages: Mapping[str, Storage]) -> tuple[Right, ...]:
    """Return the rights that ``part`` asks for; ``storages`` are those of its application."""
    containers = (*part.containers, *(step.container for step in part.initial_steps))
    asked: list[Right] = []
    if any(one.security.privileged for one in containers):
        asked.append(Right.PRIVILEGED)
    if any(one.storage and machine_paths(one, storages) for one in containers):
        asked.append(Right.HOST_PATH)
    if part.network is NetworkAccess.MACHINE:
        asked.append(Right.HOST_NETWORK)
    if part.security.shares_machine_processes:
        asked.append(Right.HOST_PID)
    if part.security.shares_machine_ipc:
        asked.append(Right.HOST_IPC)
    return tuple(asked)


def machine_paths(container: Container, storages: Mapping[str, Storage]) -> tuple[str, ...]:
    """Return where ``container`` mounts paths of the machine."""
    return tuple(
        mount.path
        for mount in container.storage
        if storages[mount.storage].lifetime is Lifetime.NODE
    )
