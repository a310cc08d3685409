"""
The top-level elements: `name`, `volumes`, `configs`, `secrets`.

What a service uses of them is answered where the service is translated; here stands what becomes
of their own fields.
"""

from collections.abc import Iterator

from mooring.accounting import Entry, Outcome
from mooring.compose.nodes import Mapping, Node
from mooring.translate import unsupported
from mooring.translate.notes import Note, carried, dropped
from mooring.translate.view import entries, field, text, truth

ELEMENTS = ("name", "volumes", "configs", "secrets")

_STORED_BY_DOCKER = {
    "driver": "a StorageClass takes the driver's place: volumes.<name>.storage_class",
    "driver_opts": "a StorageClass takes the options' place: volumes.<name>.storage_class",
}


def translate(root: Mapping, used: dict[str, set[str]]) -> Iterator[Note]:
    """
    Yield what becomes of the top-level elements beside the services.

    ``used`` tells which volumes, configs and secrets some service mounts, by element.
    """
    yield from unsupported.account_for_project(root)
    for name, node in root.entries.items():
        if name == "name":
            yield carried(("name",), "Namespace.metadata.name and the label instance")
        elif name == "volumes":
            yield from _volumes(node, used[name])
        elif name in {"configs", "secrets"}:
            yield from _documents(name, node, used[name])


def _volumes(node: Node, used: set[str]) -> Iterator[Note]:
    for name, volume in entries(node):
        path = ("volumes", name)
        if name not in used:
            yield dropped(path, "no service mounts it")
            continue
        yield carried(path, "PersistentVolumeClaim")
        if not isinstance(volume, Mapping):
            continue
        external = truth(field(volume, "external"))
        for key, value in volume.entries.items():
            if key == "name" and not external:
                if _is_written(volume, key):
                    reason = "the claim is called as the Compose file calls the volume"
                    yield dropped((*path, key), reason)
            elif key in _STORED_BY_DOCKER and not _is_understood(volume, key, value):
                yield dropped((*path, key), _STORED_BY_DOCKER[key])
            elif key.startswith("x-"):
                yield dropped((*path, key), "an extension has meaning only for its tool")


def _is_written(mapping: Mapping, key: str) -> bool:
    """Tell whether the user wrote ``key``, or Compose made it up."""
    return key in mapping.keys


def _is_understood(volume: Mapping, key: str, value: Node) -> bool:
    """Tell whether a driver or its options say what a claim can say: local, a bind, NFS."""
    if key == "driver":
        return text(value) == "local"
    options = {name: text(option) for name, option in entries(field(volume, "driver_opts"))}
    return options.get("type") in {"nfs", "nfs4", "none", "bind"} or "bind" in options.get("o", "")


def _documents(element: str, node: Node, used: set[str]) -> Iterator[Note]:
    to = "Secret.data" if element == "secrets" else "ConfigMap.data"
    for name, document in entries(node):
        path = (element, name)
        if name not in used:
            yield dropped(path, "no service is granted it")
            continue
        yield carried(path, to)
        if not isinstance(document, Mapping):
            continue
        external = truth(field(document, "external"))
        for key in document.entries:
            if key == "name" and not external:
                if _is_written(document, key):
                    reason = f"the object is called as the Compose file calls the {element[:-1]}"
                    yield dropped((*path, key), reason)
            elif key in {"labels", "driver", "driver_opts", "template_driver"}:
                yield dropped((*path, key), "it belongs to a Swarm, not to a cluster")
            elif key == "file":
                yield Entry(
                    (*path, key),
                    Outcome.CARRIED,
                    "the content goes into the cluster, not the path",
                    to,
                )
            elif key.startswith("x-"):
                yield dropped((*path, key), "an extension has meaning only for its tool")
