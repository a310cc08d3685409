"""
What a bind mount becomes, once it is known what it means.

Files are shipped as documents under the name of their path, places to write become storages, and
what belongs to the machine or to the image's sources is left out, each with a reason.
"""

import posixpath
from collections.abc import Mapping as ReadOnly
from typing import TypeAlias

import msgspec

from mooring.accounting import Path
from mooring.app.configuration import Document, DocumentMount
from mooring.app.storage import Lifetime, Storage, StorageMount
from mooring.compose.nodes import Node
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.kube.names import label
from mooring.sensitive import Sensitive
from mooring.settings.choices import MountChoice
from mooring.sources import Position
from mooring.translate.binds import Bind, Meaning, Triage
from mooring.translate.copied_secrets import secret_in, told
from mooring.translate.mounts import Mounts
from mooring.translate.notes import Note, approximated, carried, dropped, refused
from mooring.translate.placeholder_files import to_be_answered
from mooring.translate.secrecy import is_secret_file
from mooring.translate.surroundings import Surroundings
from mooring.translate.view import field, text, truth

Carried: TypeAlias = tuple[Mounts, list[Note]]

_OBVIOUS = frozenset({Meaning.DOCUMENT_FILE, Meaning.CLOCK, Meaning.PROVIDED, Meaning.LEFT_OUT})
_LEFT_OUT = frozenset(
    {
        Meaning.SOURCE_CODE,
        Meaning.WORKSPACE,
        Meaning.CLOCK,
        Meaning.PROVIDED,
        Meaning.LEFT_OUT,
    }
)
_NOTHING = Mounts()


class BindMount(msgspec.Struct, frozen=True, kw_only=True):
    """
    A bind mount of the service ``service`` with what was found out about it.

    ``path`` and ``node`` are its place and text in the input, ``shown`` its source as a user would
    write it.
    """

    service: str
    path: Path
    node: Node
    bind: Bind
    shown: str
    found: Triage

    @property
    def position(self) -> Position | None:
        """Where the mount stands."""
        return self.node.position

    @property
    def identity(self) -> str:
        """What tells the source apart from all others in the project."""
        return f"bind:{self.bind.source}"

    @property
    def is_read_only(self) -> bool:
        """Whether the container may only read."""
        return truth(field(self.node, "read_only"))


def shown_path(source: str, project_directory: str) -> str:
    """Return ``source`` as a user would write it: relative to the project where it lies inside."""
    if source == project_directory:
        return "."
    if source.startswith(project_directory.rstrip("/") + "/"):
        return "./" + posixpath.relpath(source, project_directory)
    return source


def carry(
    mount: BindMount,
    surroundings: Surroundings,
    choice: MountChoice | None,
    secrets: ReadOnly[str, tuple[str, str]],
) -> Carried:
    """
    Return what ``mount`` becomes, with the decision where one was taken.

    ``secrets`` are secret values of the stack, with the service and the setting of each.
    """
    found = mount.found
    why = f"{found.meaning.value}: {found.because}"
    match found.meaning:
        case Meaning.DOCUMENT_FILE | Meaning.MISSING_FILE:
            mounts, notes = _file(mount, surroundings, secrets)
        case Meaning.DOCUMENT_FOLDER:
            mounts, notes = _folder(mount, secrets)
        case Meaning.STORAGE | Meaning.SCRATCH:
            mounts, notes = _storage(mount)
        case Meaning.MACHINE if choice is MountChoice.NODE:
            mounts, notes = _node_path(mount)
        case _ if found.meaning in _LEFT_OUT:
            mounts, notes = _NOTHING, [dropped(mount.path, why)]
        case _:
            mounts, notes = _NOTHING, [refused(mount.path, why)]
    if found.meaning in _OBVIOUS:
        return mounts, notes
    target = mount.bind.target
    decision = Decision(
        subject=f"services.{mount.service}",
        topic="mount",
        choice=f"{mount.shown} at {target} is {found.meaning.value}",
        evidence=(Evidence(found.because, mount.position),),
        overrule=f"services: {{{mount.service}: {{mounts: {{{target}: "
        "configuration|copy|storage|scratch|node|drop}}}",
    )
    return mounts, [*notes, decision]


def _file(
    mount: BindMount, surroundings: Surroundings, secrets: ReadOnly[str, tuple[str, str]]
) -> Carried:
    source, target = mount.bind.source, mount.bind.target
    is_there = mount.found.meaning is Meaning.DOCUMENT_FILE
    read = surroundings.file(source) if is_there else None
    content = read.content if read is not None and read.content is not None else b""
    key = source.rsplit("/", 1)[-1]
    is_own_secret = is_secret_file(source, content) or is_secret_file(target, b"")
    copied = secret_in(content, secrets)
    secret = is_own_secret or copied is not None
    document = Document(
        name=label(mount.shown.removeprefix("./")),
        files={key: Sensitive(content) if secret else content},
        is_secret=secret,
        missing=() if is_there else (mount.shown,),
        position=mount.position,
    )
    if is_there and is_own_secret:
        document = to_be_answered(document, target)
    mounted = DocumentMount(
        document=mount.identity,
        path=target,
        file=key,
        mode=0o755 if read is not None and read.executable else None,
        position=mount.position,
    )
    to = f"{'Secret' if secret else 'ConfigMap'}.data; container.volumeMounts.subPath"
    notes: list[Note] = [carried(mount.path, to), *_read_only_note(mount)]
    if copied is not None:
        notes.append(told(f"services.{mount.service}", mount.shown, copied, mount.position))
    if not is_there:
        notes.append(
            OpenQuestion(
                subject=f"services.{mount.service}.volumes",
                question=f"{mount.shown} is to be mounted at {target}, but {mount.found.because}",
                answer=f"put the file at {mount.shown} and convert again",
                position=mount.position,
            )
        )
    mounts = Mounts(documents={mount.identity: document}, document_mounts=(mounted,))
    return mounts, notes


def _folder(mount: BindMount, secrets: ReadOnly[str, tuple[str, str]]) -> Carried:
    assert mount.found.folder is not None
    found = mount.found.folder.files
    files = {name: file.content for name, file in found.items() if file.content is not None}
    secret = any(is_secret_file(name, content) for name, content in files.items())
    copied: tuple[str, str] | None = None
    in_file = ""
    for name, content in files.items():
        copied = secret_in(content, secrets)
        if copied is not None:
            in_file = f"{mount.shown}/{name}"
            break
    secret = secret or copied is not None
    document = Document(
        name=label("project" if mount.shown == "." else mount.shown.removeprefix("./")),
        files={n: Sensitive(content) if secret else content for n, content in files.items()},
        is_secret=secret,
        position=mount.position,
    )
    executable = any(file.executable for file in found.values())
    mounted = DocumentMount(
        document=mount.identity,
        path=mount.bind.target,
        mode=0o755 if executable else None,
        position=mount.position,
    )
    to = f"{'Secret' if secret else 'ConfigMap'}.data; container.volumeMounts"
    notes: list[Note] = [carried(mount.path, to), *_read_only_note(mount)]
    if copied is not None:
        notes.append(told(f"services.{mount.service}", in_file, copied, mount.position))
    unread = [name for name, file in found.items() if file.content is None]
    if unread:
        notes.append(
            OpenQuestion(
                subject=f"services.{mount.service}.volumes",
                question=f"{mount.shown} is shipped without {', '.join(unread)}, which cannot be "
                "read",
                answer="make the files readable and convert again",
                position=mount.position,
            )
        )
    return Mounts(documents={mount.identity: document}, document_mounts=(mounted,)), notes


def _read_only_note(mount: BindMount) -> list[Note]:
    if mount.is_read_only:
        return []
    return [
        approximated(
            (*mount.path, "target"),
            "shipped files are read-only or a copy: what is written there never reaches the source",
            "container.volumeMounts.mountPath",
        )
    ]


def _storage(mount: BindMount) -> Carried:
    keeps = mount.found.meaning is Meaning.STORAGE
    storage = Storage(
        name=label(mount.shown.removeprefix("./") or "data"),
        lifetime=Lifetime.PERSISTENT if keeps else Lifetime.REPLICA,
        position=mount.position,
    )
    mounted = StorageMount(
        storage=mount.identity,
        path=mount.bind.target,
        read_only=mount.is_read_only,
        position=mount.position,
    )
    because = mount.found.because
    reason = (
        f"the claim starts empty ({because}); what {mount.shown} holds has to be copied into it"
        if keeps
        else f"the files vanish with the pod ({because})"
    )
    to = "PersistentVolumeClaim" if keeps else "Pod.spec.volumes.emptyDir"
    mounts = Mounts(storages={mount.identity: storage}, storage_mounts=(mounted,))
    notes: list[Note] = [approximated(mount.path, reason, to)]
    if keeps and mount.found.is_full and (mount.is_read_only or mount.found.is_program):
        notes.append(_where_from(mount))
    return mounts, notes


def _where_from(mount: BindMount) -> OpenQuestion:
    """Return the question where files are to come from without which the container has nothing."""
    target = mount.bind.target
    mounts = f"services: {{{mount.service}: {{mounts: {{{target}: %s}}}}}}"
    return OpenQuestion(
        subject=f"services.{mount.service}.volumes",
        question=f"{mount.shown} holds more than a ConfigMap can, and the claim at {target} starts "
        "empty: does its image hold these files, as one that you build for it, or are they copied "
        "into the claim?",
        answer=f"{mounts % 'drop'} for the image's own, {mounts % 'storage'} for a claim",
        position=mount.position,
    )


def _node_path(mount: BindMount) -> Carried:
    options = field(mount.node, "bind")
    propagation = field(options, "propagation") if options is not None else None
    storage = Storage(
        name=label(mount.shown),
        lifetime=Lifetime.NODE,
        node_path=mount.bind.source,
        position=mount.position,
    )
    mounted = StorageMount(
        storage=mount.identity,
        path=mount.bind.target,
        read_only=mount.is_read_only,
        propagation=text(propagation) if propagation is not None else None,
        position=mount.position,
    )
    mounts = Mounts(storages={mount.identity: storage}, storage_mounts=(mounted,))
    return mounts, [carried(mount.path, "Pod.spec.volumes.hostPath")]
