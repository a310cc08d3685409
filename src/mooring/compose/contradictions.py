"""
Attributes of one service that cannot hold together, or cannot hold at all.

Source: compose-go's consistency checks; the messages are ours.
"""

from collections.abc import Iterator

from mooring.compose import suggest
from mooring.compose.attributes import healthcheck
from mooring.compose.declared import integer, text, texts
from mooring.compose.nodes import Mapping, Scalar, Sequence
from mooring.errors import InputError
from mooring.sources import Position

_SAID_TWICE = (
    ("cpus", "limits", "cpus"),
    ("mem_limit", "limits", "memory"),
    ("mem_reservation", "reservations", "memory"),
    ("pids_limit", "limits", "pids"),
)


class Contradiction(InputError):
    """Two attributes that cannot both hold."""


def service_faults(
    name: str, service: Mapping, declared_at: Position | None
) -> Iterator[InputError]:
    """Yield what the service called ``name`` says and cannot mean."""
    entries = service.entries
    if "image" not in entries and "build" not in entries and "provider" not in entries:
        yield InputError(
            f'service "{name}" has neither an image nor a build',
            position=declared_at,
            remedy="add image: with the name of an image, or build: with a directory",
        )
    networks = service.get("networks")
    if "network_mode" in entries and isinstance(networks, Mapping) and networks.entries:
        yield Contradiction(
            f'service "{name}": network_mode and networks exclude each other',
            position=service.key_position("network_mode"),
            remedy="remove one of the two",
        )
    yield from _build_faults(name, service)
    yield from _health_faults(name, service)
    yield from _mount_faults(name, service)
    yield from _count_faults(name, service)
    yield from _amount_faults(name, service)
    yield from _watch_faults(name, service)
    yield from _env_file_faults(name, service)


def _build_faults(name: str, service: Mapping) -> Iterator[InputError]:
    build = service.get("build")
    if not isinstance(build, Mapping):
        return
    if "dockerfile" in build.entries and "dockerfile_inline" in build.entries:
        yield Contradiction(
            f'service "{name}": dockerfile and dockerfile_inline exclude each other',
            position=build.key_position("dockerfile_inline"),
            remedy="keep one of the two",
        )
    platform = text(service, "platform")
    platforms = [each for each, _ in texts(build.get("platforms"))]
    if platform and platforms and platform not in platforms:
        yield Contradiction(
            f'service "{name}" runs on {platform}, for which it is not built',
            position=build.key_position("platforms"),
            remedy=f'add "{platform}" to build.platforms',
        )


def _health_faults(name: str, service: Mapping) -> Iterator[InputError]:
    check = service.get("healthcheck")
    test = check.get("test") if isinstance(check, Mapping) else None
    for word, position in texts(test)[:1]:
        if word not in healthcheck.KINDS:
            yield InputError(
                f'service "{name}": the test begins with "{word}"',
                position=position,
                remedy=f"begin it with {suggest.one_of(healthcheck.KINDS)}",
            )


def _mount_faults(name: str, service: Mapping) -> Iterator[InputError]:
    """No two mounts share a place."""
    mounts = service.get("volumes")
    targets = [(each.partition(":")[0], position) for each, position in texts(service.get("tmpfs"))]
    if isinstance(mounts, Sequence):
        targets += [(text(mount, "target") or "", mount.position) for mount in mounts.items]
    places: dict[str, Position | None] = {}
    for target, position in targets:
        if target in places:
            first = f", first at {places[target]}" if places[target] else ""
            yield Contradiction(
                f'service "{name}" mounts two things at "{target}"{first}',
                position=position,
                remedy="remove one of the two, or mount it elsewhere",
            )
        places.setdefault(target, position)


def _count_faults(name: str, service: Mapping) -> Iterator[InputError]:
    deploy = service.get("deploy")
    scale, replicas = integer(service, "scale"), integer(deploy, "replicas")
    if scale is not None and replicas is not None and scale != replicas:
        yield _two_values(name, "scale", "deploy.replicas", service)
    if scale is not None and scale < 0:
        yield _negative(name, "scale", service.key_position("scale"))
    if replicas is not None and replicas < 0 and isinstance(deploy, Mapping):
        yield _negative(name, "deploy.replicas", deploy.key_position("replicas"))
    many = scale if scale is not None else replicas
    if many is not None and many > 1 and "container_name" in service.entries:
        yield Contradiction(
            f'service "{name}" runs {many} containers, which cannot all have one container_name',
            position=service.key_position("container_name"),
            remedy="remove container_name, or run one container",
        )


def _amount_faults(name: str, service: Mapping) -> Iterator[InputError]:
    """One amount may be said on the service and under deploy, with one value."""
    deploy = service.get("deploy")
    resources = deploy.get("resources") if isinstance(deploy, Mapping) else None
    if not isinstance(resources, Mapping):
        return
    for attribute, section, same in _SAID_TWICE:
        own, other = service.get(attribute), resources.get(section)
        if isinstance(own, Scalar) and isinstance(other, Mapping):
            twin = other.get(same)
            if not isinstance(twin, Scalar) or twin.value != own.value:
                yield _two_values(name, attribute, f"deploy.resources.{section}.{same}", service)


def _watch_faults(name: str, service: Mapping) -> Iterator[InputError]:
    develop = service.get("develop")
    watch = develop.get("watch") if isinstance(develop, Mapping) else None
    for trigger in watch.items if isinstance(watch, Sequence) else ():
        action = text(trigger, "action")
        if action not in ("rebuild", "restart") and not text(trigger, "target"):
            yield InputError(
                f'service "{name}": what is watched with the action "{action}" has no target',
                position=trigger.position,
                remedy="add target: with the path in the container",
            )


def _env_file_faults(name: str, service: Mapping) -> Iterator[InputError]:
    """An empty path, as an unset variable leaves it behind, names no file."""
    hooks = service.get("pre_start")
    containers = (service, *(hooks.items if isinstance(hooks, Sequence) else ()))
    for container in containers:
        files = container.get("env_file") if isinstance(container, Mapping) else None
        for file in files.items if isinstance(files, Sequence) else ():
            # Only a file that need not exist says so.
            if isinstance(file, Mapping) and not file.entries.keys() & {"path", "required"}:
                yield InputError(
                    f'service "{name}": the path of an env file is empty',
                    position=file.position,
                    remedy="name a file, as in env_file: ./app.env",
                )


def _negative(name: str, attribute: str, position: Position | None) -> InputError:
    return InputError(
        f'service "{name}": {attribute} is negative',
        position=position,
        remedy="write zero or more",
    )


def _two_values(name: str, one: str, other: str, service: Mapping) -> Contradiction:
    return Contradiction(
        f'service "{name}": {one} and {other} mean the same and have different values',
        position=service.key_position(one),
        remedy=f"remove {one}, or give {other} the same value",
    )
