"""
The top-level elements: `name`, `volumes`, `configs`, `secrets`.

What a service uses of them is answered where the service is translated; here stands what becomes
of their own fields.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.accounting import Entry, Outcome, Path
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence, path_text, plain
from mooring.compose.project import Project
from mooring.findings import Finding, Rule, Severity
from mooring.kube.names import config_key, is_annotation_key
from mooring.translate import unsupported
from mooring.translate.extensions import extension_note
from mooring.translate.named_volumes import (
    bound_device,
    can_be_label,
    external_name,
    network_share,
)
from mooring.translate.notes import Note, approximated, carried, dropped
from mooring.translate.service import TranslatedService
from mooring.translate.view import ServiceView, entries, field, text, truth

ELEMENTS = ("name", "volumes", "configs", "secrets")

NOTHING: ReadOnly[tuple[str, str], str] = {}

EXTERNAL_NEEDED = Rule(id="external-object-needed", severity=Severity.WARNING, since="0.1")

_STORED_BY_DOCKER = {
    "driver": "a StorageClass takes the driver's place: volumes.<name>.storage_class",
    "driver_opts": "a StorageClass takes the options' place: volumes.<name>.storage_class",
}


def translate(
    root: Mapping, used: dict[str, set[str]], repeated: ReadOnly[tuple[str, str], str] = NOTHING
) -> Iterator[Note]:
    """
    Yield what becomes of the top-level elements beside the services.

    ``used`` tells which volumes, configs and secrets some service mounts, by element; ``repeated``
    are the definitions that only repeat another's, which is named.
    """
    for (element, key), meant in repeated.items():
        yield from _repeated(root.get(element), (element, key), meant)
    root = _without(root, repeated)
    yield from unsupported.account_for_project(root)
    for name, node in root.entries.items():
        if name == "name":
            yield carried(("name",), "Namespace.metadata.name and the label instance")
        elif name == "volumes":
            yield from _volumes(node, used[name])
        elif name in {"configs", "secrets"}:
            yield from _documents(name, node, used[name])


def used(
    project: Project,
    views: ReadOnly[str, ServiceView],
    translated: ReadOnly[str, TranslatedService],
) -> dict[str, set[str]]:
    """Return which top-level volumes, configs and secrets some service mounts."""
    found: dict[str, set[str]] = {"volumes": set(), "configs": set(), "secrets": set()}
    for view in views.values():
        for element, names in found.items():
            node = view.get(element)
            for item in node.items if isinstance(node, Sequence) else ():
                source = field(item, "source") if isinstance(item, Mapping) else None
                if isinstance(source, Scalar):
                    names.add(text(source))
    definitions = project.mappings("volumes")
    # A volume of which each service has its own is told apart by the service's name.
    mounted = {
        ":".join(identity.split(":")[:2])
        for one in translated.values()
        for identity in one.storages
    }
    found["volumes"] = {
        name
        for name in found["volumes"]
        if f"volume:{name}" in mounted or bound_device(definitions.get(name)) is not None
    }
    return found


def _repeated(named: Node | None, path: tuple[str, str], meant: str) -> Iterator[Note]:
    """Say of a definition that it repeats the one called ``meant``, and of what it says else."""
    yield carried(path, f'what becomes of "{meant}": it is the same')
    own = field(named, path[1]) if named is not None else None
    first = field(named, meant) if named is not None else None
    if not isinstance(own, Mapping) or not isinstance(first, Mapping):
        return
    if truth(field(own, "external")):
        return
    for name, value in own.entries.items():
        other = first.entries.get(name)
        if name != "name" and (other is None or plain(other) != plain(value)):
            yield dropped(
                (*path, name), f'how it is made is said by the first that defines "{meant}"'
            )


def _without(root: Mapping, left_out: ReadOnly[tuple[str, str], str]) -> Mapping:
    if not left_out:
        return root
    entries = {
        element: Mapping(
            {key: one for key, one in node.entries.items() if (element, key) not in left_out},
            node.position,
            node.keys,
        )
        if isinstance(node, Mapping)
        else node
        for element, node in root.entries.items()
    }
    return Mapping(entries, root.position, root.keys)


def _volumes(node: Node, used: set[str]) -> Iterator[Note]:
    for name, volume in entries(node):
        path = ("volumes", name)
        if name not in used:
            yield dropped(path, "no service mounts it")
            continue
        bound = bound_device(volume)
        yield carried(
            path, "PersistentVolumeClaim" if bound is None else "what a bind mount becomes"
        )
        if not isinstance(volume, Mapping):
            continue
        claim = external_name(name, volume)
        if claim is not None:
            yield _external(("volumes", name), volume, f"the PersistentVolumeClaim {claim}")
        for key, value in volume.entries.items():
            if key == "name" and claim is None:
                if _is_written(volume, key):
                    reason = "the claim is called as the Compose file calls the volume"
                    yield dropped((*path, key), reason)
            elif key in _STORED_BY_DOCKER and not _is_understood(volume, key, value):
                yield dropped((*path, key), _STORED_BY_DOCKER[key])
            elif key == "labels":
                yield from _labels((*path, key), value)
            elif key.startswith("x-"):
                yield extension_note((*path, key))


def _labels(path: Path, labels: Node) -> Iterator[Note]:
    for key, value in entries(labels):
        if can_be_label(key, text(value)):
            continue
        if is_annotation_key(key):
            reason = "a label's name and value are short words, so it is kept as an annotation"
            yield approximated((*path, key), reason, "metadata.annotations")
        else:
            yield dropped((*path, key), "neither a label nor an annotation can have this name")


def _external(path: Path, definition: Mapping, what: str) -> Finding:
    return EXTERNAL_NEEDED.finding(
        definition.key_position("external"),
        f"{path_text(path)} is not made here: its pods start once {what} is in their namespace",
        remedy=f"make {what} in the namespace before",
    )


def _is_written(mapping: Mapping, key: str) -> bool:
    """Tell whether the user wrote ``key``, or Compose made it up."""
    return key in mapping.keys


def _is_understood(volume: Mapping, key: str, value: Node) -> bool:
    """Tell whether a driver or its options say what can be said here: local, a bind, NFS."""
    if key == "driver":
        return text(value) == "local"
    return bound_device(volume) is not None or network_share(volume) is not None


def _documents(element: str, node: Node, used: set[str]) -> Iterator[Note]:
    to = "Secret.data" if element == "secrets" else "ConfigMap.data"
    for name, document in entries(node):
        path = (element, name)
        if name not in used:
            yield dropped(path, "no service is granted it; a build that is gives it to the builder")
            continue
        yield carried(path, to)
        if not isinstance(document, Mapping):
            continue
        external = external_name(name, document)
        if external is not None:
            kind = "Secret" if element == "secrets" else "ConfigMap"
            what = f"the {kind} {external}, with the key {config_key(name)},"
            yield _external(path, document, what)
        for key in document.entries:
            if key == "name" and external is None:
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
                yield extension_note((*path, key))
