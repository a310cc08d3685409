"""
Room to write, beside volumes, for a process that may not write everywhere in its image.

A root filesystem that nobody can write to leaves an intruder no place for a program of his own, and
shows at once what would be lost with the pod.  It is made read-only where the catalogue knows all
places to which the program writes; those, and /tmp, become an `emptyDir`.  Of an image that is not
known nobody can tell, so its root stays as it is unless the user says otherwise.

A program that is started as its own user, where its image would start it as root, needs the same
places: in the image they may belong to root.  Where the image holds files at such a place they are
copied there first.
"""

import posixpath

import msgspec

from mooring.app.process import Process
from mooring.app.storage import Lifetime, Storage, StorageMount
from mooring.app.workloads import Container, InitialStep
from mooring.decisions import Decision, Evidence
from mooring.images.facts import ImageFamily
from mooring.kube.names import label
from mooring.settings.choices import Choices
from mooring.translate.mounts import Mounts, joined
from mooring.translate.notes import Note, Translated
from mooring.translate.process_user import ANYBODY
from mooring.translate.proposed_storage import told
from mooring.translate.view import ServiceView

_TEMPORARY = "/tmp"  # noqa: S108 - a mount, no file
_PLACE = "/mooring/room"
_SCRIPT = 'cp -R "$0/." "$1/"'
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh"})


class Roomy(msgspec.Struct, frozen=True, kw_only=True):
    """A container with room to write, what it mounts, and the steps that fill that."""

    container: Container
    mounts: Mounts
    steps: tuple[InitialStep, ...] = ()


class _Room(msgspec.Struct, frozen=True):
    """A place to write to; ``filled`` tells that the image has files there."""

    path: str
    filled: bool = False


def with_rooms(
    container: Container, mounts: Mounts, service: ServiceView, choices: Choices
) -> Translated[Roomy]:
    """Return ``container`` of ``service`` with a read-only root, where it can do with that."""
    rights = container.security
    family = service.known.family if service.known is not None else None
    chosen = choices.service(service.name).read_only
    notes: list[Note] = []
    is_closed = rights.read_only_root or chosen is True
    if chosen is False:
        is_closed = False
    elif not is_closed and not rights.privileged:
        reason = _why_open(container, service, family)
        is_closed = reason is None
        if reason is not None:
            notes.append(_stays_open(service, reason))
    rooms = _rooms(container, service, family, is_closed=is_closed)
    if chosen is None and is_closed and not rights.read_only_root and family is not None:
        notes.append(_closed(service, family, rooms))
    rights = msgspec.structs.replace(rights, read_only_root=is_closed)
    container = msgspec.structs.replace(container, security=rights)
    if not rooms:
        return Translated(Roomy(container=container, mounts=mounts), tuple(notes))
    return Translated(_with(rooms, container, mounts, service), tuple(notes))


def _why_open(container: Container, service: ServiceView, family: ImageFamily | None) -> str | None:
    """Return why the root has to stay writable, or None where it can be closed."""
    if family is None:
        return "nobody here knows where its image writes"
    if not family.read_only:
        return f"{family.name} is not known to do with less"
    if service.get("volumes_from") is not None:
        return "it takes over the mounts of another service"
    words = (*(container.process.entrypoint or ()), *(container.process.arguments or ()))
    if container.process.entrypoint is not None or _is_shell(words[:1]):
        return "what its own command writes is not known"
    for path in told(family, container.settings, container.process):
        if not _is_mounted(posixpath.normpath(path), container):
            return f"it is told to write to {path}"
    return None


def _is_shell(words: tuple[str, ...]) -> bool:
    return bool(words) and posixpath.basename(words[0]) in _SHELLS


def _stays_open(service: ServiceView, reason: str) -> Decision:
    return Decision(
        subject=f"services.{service.name}",
        topic="root",
        choice="it may write everywhere in its container",
        evidence=(Evidence(reason, service.position("image")),),
        overrule=f"services: {{{service.name}: {{read_only: true}}}}",
    )


def _closed(service: ServiceView, family: ImageFamily, rooms: list[_Room]) -> Decision:
    places = ", ".join(room.path for room in rooms)
    source = next(iter(family.sources.values()))
    return Decision(
        subject=f"services.{service.name}",
        topic="root",
        choice=f"beside its volumes it may write to {places} alone"
        if places
        else "it may write to its volumes alone",
        evidence=(
            Evidence(f"{family.name} writes nowhere else ({source})", service.position("image")),
        ),
        overrule=f"services: {{{service.name}: {{read_only: false}}}}",
    )


def _rooms(
    container: Container, service: ServiceView, family: ImageFamily | None, *, is_closed: bool
) -> list[_Room]:
    """Return the places that need an `emptyDir`, each once."""
    rights = container.security
    is_moved = _runs_as_another(container, family)
    if not is_closed and not is_moved:
        return []
    wanted: list[_Room] = []
    if family is not None:
        if is_closed or rights.native_user == ANYBODY:
            wanted.extend(_Room(data.path) for data in family.data if data.when is None)
        wanted.extend(
            _Room(place.path, place.filled)
            for place in family.writable
            if (is_closed or place.path != _TEMPORARY)
            and (place.with_mount is None or _has_files_below(place.with_mount, container, service))
            and not (place.filled and family.has_shell is not True)
        )
    facts = service.image_facts
    if is_closed and facts is not None:
        # Docker gives a declared volume room of its own, whatever the root is.
        wanted.extend(_Room(volume.value) for volume in facts.volumes if not volume.unknown)
    if is_closed and not service.get("read_only"):
        wanted.append(_Room(_TEMPORARY))
    found: dict[str, _Room] = {}
    for room in wanted:
        if not _is_mounted(room.path, container) and not any(
            _is_within(room.path, other) for other in found
        ):
            found[room.path] = room
    return list(found.values())


def _runs_as_another(container: Container, family: ImageFamily | None) -> bool:
    """Tell whether the process does not start as root, as its image would start it."""
    native = container.security.native_user
    return (
        container.security.user is None
        and bool(native)
        and family is not None
        and bool(family.users)
        and family.users[0].uid == 0
    )


def _is_within(path: str, folder: str) -> bool:
    return f"{path}/".startswith(f"{folder.rstrip('/')}/")


def _is_mounted(path: str, container: Container) -> bool:
    """Tell whether something is mounted at ``path`` or above it, so that no room has place."""
    storages = (mount.path for mount in container.storage)
    folders = (mount.path for mount in container.documents if mount.file is None)
    return any(_is_within(path, one) for one in (*storages, *folders))


def _is_mounted_below(path: str, container: Container) -> bool:
    storages = (mount.path for mount in container.storage)
    files = (mount.path for mount in container.documents)
    return any(_is_within(one, path) for one in (*storages, *files))


def _has_files_below(path: str, container: Container, service: ServiceView) -> bool:
    """Tell whether files below ``path`` are mounted, or copied there by the Dockerfile."""
    facts = service.image_facts
    copies = facts.copies if facts is not None else ()
    return _is_mounted_below(path, container) or any(
        _is_within(posixpath.normpath(copy.destination.value), path) for copy in copies
    )


def _with(rooms: list[_Room], container: Container, mounts: Mounts, service: ServiceView) -> Roomy:
    identity = f"rooms:{service.name}"
    storage = Storage(
        name=label(f"{container.name}-room"),
        lifetime=Lifetime.REPLICA,
        position=service.position("image"),
    )
    own = tuple(
        StorageMount(
            storage=identity,
            path=room.path,
            sub_path=room.path.strip("/").replace("/", "-"),
        )
        for room in rooms
    )
    changed = joined((Mounts(storages={identity: storage}, storage_mounts=own), mounts))
    return Roomy(
        container=msgspec.structs.replace(
            container, storage=changed.storage_mounts, documents=changed.document_mounts
        ),
        mounts=changed,
        steps=tuple(
            InitialStep(container=_filling(container, mount, number))
            for number, (room, mount) in enumerate(
                [pair for pair in zip(rooms, own, strict=True) if pair[0].filled], start=1
            )
        ),
    )


def _filling(container: Container, mount: StorageMount, number: int) -> Container:
    return Container(
        name=label(f"{container.name}-room-{number}"),
        source_name=container.source_name,
        image=container.image,
        process=Process(entrypoint=("/bin/sh", "-c", _SCRIPT, mount.path, _PLACE)),
        storage=(msgspec.structs.replace(mount, path=_PLACE),),
        security=container.security,
        position=container.position,
    )
