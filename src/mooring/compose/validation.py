"""
Contradictions within one attribute of the merged files.

These are not faults of shape: each part is allowed, together they say nothing that can be done.
The merged model is judged, since a later file may add what an earlier one lacks.

Source: compose-go's validation; the messages are ours.
"""

from collections.abc import Callable, Iterator

from mooring.compose import suggest
from mooring.compose.attributes import gpus, ports
from mooring.compose.nodes import Mapping, Node, Path, Scalar, Sequence, path_text
from mooring.errors import InputError
from mooring.sources import Position

_Judge = Callable[[Node], InputError | None]


def validate(root: Mapping) -> list[InputError]:
    """Return every contradiction inside an attribute of the canonical ``root``."""
    errors: list[InputError] = []
    for name, service, _ in _entries(root, "services"):
        for attribute, judge in _LISTS.items():
            _judge_items(service.get(attribute), judge, ("services", name, attribute), errors)
        for path, judge in _DEEP_LISTS:
            found: Node | None = service
            for part in path:
                found = found.get(part) if isinstance(found, Mapping) else None
            _judge_items(found, judge, ("services", name, *path), errors)
    for kind in ("services", "jobs"):
        for name, container, _ in _entries(root, kind):
            errors += _pid_faults(container, (kind, name, "pid"))
    for name, volume, key in _entries(root, "volumes"):
        errors += _external_faults(volume, ("volumes", name), key)
    for kind, sources in _SOURCES.items():
        for name, resource, key in _entries(root, kind):
            errors += _source_faults(resource, sources, (kind, name), key)
    return errors


def _entries(root: Mapping, kind: str) -> Iterator[tuple[str, Mapping, Position | None]]:
    found = root.get(kind)
    if isinstance(found, Mapping):
        for name, value in found.entries.items():
            if isinstance(value, Mapping):
                yield name, value, found.key_position(name)


def _judge_items(node: Node | None, judge: _Judge, path: Path, errors: list[InputError]) -> None:
    if not isinstance(node, Sequence):
        return
    for index, item in enumerate(node.items):
        fault = judge(item)
        if fault is not None:
            errors.append(
                InputError(
                    f"{path_text((*path, index))}: {fault.message}",
                    position=fault.position or node.position,
                    remedy=fault.remedy,
                )
            )


def _watched_path(node: Node) -> InputError | None:
    path = node.get("path") if isinstance(node, Mapping) else None
    if isinstance(path, Scalar) and path.value == "":
        return InputError(
            "the path to watch is empty",
            position=path.position,
            remedy="name a file or directory, as in path: ./src",
        )
    return None


def _pid_faults(container: Mapping, path: Path) -> Iterator[InputError]:
    """The specification allows null here, and Docker Compose breaks off at it."""
    pid = container.get("pid")
    if isinstance(pid, Scalar) and pid.value is None:
        yield InputError(
            f"{path_text(path)}: has no value",
            position=pid.position or container.key_position("pid"),
            remedy='write "host" or "service:NAME", or remove the line',
        )


def _external_faults(node: Mapping, path: Path, key: Position | None) -> Iterator[InputError]:
    """What exists already is not described here, only named."""
    external = node.get("external")
    if not isinstance(external, Scalar) or external.value is not True:
        return
    for name in node.entries:
        if name not in ("name", "external") and not name.startswith("x-"):
            position = node.key_position(name) or key
            remedy = f'remove "{name}", or remove "external"'
            if position and external.position and position.file != external.position.file:
                remedy += "; files that are projects of their own are listed under projects: in "
                remedy += "mooring.yaml"
            yield InputError(
                f'{path_text(path)}: "{name}" says how to create what is external, so it exists',
                position=position,
                remedy=remedy,
            )


def _source_faults(
    node: Mapping, sources: tuple[str, ...], path: Path, key: Position | None
) -> Iterator[InputError]:
    """The content of a file comes from one place."""
    said = [name for name in sources if name in node.entries]
    if len(said) > 1:
        yield InputError(
            f"{path_text(path)}: {suggest.listed(said)} exclude each other",
            position=node.key_position(said[1]) or key,
            remedy=f"keep {suggest.one_of(said)}",
        )
    elif not said and "driver" not in node.entries and "external" not in node.entries:
        yield InputError(
            f"{path_text(path)}: nothing says what it holds",
            position=key or node.position,
            remedy=f'add {suggest.one_of(sources)}, or "external: true" where it exists already',
        )


_LISTS: dict[str, _Judge] = {"gpus": gpus.fault, "ports": ports.fault}
_DEEP_LISTS: tuple[tuple[tuple[str, ...], _Judge], ...] = (
    (("deploy", "resources", "reservations", "devices"), gpus.fault),
    (("develop", "watch"), _watched_path),
)
_SOURCES = {
    "configs": ("file", "environment", "content"),
    "secrets": ("file", "environment"),
}
