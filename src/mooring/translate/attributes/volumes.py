"""
Where a container reads and writes: `volumes` and `tmpfs`.

## What it means
A named volume outlives its containers and may be shared; an anonymous one belongs to one
container; a bind mount ties in a path of the machine; a tmpfs lives in memory.

## What it becomes
| Compose | Kubernetes |
|---|---|
| named volume | a PersistentVolumeClaim (external ones are referred to, not made) |
| anonymous volume | `emptyDir`; a claim where a data store keeps its data there |
| tmpfs | `emptyDir` in memory, counted against the memory limit |
| bind of `/dev/shm` | the same, mounted there |
| bind of a file | a ConfigMap or Secret, mounted at that very path by `subPath` |
| bind of a folder | files to ship, a place to keep data, or source code: see the decision |
| the runtime's socket | refused unless mooring.yaml allows it: it commands the whole node |
| a path of the machine | refused unless mooring.yaml says `node`, or allows it |

Docker fills a new volume with what the image holds at its path.  Where the stack builds the image
and its Dockerfile copies files there, a step before the start does the same (not with `nocopy`).  A
volume that only keeps a mount of source code off the image's own files (`/app/node_modules`) goes
with that mount, and so does an anonymous one over what an image has installed.

A secret file that holds a word in the place of a secret is an open question.

## What is lost
A new claim of an image that is not built here is empty.  Shipped files are read-only; those that
the process is known to own or to change, and folders that are mounted writable into an image of
which nothing is known, are copied for each pod, and changes are lost with it.  A tmpfs has its
size, and no other option: it is writable by all users of the pod.

## References
- https://docs.docker.com/reference/compose-file/services/#volumes
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/
"""

import posixpath
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.accounting import Entry, Outcome
from mooring.app.storage import Lifetime, Storage, StorageMount
from mooring.compose.nodes import Mapping, Node
from mooring.compose.units import InvalidSize, parse_bytes
from mooring.kube.names import label
from mooring.settings.choices import Allowance, Choices, MountChoice, Sharing
from mooring.sources import Position
from mooring.translate import binds
from mooring.translate.binds import Meaning
from mooring.translate.bound import BindMount, Carried, carry, shown_path
from mooring.translate.hollow_volumes import hollow_volumes
from mooring.translate.machine_rights import refusal
from mooring.translate.mounts import Mounts, joined
from mooring.translate.named_volumes import bound_device, named_storage
from mooring.translate.node_agents import is_agent
from mooring.translate.notes import (
    Note,
    Translated,
    approximated,
    carried,
    dropped,
    refused,
)
from mooring.translate.package_volumes import is_for_packages, without_packages
from mooring.translate.surroundings import Surroundings
from mooring.translate.view import ServiceView, entries, field, items, text, texts, truth, whole
from mooring.translate.workspaces import workspace

ATTRIBUTES = ("volumes", "tmpfs")


_FIELDS_WITHOUT_COUNTERPART = {
    "consistency": "it tunes file sharing of Docker Desktop",
    "selinux": "the node's runtime labels volumes by itself",
    "recursive": "Kubernetes mounts recursively",
    "create_host_path": "there is no path of the host to create",
}
_STARTS_EMPTY = "it starts empty, where Docker would copy into it what the image holds there"
_MADE_BY_A_BUILD = frozenset(
    {"node_modules", "vendor", "venv", ".venv", "target", "dist", "build", ".next", ".nuxt",
     "bower_components", "__pycache__", "site-packages", "bundle", "deps", "_build", "obj"}
)  # fmt: skip
"""Folders in the midst of sources that hold what was installed or built, and no data."""
_INSTALLED = frozenset({"node_modules", "bower_components", ".venv", "venv", "site-packages"})
"""Folders, wherever they are, that hold what was installed while the image was built."""


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the translation of mounts needs to know of the project around the service.

    ``shared`` are the volumes that several services mount; ``secrets`` the secret values of the
    stack, each with the service and the setting that holds it.
    """

    project_directory: str
    volumes: Mapping
    surroundings: Surroundings
    choices: Choices
    shared: frozenset[str] = frozenset()
    secrets: ReadOnly[str, tuple[str, str]] = {}


def translate(service: ServiceView, around: Around) -> Translated[Mounts]:
    """Return what the service's container mounts, the storages and documents by identity."""
    done: dict[int, Carried] = {}
    sources: list[str] = []
    volumes = tuple(items(service.get("volumes")))
    # Binds come first: what is left out of them decides what becomes of volumes inside.
    for index, node in volumes:
        bound = _bound_source(node, around)
        if bound == _target(node) == _SHARED_MEMORY and not around.choices.service(
            service.name
        ).mounts.get(_SHARED_MEMORY):
            done[index] = _shared_memory(service, index, node)
        elif bound is not None:
            mount = _bind(service, index, node, around, bound)
            done[index] = _carried_bind(service, mount, around)
            if mount.found.meaning in {Meaning.SOURCE_CODE, Meaning.WORKSPACE, Meaning.LEFT_OUT}:
                sources.append(mount.bind.target)
    chosen = around.choices.service(service.name).mounts
    hollow = hollow_volumes(service, chosen, around.shared) if len(volumes) > 1 else {}
    for index, node in volumes:
        if index in hollow:
            done[index] = _left_out(service, index, _HOLDS_NOTHING)
            done[index][1].append(hollow[index])
        elif index not in done and chosen.get(_target(node)) is MountChoice.DROP:
            done[index] = _left_out(service, index, "mooring.yaml leaves it out")
        elif index not in done:
            if _shields_files(node, sources):
                done[index] = _left_out(service, index, _SHIELDS)
            elif _is_over_installed(node):
                done[index] = _left_out(service, index, _INSTALLED_THERE)
            elif sources and _target(node) not in chosen and is_for_packages(service, node):
                done[index] = _left_out(service, index, _OF_PACKAGES)
                done[index][1].append(without_packages(service, node))
            else:
                done[index] = _MOUNT_OF[_type(node)](service, index, node, around)
    parts = [done[index][0] for index, _ in volumes]
    notes = [note for index, _ in volumes for note in done[index][1]]
    for index, value in enumerate(texts(service.get("tmpfs"))):
        mounts, note = _short_tmpfs(service, index, value)
        parts.append(mounts)
        notes.append(note)
    return Translated(joined(parts), tuple(notes))


def _type(node: Node) -> str:
    kind = field(node, "type")
    return text(kind) if kind is not None else "volume"


def _target(node: Node) -> str:
    target = field(node, "target")
    return posixpath.normpath(text(target)) if target is not None else "/"


def _bound_source(node: Node, around: Around) -> str | None:
    """Return the path of the machine that a bind mount ties in, if ``node`` is one."""
    kind, source = _type(node), field(node, "source")
    if kind == "bind":
        return posixpath.normpath(text(source)) if source is not None else ""
    if kind == "volume" and source is not None:
        return bound_device(around.volumes.get(text(source)))
    return None


def _shields_files(node: Node, sources: list[str]) -> bool:
    """
    Tell whether a volume only keeps files of the image from being hidden by one of ``sources``.

    ``sources`` are the targets of mounts that are left out.  A named volume may hold data, so its
    folder has to be one that a build makes.
    """
    if not sources or _type(node) != "volume":
        return False
    target = _target(node)
    is_inside = any(target.startswith(f"{source.rstrip('/')}/") for source in sources)
    is_anonymous = field(node, "source") is None
    return is_inside and (is_anonymous or target.rsplit("/", 1)[-1] in _MADE_BY_A_BUILD)


def _is_over_installed(node: Node) -> bool:
    """Tell whether an anonymous volume hides, and in Docker repeats, what the image installed."""
    is_anonymous = _type(node) == "volume" and field(node, "source") is None
    return is_anonymous and posixpath.basename(_target(node)) in _INSTALLED


_HOLDS_NOTHING = "the image keeps nothing in it beside what is mounted inside of it"


def _left_out(service: ServiceView, index: int, reason: str) -> Carried:
    return Mounts(), [dropped(service.path("volumes", index), reason)]


_SHIELDS = "it keeps a mount of sources off the image's own files, and that mount is left out"
_INSTALLED_THERE = "Docker fills it with what the image has installed there, which is seen without"


_OF_PACKAGES = "it keeps what a developer installs beside the sources, and the image has its own"


def _volume(service: ServiceView, index: int, node: Node, around: Around) -> Carried:
    path = service.path("volumes", index)
    source = field(node, "source")
    options = field(node, "volume")
    target = _target(node)
    to = "Pod.spec.volumes"
    if source is None:
        identity = f"anonymous:{service.name}:{target}"
        storage = Storage(
            name=label(f"{service.name}{target.replace('/', '-')}"),
            lifetime=Lifetime.REPLICA,
            position=node.position,
        )
    else:
        name = text(source)
        identity = f"volume:{name}"
        storage = named_storage(name, around.volumes.get(name), around.choices)
        if name in around.shared and around.choices.volume(name).sharing is Sharing.EACH:
            identity = f"volume:{name}:{service.name}"
            storage = msgspec.structs.replace(storage, name=label(f"{name}-{service.name}"))
        to = "container.volumeMounts; PersistentVolumeClaim"
    keeps_empty = options is not None and truth(field(options, "nocopy"))
    is_old = storage.external_name is not None or storage.share is not None
    reason = "" if keeps_empty or is_old else _STARTS_EMPTY
    notes: list[Note] = [Entry(path, Outcome.CARRIED, reason, to)]
    if options is not None and field(options, "labels") is not None:
        notes.append(dropped((*path, "volume", "labels"), "a claim has the labels of its volume"))
    mount = StorageMount(
        storage=identity,
        path=target,
        read_only=truth(field(node, "read_only")),
        sub_path=text(sub) if options is not None and (sub := field(options, "subpath")) else None,
        position=node.position,
    )
    return Mounts(storages={identity: storage}, storage_mounts=(mount,)), notes


def _bind(service: ServiceView, index: int, node: Node, around: Around, source: str) -> BindMount:
    build = service.get("build")
    context = field(build, "context") if build is not None else None
    bind = binds.Bind(
        source=source,
        target=_target(node),
        build_context=text(context) if context is not None else service.builder_context or None,
        in_workspace=workspace(service, around.choices) is not None,
    )
    choice = around.choices.service(service.name).mounts.get(bind.target)
    return BindMount(
        service=service.name,
        path=service.path("volumes", index),
        node=node,
        bind=bind,
        shown=shown_path(source, around.project_directory),
        found=_triage(service, bind, around, choice),
    )


def _triage(
    service: ServiceView, bind: binds.Bind, around: Around, choice: MountChoice | None
) -> binds.Triage:
    """
    Return what the bind means.

    Of a folder from which the image is built the image holds what its Dockerfile copies to the
    mount's place.  Where it copies to other places only, small files are shipped.
    """
    found = binds.triage(bind, around.surroundings, choice)
    if found.meaning is Meaning.SOURCE_CODE and _is_copied_elsewhere(service, bind.target):
        unbuilt = msgspec.structs.replace(bind, build_context=None)
        shipped = binds.triage(unbuilt, around.surroundings, choice)
        if shipped.meaning in {Meaning.DOCUMENT_FILE, Meaning.DOCUMENT_FOLDER}:
            return shipped
    return found


def _is_copied_elsewhere(service: ServiceView, target: str) -> bool:
    facts = service.image_facts
    if facts is None or not facts.copies or not all(copy.absolute for copy in facts.copies):
        return False
    places = (posixpath.normpath(copy.destination.value) for copy in facts.copies)
    return not any(_touch(place, target) for place in places)


def _touch(one: str, other: str) -> bool:
    """Tell whether one of two folders is the other, or holds it."""
    one, other = f"{one.rstrip('/')}/", f"{other.rstrip('/')}/"
    return one.startswith(other) or other.startswith(one)


def _carried_bind(service: ServiceView, mount: BindMount, around: Around) -> Carried:
    choice = around.choices.service(service.name).mounts.get(mount.bind.target)
    if choice is None and _may_have(service, mount, around):
        found = msgspec.structs.replace(mount.found, meaning=Meaning.MACHINE)
        mount = msgspec.structs.replace(mount, found=found)
        choice = MountChoice.NODE
    mounts, notes = carry(mount, around.surroundings, choice, around.secrets)
    if mounts == Mounts() and mount.found.meaning in _OF_THE_MACHINE:
        notes.extend(_refusal(service, mount, around))
    for name, _ in entries(field(mount.node, "bind")):
        if name in _FIELDS_WITHOUT_COUNTERPART:
            reason = _FIELDS_WITHOUT_COUNTERPART[name]
            notes.append(dropped((*mount.path, "bind", name), reason))
    return mounts, notes


_OF_THE_MACHINE = {
    Meaning.MACHINE: Allowance.HOST_PATH,
    Meaning.RUNTIME_SOCKET: Allowance.RUNTIME_SOCKET,
}


def _may_have(service: ServiceView, mount: BindMount, around: Around) -> bool:
    """Tell whether a path of the machine is mounted: it is allowed, or that of a node's agent."""
    needed = _OF_THE_MACHINE.get(mount.found.meaning)
    if needed in (around.choices.service(service.name).allow or ()):
        return True
    return needed is Allowance.HOST_PATH and is_agent(service, around.choices)


def _refusal(service: ServiceView, mount: BindMount, around: Around) -> tuple[Note, ...]:
    chosen = around.choices.service(service.name)
    if chosen.allow is not None or mount.bind.target in chosen.mounts:
        return ()
    needed = _OF_THE_MACHINE[mount.found.meaning]
    return refusal(service, (needed,), mount.position, f"for {mount.shown} of its node")


def _tmpfs(service: ServiceView, index: int, node: Node, around: Around) -> Carried:
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


_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - a path of containers


def _shared_memory(service: ServiceView, index: int, node: Node) -> Carried:
    """Return memory of the pod's own, which is what a program wants of that of its machine."""
    if service.get("shm_size") is not None:
        return _left_out(service, index, "`shm_size` says how much shared memory it has")
    reason = "it gets shared memory of its own: that of the machine would be that of all its pods"
    note = approximated(
        service.path("volumes", index), reason, "Pod.spec.volumes.emptyDir in memory"
    )
    return _memory(service, _SHARED_MEMORY, None, node.position), [note]


def _short_tmpfs(service: ServiceView, index: int, value: str) -> tuple[Mounts, Note]:
    """Return what a text such as `/run:size=64m,mode=755` mounts, and what is lost of it."""
    target, _, options = value.partition(":")
    path = service.path("tmpfs", index)
    size: int | None = None
    lost: list[str] = []
    for option in filter(None, options.split(",")):
        name, _, given = option.partition("=")
        try:
            size = parse_bytes(given) if name == "size" else size
        except InvalidSize:
            lost.append(option)
        else:
            if name not in {"size", "rw"}:
                lost.append(option)
    to = "Pod.spec.volumes.emptyDir in memory"
    note: Note = carried(path, to)
    if lost:
        note = approximated(path, f"an emptyDir has no option like {', '.join(lost)}", to)
    return _memory(service, target, size, service.position("tmpfs")), note


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


def _image(service: ServiceView, index: int, node: Node, around: Around) -> Carried:
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


def _impossible(service: ServiceView, index: int, node: Node, around: Around) -> Carried:
    reason = f'a mount of type "{_type(node)}" exists only on a Docker host'
    return Mounts(), [refused(service.path("volumes", index), reason)]


_MOUNT_OF = {
    "volume": _volume,
    "tmpfs": _tmpfs,
    "image": _image,
    "npipe": _impossible,
    "cluster": _impossible,
}
