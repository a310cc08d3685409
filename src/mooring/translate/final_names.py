"""
The names of storages and documents, once all parts of an application are known.

Until then each goes by its identity, so that services that mount the same thing are seen to.
"""

import msgspec

from mooring.app.configuration import Document
from mooring.app.storage import Storage
from mooring.app.workloads import Container, InitialStep, Scale, Task, Workload
from mooring.translate.mounts import unique_names
from mooring.translate.service import TranslatedService


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """Parts whose mounts refer to ``storages`` and ``documents`` by their final names."""

    parts: tuple[Workload | Task, ...]
    storages: tuple[Storage, ...]
    documents: tuple[Document, ...]


def with_final_names(
    parts: tuple[Workload | Task, ...], translated: dict[str, TranslatedService]
) -> Named:
    """Return ``parts``, and what the services ``translated`` mount, under final names."""
    found_storages: dict[str, Storage] = {}
    found_documents: dict[str, Document] = {}
    for one in translated.values():
        found_storages.update(one.storages)
        found_documents.update(one.documents)
    storage_names = unique_names({key: one.name for key, one in found_storages.items()})
    document_names = unique_names({key: one.name for key, one in found_documents.items()})
    users = _users(parts)
    return Named(
        parts=tuple(_renamed_mounts(part, storage_names, document_names) for part in parts),
        storages=tuple(
            msgspec.structs.replace(
                storage, name=storage_names[key], used_by_many=users.get(key, 0) > 1
            )
            for key, storage in found_storages.items()
        ),
        documents=tuple(
            msgspec.structs.replace(document, name=document_names[key])
            for key, document in found_documents.items()
        ),
    )


def _users(parts: tuple[Workload | Task, ...]) -> dict[str, int]:
    """Return how many pods at a time mount each storage."""
    counts: dict[str, int] = {}
    for part in parts:
        many = isinstance(part, Workload) and (
            part.replicas > 1 or part.scale is Scale.EVERY_MACHINE
        )
        many = many or (isinstance(part, Task) and part.parallel > 1)
        steps = (step.container for step in part.initial_steps)
        used = {m.storage for container in (*steps, *part.containers) for m in container.storage}
        for storage in used:
            counts[storage] = counts.get(storage, 0) + (2 if many else 1)
    return counts


def _renamed_mounts(
    part: Workload | Task, storage_names: dict[str, str], document_names: dict[str, str]
) -> Workload | Task:
    def renamed(container: Container) -> Container:
        if not container.storage and not container.documents:
            return container
        return msgspec.structs.replace(
            container,
            storage=tuple(
                msgspec.structs.replace(mount, storage=storage_names[mount.storage])
                for mount in container.storage
            ),
            documents=tuple(
                msgspec.structs.replace(mount, document=document_names[mount.document])
                for mount in container.documents
            ),
        )

    return msgspec.structs.replace(
        part,
        containers=tuple(renamed(container) for container in part.containers),
        initial_steps=tuple(
            InitialStep(container=renamed(step.container)) for step in part.initial_steps
        ),
    )
