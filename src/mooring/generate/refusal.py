"""
What is refused outside of development: rights over the machine that nobody allowed.

A process with one of them can take over its node and all that runs there.  In development it may
have what the Compose file gives it; a namespace of staging or production would have to admit
everything for its sake, so it goes without until mooring.yaml says that it has to have it.

The memory that is shared on a machine is mostly wanted for its size, which a container by itself
has 64 MiB of: what goes without has some of its own.
"""

import msgspec

from mooring.app.application import Application
from mooring.app.endpoints import NetworkAccess
from mooring.app.rights import Right, asked_rights, machine_paths
from mooring.app.storage import Lifetime, Storage
from mooring.app.workloads import Container, InitialStep, Task, Workload


def without_refused(application: Application) -> Application:
    """Return ``application`` without the rights over the machine that are not allowed."""
    storages = {storage.name: storage for storage in application.storages}
    refused = {
        part.name: found
        for part in application.parts
        if (found := frozenset(asked_rights(part, storages)) - part.allowed_rights)
    }
    if not refused:
        return application
    networks = tuple(dict.fromkeys(name for part in application.parts for name in part.networks))
    parts = tuple(
        _without(part, refused[part.name], storages, networks) if part.name in refused else part
        for part in application.parts
    )
    mounted = {
        mount.storage
        for part in parts
        for one in (*part.containers, *(step.container for step in part.initial_steps))
        for mount in one.storage
    }
    return msgspec.structs.replace(
        application,
        parts=parts,
        storages=tuple(
            one
            for one in application.storages
            if one.lifetime is not Lifetime.NODE or one.name in mounted
        ),
    )


def _without(
    part: Workload | Task,
    refused: frozenset[str],
    storages: dict[str, Storage],
    networks: tuple[str, ...],
) -> Workload | Task:
    security = msgspec.structs.replace(
        part.security,
        shares_machine_processes=part.security.shares_machine_processes
        and Right.HOST_PID not in refused,
        shares_machine_ipc=part.security.shares_machine_ipc and Right.HOST_IPC not in refused,
    )
    part = msgspec.structs.replace(
        part,
        security=security,
        containers=tuple(_bare(one, refused, storages) for one in part.containers),
        initial_steps=tuple(
            InitialStep(container=_bare(step.container, refused, storages))
            for step in part.initial_steps
        ),
    )
    if Right.HOST_NETWORK not in refused:
        return part
    # On the machine's network it reached everybody who published a port.
    return msgspec.structs.replace(
        part, network=NetworkAccess.OWN, networks=part.networks or networks
    )


_SHARED_MEMORY = 1024**3
"""Bytes of shared memory for what does not share its node's, at most half of what it may take."""


def _shared_memory(container: Container) -> int:
    limit = container.resources.memory_limit
    return min(_SHARED_MEMORY, limit // 2) if limit is not None else _SHARED_MEMORY


def _bare(container: Container, refused: frozenset[str], storages: dict[str, Storage]) -> Container:
    security = container.security
    if Right.PRIVILEGED in refused and security.privileged:
        security = msgspec.structs.replace(security, privileged=False)
    storage = container.storage
    if Right.HOST_PATH in refused:
        paths = machine_paths(container, storages)
        storage = tuple(mount for mount in storage if mount.path not in paths)
    memory = container.shared_memory
    if Right.HOST_IPC in refused and memory is None:
        memory = _shared_memory(container)
    return msgspec.structs.replace(
        container, security=security, storage=storage, shared_memory=memory
    )
