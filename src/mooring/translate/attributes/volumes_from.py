"""
Mounts taken over from another service: `volumes_from`.

## What it means
The service mounts everything that another service mounts, at the same paths; `:ro` makes it
read-only.  A mount of its own at a path wins.

## What it becomes
The same volumes in both pods: one claim that both mount, the same ConfigMaps and Secrets.

## What is lost
An `emptyDir` belongs to one pod: what was anonymous or in memory is not shared, unless both
services live in one pod.  A container of another project cannot be named.

## Example
    volumes_from: ["web:ro"]

## References
- https://docs.docker.com/reference/compose-file/services/#volumes_from
"""

import msgspec

from mooring.app.configuration import Document
from mooring.app.storage import Storage
from mooring.app.workloads import Container
from mooring.translate.mounts import Mounts, joined
from mooring.translate.notes import Note, Translated, carried, refused
from mooring.translate.view import ServiceView, items, text

ATTRIBUTES = ("volumes_from",)

_NOTHING: Translated[tuple["Loan", ...]] = Translated(())


class Loan(msgspec.Struct, frozen=True, kw_only=True):
    """The mounts of the service ``lender``, perhaps only to read."""

    lender: str
    read_only: bool


def translate(service: ServiceView) -> Translated[tuple[Loan, ...]]:
    """Return from which services this one takes its mounts over."""
    if service.get("volumes_from") is None:
        return _NOTHING
    loans: list[Loan] = []
    notes: list[Note] = []
    for index, node in items(service.get("volumes_from")):
        path = service.path("volumes_from", index)
        name, _, mode = text(node).partition(":")
        if name == "container":
            reason = "a container of another project shares no volume with a pod"
            notes.append(refused(path, reason))
            continue
        loans.append(Loan(lender=name, read_only=mode == "ro"))
        notes.append(carried(path, "Pod.spec.volumes, container.volumeMounts"))
    return Translated(tuple(loans), tuple(notes))


def borrowed(loan: Loan, lender: Container, lent: Mounts) -> Mounts:
    """
    Return what ``loan`` mounts: the mounts of the container ``lender``.

    ``lent`` holds the storages and documents to which those mounts refer.
    """
    storage_mounts = lender.storage
    if loan.read_only:
        storage_mounts = tuple(
            msgspec.structs.replace(mount, read_only=True) for mount in lender.storage
        )
    return Mounts(
        storages=lent.storages,
        documents=lent.documents,
        storage_mounts=storage_mounts,
        document_mounts=lender.documents,
    )


def with_borrowed(
    container: Container,
    storages: dict[str, Storage],
    documents: dict[str, Document],
    loans: tuple[Mounts, ...],
) -> tuple[Container, Mounts]:
    """Return ``container`` with the mounts of ``loans``, its own winning, and what they need."""
    own = Mounts(
        storages=storages,
        documents=documents,
        storage_mounts=container.storage,
        document_mounts=container.documents,
    )
    mounts = joined((*loans, own))
    changed = msgspec.structs.replace(
        container, storage=mounts.storage_mounts, documents=mounts.document_mounts
    )
    return changed, mounts
