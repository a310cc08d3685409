"""What the members of a cluster mount: storage of their own, storage that they share, files."""

from collections.abc import Sequence

import msgspec

from mooring.app.configuration import Document, DocumentMount
from mooring.app.storage import Storage, StorageMount
from mooring.kube.names import label
from mooring.sensitive import Sensitive
from mooring.translate.clusters.candidates import common_name
from mooring.translate.clusters.differences import Differences
from mooring.translate.clusters.texts import Fault
from mooring.translate.mounts import Mounts
from mooring.translate.service import TranslatedService

_INIT_FOLDER = "/docker-entrypoint-initdb.d"
"""Scripts in here run when a member starts with no data; the first one's may be for all."""


def unified(services: Sequence[TranslatedService], name: str, differences: Differences) -> Mounts:
    """Return what every replica of the cluster ``name`` mounts; ``differences`` learn the rest."""
    storages, storage_mounts = _storage(services, name, differences)
    documents, document_mounts = _documents(services, differences)
    return Mounts(
        storages=storages,
        documents=documents,
        storage_mounts=storage_mounts,
        document_mounts=document_mounts,
    )


def _storage(
    services: Sequence[TranslatedService], name: str, differences: Differences
) -> tuple[dict[str, Storage], tuple[StorageMount, ...]]:
    by_path = [{mount.path: mount for mount in one.container.storage} for one in services]
    storages: dict[str, Storage] = {}
    mounts: list[StorageMount] = []
    for path in dict.fromkeys(path for mounts_ in by_path for path in mounts_):
        found = [mounts_.get(path) for mounts_ in by_path]
        present = [mount for mount in found if mount is not None]
        if len(present) < len(found):
            differences.tell(
                f"the mount at {path}",
                [mount.storage if mount is not None else "(nothing)" for mount in found],
                positions=[mount.position if mount is not None else None for mount in found],
            )
        first = _one_storage(path, present, services, name, differences)
        storages[present[0].storage] = first
        mounts.append(present[0])
    return storages, tuple(mounts)


def _one_storage(
    path: str,
    mounts: Sequence[StorageMount],
    services: Sequence[TranslatedService],
    name: str,
    differences: Differences,
) -> Storage:
    """Return the storage at ``path``; each replica has its own where each member had."""
    known = {key: one for service in services for key, one in service.storages.items()}
    several = [known[mount.storage] for mount in mounts]
    what = f"the mount at {path}"
    if len(mounts) == len(services):
        positions = [mount.position for mount in mounts]
        differences.equal(
            what,
            [msgspec.structs.replace(one, storage="", position=None) for one in mounts],
            positions=positions,
        )
        kinds = [(one.lifetime, one.share, one.external_name, one.image) for one in several]
        differences.equal(what, kinds, positions=positions)
        sizes = [(one.size, one.storage_class) for one in several]
        differences.equal(f"the size of {what}", sizes, fault=Fault.AMOUNT, positions=positions)
    if len({mount.storage for mount in mounts}) == 1:
        return msgspec.structs.replace(several[0], common=True)
    common = common_name(tuple(one.name for one in several))
    leaf = path.rstrip("/").rpartition("/")[2]
    return msgspec.structs.replace(several[0], name=label(common or f"{name}-{leaf}"))


def _documents(
    services: Sequence[TranslatedService], differences: Differences
) -> tuple[dict[str, Document], tuple[DocumentMount, ...]]:
    by_path = [{mount.path: mount for mount in one.container.documents} for one in services]
    known = {key: one for service in services for key, one in service.documents.items()}
    documents: dict[str, Document] = {}
    mounts: list[DocumentMount] = []
    for path in dict.fromkeys(path for mounts_ in by_path for path in mounts_):
        found = [mounts_.get(path) for mounts_ in by_path]
        present = [mount for mount in found if mount is not None]
        positions = [mount.position if mount is not None else None for mount in found]
        is_first_ones_script = found[0] is not None and f"{path}/".startswith(f"{_INIT_FOLDER}/")
        if len(present) < len(found) and not is_first_ones_script:
            shown = ["mounted" if mount is not None else "(nothing)" for mount in found]
            differences.tell(f"the file at {path}", shown, positions=positions)
        contents = {_content(known[mount.document], mount) for mount in present}
        if len(contents) > 1:
            shown = ["a file of its own" if mount is not None else "(nothing)" for mount in found]
            differences.tell(f"the file at {path}", shown, positions=positions)
        documents[present[0].document] = known[present[0].document]
        mounts.append(present[0])
    return documents, tuple(mounts)


def _content(document: Document, mount: DocumentMount) -> tuple[object, ...]:
    files = tuple(
        (path if mount.file is None else "", raw.reveal() if isinstance(raw, Sensitive) else raw)
        for path, raw in sorted(document.files.items())
        if mount.file is None or path == mount.file
    )
    missing = document.name if document.missing else ""
    return (files, document.external_name, missing, mount.mode, mount.own_copy)
