"""
Where a container reads and writes: `volumes` and `tmpfs`.

## What it means
A named volume outlives its containers and may be shared; an anonymous one belongs to one
container; a bind mount ties in a path of the machine; a tmpfs lives in memory.

## What it becomes
| Compose | Kubernetes |
|---|---|
| named volume | a PersistentVolumeClaim (external ones are referred to, not made) |
| anonymous volume | `emptyDir` |
| tmpfs | `emptyDir` in memory, counted against the memory limit |
| bind of a file | a ConfigMap or Secret, mounted at that very path by `subPath` |
| bind of a folder | files to ship, a place to keep data, or source code: see the decision |
| the runtime's socket | refused: it commands every container of the node |
| a path of the machine | refused unless mooring.yaml says `node` |

## What is lost
A new claim is empty where Docker would copy the image's files into a new volume.  Shipped files
are read-only.

## References
- https://docs.docker.com/reference/compose-file/services/#volumes
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/
"""

import posixpath
from typing import TypeAlias

import msgspec

from mooring.app.configuration import Document, DocumentMount
from mooring.app.storage import Lifetime, NetworkShare, Storage, StorageMount
from mooring.compose.nodes import Mapping, Node
from mooring.compose.units import parse_bytes
from mooring.decisions import Decision, Evidence, OpenQuestion
from mooring.kube import quantity
from mooring.kube.names import label
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices
from mooring.sources import Position
from mooring.translate import binds
from mooring.translate.binds import Meaning
from mooring.translate.mounts import Mounts, joined
from mooring.translate.notes import (
    Note,
    Translated,
    approximated,
    carried,
    dropped,
    refused,
)
from mooring.translate.secrecy import is_secret_file
from mooring.translate.surroundings import Surroundings
from mooring.translate.view import ServiceView, entries, field, items, text, texts, truth, whole

ATTRIBUTES = ("volumes", "tmpfs")

_Result: TypeAlias = tuple[Mounts, list[Note]]

_FIELDS_WITHOUT_COUNTERPART = {
    "consistency": "it tunes file sharing of Docker Desktop",
    "selinux": "the node's runtime labels volumes by itself",
    "recursive": "Kubernetes mounts recursively",
    "create_host_path": "there is no path of the host to create",
}


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """What the translation of mounts needs to know of the project around the service."""

    project_directory: str
    volumes: Mapping
    surroundings: Surroundings
    choices: Choices


def translate(service: ServiceView, around: Around) -> Translated[Mounts]:
    """Return what the service's container mounts, the storages and documents by identity."""
    parts: list[Mounts] = []
    notes: list[Note] = []
    for index, node in items(service.get("volumes")):
        mounted, said = _MOUNT_OF[_type(node)](service, index, node, around)
        parts.append(mounted)
        notes.extend(said)
    for index, value in enumerate(texts(service.get("tmpfs"))):
        path, _, options = value.partition(":")
        parts.append(_memory(service, path, _size_option(options), service.position("tmpfs")))
        notes.append(carried(service.path("tmpfs", index), "Pod.spec.volumes.emptyDir in memory"))
    return Translated(joined(parts), tuple(notes))


def _type(node: Node) -> str:
    kind = field(node, "type")
    return text(kind) if kind is not None else "volume"


def _target(node: Node) -> str:
    target = field(node, "target")
    return posixpath.normpath(text(target)) if target is not None else "/"


def _named(service: ServiceView, index: int, node: Node, around: Around) -> _Result:
    path = service.path("volumes", index)
    source = field(node, "source")
    options = field(node, "volume")
    notes: list[Note] = [carried(path, "container.volumeMounts; PersistentVolumeClaim")]
    if options is not None and field(options, "labels") is not None:
        notes.append(dropped((*path, "volume", "labels"), "a claim has the labels of its volume"))
    target = _target(node)
    if source is None:
        identity = f"anonymous:{service.name}:{target}"
        storage = Storage(
            name=label(f"{service.name}{target.replace('/', '-')}"),
            lifetime=Lifetime.REPLICA,
            position=node.position,
        )
        notes[0] = carried(path, "Pod.spec.volumes.emptyDir")
    else:
        name = text(source)
        identity = f"volume:{name}"
        definition = around.volumes.get(name)
        bound = _bound_device(definition)
        if bound is not None:
            device_bind = binds.Bind(source=bound, target=target, build_context=_context(service))
            return _bind(service, index, node, around, device_bind)
        storage = named_storage(name, definition, around.choices)
    mount = StorageMount(
        storage=identity,
        path=target,
        read_only=truth(field(node, "read_only")),
        sub_path=text(sub) if options is not None and (sub := field(options, "subpath")) else None,
        position=node.position,
    )
    return Mounts(storages={identity: storage}, storage_mounts=(mount,)), notes


def named_storage(name: str, definition: Node | None, choices: Choices) -> Storage:
    """Return the storage that the top-level volume ``name`` with ``definition`` means."""
    chosen = choices.volume(name)
    external: str | None = None
    share: NetworkShare | None = None
    labels: dict[str, str] = {}
    position = None
    if isinstance(definition, Mapping):
        position = definition.position
        if truth(field(definition, "external")):
            given = field(definition, "name")
            external = text(given) if given is not None else name
        share = _network_share(definition)
        labels = {key: text(value) for key, value in entries(field(definition, "labels"))}
    return Storage(
        name=label(name),
        lifetime=Lifetime.PERSISTENT,
        size=int(quantity.parse(chosen.size)) if chosen.size is not None else None,
        storage_class=chosen.storage_class,
        share=share,
        external_name=external,
        labels=labels,
        position=position,
    )


def _options(definition: Node | None) -> dict[str, str]:
    if not isinstance(definition, Mapping):
        return {}
    return {key: text(value) for key, value in entries(field(definition, "driver_opts"))}


def _bound_device(definition: Node | None) -> str | None:
    """Return the folder behind a local volume that is a bind mount in disguise."""
    options = _options(definition)
    if options.get("device", "").startswith("/") and "bind" in options.get("o", "").split(","):
        return options["device"]
    return None


def _network_share(definition: Mapping) -> NetworkShare | None:
    options = _options(definition)
    if options.get("type") not in {"nfs", "nfs4"}:
        return None
    mount_options = [part for part in options.get("o", "").split(",") if part]
    server = next((o[5:] for o in mount_options if o.startswith("addr=")), None)
    if server is None:
        return None
    return NetworkShare(
        server=server,
        path=options.get("device", ":/").partition(":")[2] or "/",
        options=tuple(o for o in mount_options if not o.startswith("addr=")),
    )


def _context(service: ServiceView) -> str | None:
    build = service.get("build")
    context = field(build, "context") if build is not None else None
    return text(context) if context is not None else None


def _bind_mount(service: ServiceView, index: int, node: Node, around: Around) -> _Result:
    source = field(node, "source")
    bind = binds.Bind(
        source=posixpath.normpath(text(source)) if source is not None else "",
        target=_target(node),
        build_context=_context(service),
    )
    return _bind(service, index, node, around, bind)


def _bind(
    service: ServiceView, index: int, node: Node, around: Around, bind: binds.Bind
) -> _Result:
    path = service.path("volumes", index)
    choice = around.choices.service(service.name).mounts.get(bind.target)
    found = binds.triage(bind, around.surroundings, choice)
    shown = shown_path(bind.source, around.project_directory)
    notes: list[Note] = []
    options = field(node, "bind")
    for name, _ in entries(options):
        if name in _FIELDS_WITHOUT_COUNTERPART:
            notes.append(dropped((*path, "bind", name), _FIELDS_WITHOUT_COUNTERPART[name]))
    if found.meaning not in _OBVIOUS:
        notes.append(
            Decision(
                subject=f"services.{service.name}",
                topic="mount",
                choice=f"{shown} at {bind.target} is {found.meaning.value}",
                evidence=(Evidence(found.because, node.position),),
                overrule=f"services: {{{service.name}: {{mounts: {{{bind.target}: "
                "configuration|storage|scratch|node|drop}}}",
            )
        )
    match found.meaning:
        case Meaning.DOCUMENT_FILE | Meaning.MISSING_FILE:
            mounts, said = _document_file(service, path, node, around, bind, shown, found)
        case Meaning.DOCUMENT_FOLDER:
            mounts, said = _document_folder(path, node, bind, shown, found)
        case Meaning.STORAGE | Meaning.SCRATCH:
            mounts, said = _bound_storage(path, node, bind, shown, found)
        case Meaning.MACHINE if choice is not None:
            mounts, said = _node_path(path, node, bind, shown)
        case Meaning.SOURCE_CODE | Meaning.CLOCK | Meaning.PROVIDED:
            mounts, said = Mounts(), [dropped(path, f"{found.meaning.value}: {found.because}")]
        case _:
            mounts, said = Mounts(), [refused(path, f"{found.meaning.value}: {found.because}")]
    return mounts, [*said, *notes]


_OBVIOUS = frozenset({Meaning.DOCUMENT_FILE, Meaning.CLOCK, Meaning.PROVIDED})


def shown_path(source: str, project_directory: str) -> str:
    """Return ``source`` as a user would write it: relative to the project where it lies inside."""
    if source == project_directory:
        return "."
    if source.startswith(project_directory.rstrip("/") + "/"):
        return "./" + posixpath.relpath(source, project_directory)
    return source


def _document_file(
    service: ServiceView,
    path: tuple[str | int, ...],
    node: Node,
    around: Around,
    bind: binds.Bind,
    shown: str,
    found: binds.Triage,
) -> _Result:
    is_there = found.meaning is Meaning.DOCUMENT_FILE
    read = around.surroundings.file(bind.source) if is_there else None
    content = read.content if read is not None and read.content is not None else b""
    key = bind.source.rsplit("/", 1)[-1]
    secret = is_secret_file(bind.source, content)
    identity = f"bind:{bind.source}"
    document = Document(
        name=label(shown.removeprefix("./")),
        files={key: Sensitive(content) if secret else content},
        is_secret=secret,
        missing=() if is_there else (shown,),
        position=node.position,
    )
    mount = DocumentMount(
        document=identity,
        path=bind.target,
        file=key,
        mode=0o755 if read is not None and read.executable else None,
        position=node.position,
    )
    to = f"{'Secret' if secret else 'ConfigMap'}.data; container.volumeMounts.subPath"
    notes: list[Note] = [carried(path, to)]
    if not is_there:
        notes.append(
            OpenQuestion(
                subject=f"services.{service.name}.volumes",
                question=f"{shown} is to be mounted at {bind.target}, but {found.because}",
                answer=f"put the file at {shown} and convert again",
                position=node.position,
            )
        )
    mounts = Mounts(documents={identity: document}, document_mounts=(mount,))
    return mounts, [*notes, *_read_only_note(path, node)]


def _document_folder(
    path: tuple[str | int, ...], node: Node, bind: binds.Bind, shown: str, found: binds.Triage
) -> _Result:
    assert found.folder is not None
    files = {
        name: file.content for name, file in found.folder.files.items() if file.content is not None
    }
    secret = any(is_secret_file(name, content) for name, content in files.items())
    identity = f"bind:{bind.source}"
    document = Document(
        name=label(shown.removeprefix("./") or "project"),
        files={n: Sensitive(content) if secret else content for n, content in files.items()},
        is_secret=secret,
        position=node.position,
    )
    executable = any(file.executable for file in found.folder.files.values())
    mount = DocumentMount(
        document=identity,
        path=bind.target,
        mode=0o755 if executable else None,
        position=node.position,
    )
    to = f"{'Secret' if secret else 'ConfigMap'}.data; container.volumeMounts"
    mounts = Mounts(documents={identity: document}, document_mounts=(mount,))
    return mounts, [carried(path, to), *_read_only_note(path, node)]


def _read_only_note(path: tuple[str | int, ...], node: Node) -> list[Note]:
    if truth(field(node, "read_only")):
        return []
    return [
        approximated(
            (*path, "target"),
            "shipped files are read-only, and Compose would let the container write to them",
            "container.volumeMounts.mountPath",
        )
    ]


def _bound_storage(
    path: tuple[str | int, ...], node: Node, bind: binds.Bind, shown: str, found: binds.Triage
) -> _Result:
    identity = f"bind:{bind.source}"
    keeps = found.meaning is Meaning.STORAGE
    storage = Storage(
        name=label(shown.removeprefix("./") or "data"),
        lifetime=Lifetime.PERSISTENT if keeps else Lifetime.REPLICA,
        position=node.position,
    )
    mount = StorageMount(
        storage=identity,
        path=bind.target,
        read_only=truth(field(node, "read_only")),
        position=node.position,
    )
    reason = (
        f"the claim starts empty ({found.because}); what {shown} holds has to be copied into it"
        if keeps
        else f"the files vanish with the pod ({found.because})"
    )
    to = "PersistentVolumeClaim" if keeps else "Pod.spec.volumes.emptyDir"
    mounts = Mounts(storages={identity: storage}, storage_mounts=(mount,))
    return mounts, [approximated(path, reason, to)]


def _node_path(path: tuple[str | int, ...], node: Node, bind: binds.Bind, shown: str) -> _Result:
    identity = f"bind:{bind.source}"
    options = field(node, "bind")
    propagation = field(options, "propagation") if options is not None else None
    storage = Storage(
        name=label(shown), lifetime=Lifetime.NODE, node_path=bind.source, position=node.position
    )
    mount = StorageMount(
        storage=identity,
        path=bind.target,
        read_only=truth(field(node, "read_only")),
        propagation=text(propagation) if propagation is not None else None,
        position=node.position,
    )
    mounts = Mounts(storages={identity: storage}, storage_mounts=(mount,))
    return mounts, [carried(path, "Pod.spec.volumes.hostPath: mooring.yaml says so")]


def _tmpfs(service: ServiceView, index: int, node: Node, around: Around) -> _Result:
    options = field(node, "tmpfs")
    size = field(options, "size") if options is not None else None
    path = service.path("volumes", index)
    notes: list[Note] = [carried(path, "Pod.spec.volumes.emptyDir in memory")]
    if options is not None and field(options, "mode") is not None:
        notes.append(
            dropped((*path, "tmpfs", "mode"), "an emptyDir is writable by all users of the pod")
        )
    bytes_ = whole(size) if size is not None else None
    return _memory(service, _target(node), bytes_ or None, node.position), notes


def _memory(
    service: ServiceView, target: str, size: int | None, position: Position | None
) -> Mounts:
    target = posixpath.normpath(target)
    identity = f"memory:{service.name}:{target}"
    storage = Storage(
        name=label(f"{service.name}{target.replace('/', '-')}"),
        lifetime=Lifetime.MEMORY,
        size=size,
        position=position,
    )
    mount = StorageMount(storage=identity, path=target, position=position)
    return Mounts(storages={identity: storage}, storage_mounts=(mount,))


def _size_option(options: str) -> int | None:
    for option in options.split(","):
        name, _, value = option.partition("=")
        if name == "size" and value:
            return parse_bytes(value)
    return None


def _image(service: ServiceView, index: int, node: Node, around: Around) -> _Result:
    source = field(node, "source")
    reference = text(source) if source is not None else ""
    options = field(node, "image")
    sub_path = field(options, "subpath") if options is not None else None
    identity = f"image:{reference}"
    storage = Storage(
        name=label(reference),
        lifetime=Lifetime.IMAGE,
        image=reference,
        position=node.position,
    )
    mount = StorageMount(
        storage=identity,
        path=_target(node),
        read_only=True,
        sub_path=text(sub_path) if sub_path is not None else None,
        position=node.position,
    )
    note = approximated(
        service.path("volumes", index),
        "an image volume is read-only, and needs Kubernetes 1.35 or its ImageVolume feature",
        "Pod.spec.volumes.image",
    )
    return Mounts(storages={identity: storage}, storage_mounts=(mount,)), [note]


def _impossible(service: ServiceView, index: int, node: Node, around: Around) -> _Result:
    reason = f'a mount of type "{_type(node)}" exists only on a Docker host'
    return Mounts(), [refused(service.path("volumes", index), reason)]


_MOUNT_OF = {
    "volume": _named,
    "bind": _bind_mount,
    "tmpfs": _tmpfs,
    "image": _image,
    "npipe": _impossible,
    "cluster": _impossible,
}
