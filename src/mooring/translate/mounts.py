"""
What a container mounts, before names are given.

Two services that bind the same folder share one storage, so storages and documents are told
apart by an *identity* (what they are in the input) until the whole project is known; then each
identity gets a name that is short, readable and unique.
"""

from collections.abc import Iterable

import msgspec

from mooring.app.configuration import Document, DocumentMount
from mooring.app.storage import Storage, StorageMount
from mooring.kube.names import label, short_hash


class Mounts(msgspec.Struct, frozen=True, kw_only=True):
    """
    Storages and documents by identity, and the mounts that refer to them by identity.

    The ``name`` of a storage or document in here is the one that it would like to have.
    """

    storages: dict[str, Storage] = {}
    documents: dict[str, Document] = {}
    storage_mounts: tuple[StorageMount, ...] = ()
    document_mounts: tuple[DocumentMount, ...] = ()


def joined(several: Iterable[Mounts]) -> Mounts:
    """
    Return all of ``several`` in one; a later mount at the same path replaces an earlier one.

    What no mount refers to any more is left out.
    """
    storages: dict[str, Storage] = {}
    documents: dict[str, Document] = {}
    by_path: dict[str, StorageMount | DocumentMount] = {}
    for mounts in several:
        storages.update(mounts.storages)
        documents.update(mounts.documents)
        both: tuple[StorageMount | DocumentMount, ...] = (
            *mounts.storage_mounts,
            *mounts.document_mounts,
        )
        for mount in both:
            by_path.pop(mount.path, None)
            by_path[mount.path] = mount
    storage_mounts = tuple(m for m in by_path.values() if isinstance(m, StorageMount))
    document_mounts = tuple(m for m in by_path.values() if isinstance(m, DocumentMount))
    return Mounts(
        storages={mount.storage: storages[mount.storage] for mount in storage_mounts},
        documents={mount.document: documents[mount.document] for mount in document_mounts},
        storage_mounts=storage_mounts,
        document_mounts=document_mounts,
    )


def unique_names(wanted: dict[str, str]) -> dict[str, str]:
    """
    Return a name for each identity: the wanted one, or one with a hash where two want the same.

    The first in order keeps the plain name, so that adding something later renames nothing.
    """
    taken: set[str] = set()
    names: dict[str, str] = {}
    for identity, name in wanted.items():
        chosen = name if name not in taken else label(f"{name}-{short_hash(identity)}")
        taken.add(chosen)
        names[identity] = chosen
    return names
