"""
Contradictions between the parts of a finished model.

Here is judged what only the whole can show: names that nothing defines, dependencies in a circle,
one amount said in two places with two values.  All of it is told at once, with the name that may
have been meant.

Source: compose-go's consistency checks; the messages are ours.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose import suggest
from mooring.compose.attributes import healthcheck
from mooring.compose.cycles import cycles
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.errors import InputError
from mooring.sources import Position

_SERVICE_PREFIX = "service:"


class Undefined(InputError):
    """A service, volume, network, config, secret or model that is used and nowhere defined."""


class DependencyCycle(InputError):
    """Services that wait for one another in a circle, so that none of them can start."""


class Contradiction(InputError):
    """Two attributes that cannot both hold."""


def check(
    root: Mapping,
    *,
    disabled: ReadOnly[str, Node] | None = None,
    disabled_jobs: ReadOnly[str, Node] | None = None,
) -> list[InputError]:
    """
    Return every contradiction between the parts of the typed ``root``.

    ``root`` holds active services and jobs only; ``disabled`` and ``disabled_jobs`` are those that
    no active profile selects.
    """
    model = _Model(root, disabled or {}, disabled_jobs or {})
    errors: list[InputError] = []
    for name, service in model.services.items():
        for judge in _JUDGES:
            errors += judge(name, service, model)
    errors += _job_faults(model)
    errors += _secret_faults(model)
    errors += _container_name_faults(model)
    errors += _cycle_faults(model)
    return errors


class _Model:
    """What is defined, by kind and name."""

    def __init__(
        self, root: Mapping, disabled: ReadOnly[str, Node], disabled_jobs: ReadOnly[str, Node]
    ) -> None:
        self._root = root
        self.services = self.defined("services")
        self.jobs = self.defined("jobs")
        self.disabled = disabled
        self.disabled_jobs = disabled_jobs

    def defined(self, kind: str) -> dict[str, Mapping]:
        """Return what is defined under ``kind``."""
        found = self._root.get(kind)
        if not isinstance(found, Mapping):
            return {}
        return {name: value for name, value in found.entries.items() if isinstance(value, Mapping)}

    def position(self, kind: str, name: str) -> Position | None:
        """Return where ``name`` is defined under ``kind``."""
        found = self._root.get(kind)
        return found.key_position(name) if isinstance(found, Mapping) else None


def _image_faults(name: str, service: Mapping, model: _Model) -> Iterator[InputError]:
    if not any(attribute in service.entries for attribute in ("image", "build", "provider")):
        yield InputError(
            f'service "{name}" has neither an image nor a build',
            position=model.position("services", name),
            remedy="add image: with the name of an image, or build: with a directory",
        )


def _build_faults(name: str, service: Mapping, model: _Model) -> Iterator[InputError]:
    build = service.get("build")
    if not isinstance(build, Mapping):
        return
    if "dockerfile" in build.entries and "dockerfile_inline" in build.entries:
        yield Contradiction(
            f'service "{name}": dockerfile and dockerfile_inline exclude each other',
            position=build.key_position("dockerfile_inline"),
            remedy="keep one of the two",
        )
    contexts = build.get("additional_contexts")
    if isinstance(contexts, Mapping):
        for context, value in contexts.entries.items():
            target = _shared_service(value)
            if target is None:
                continue
            other = model.services.get(target) or model.disabled.get(target)
            if not isinstance(other, Mapping):
                yield _undefined_service(
                    f'service "{name}" builds with the undefined service "{target}"',
                    target,
                    value.position or contexts.key_position(context),
                    model,
                )
            elif "build" not in other.entries:
                yield Contradiction(
                    f'service "{name}" builds with service "{target}", which has no build',
                    position=value.position or contexts.key_position(context),
                    remedy=f'give "{target}" a build, or use docker-image:// for its image',
                )
    platform, platforms = _text(service, "platform"), _texts(build.get("platforms"))
    if platform and platforms and platform not in [text for text, _ in platforms]:
        yield Contradiction(
            f'service "{name}" runs on {platform}, for which it is not built',
            position=build.key_position("platforms"),
            remedy=f'add "{platform}" to build.platforms',
        )


def _network_faults(name: str, service: Mapping, model: _Model) -> Iterator[InputError]:
    networks = service.get("networks")
    mode = service.get("network_mode")
    if isinstance(networks, Mapping):
        if mode is not None and networks.entries:
            yield Contradiction(
                f'service "{name}": network_mode and networks exclude each other',
                position=service.key_position("network_mode"),
                remedy="remove one of the two",
            )
        yield from _undefined_names(name, networks, "network", model)
    target = _shared_service(mode)
    if target is not None and target not in model.services:
        yield _undefined_service(
            f'service "{name}" shares the network of the undefined service "{target}"',
            target,
            service.key_position("network_mode"),
            model,
        )


def _health_faults(name: str, service: Mapping, _: _Model) -> Iterator[InputError]:
    check = service.get("healthcheck")
    test = check.get("test") if isinstance(check, Mapping) else None
    for word, position in _texts(test)[:1]:
        if word not in healthcheck.KINDS:
            yield InputError(
                f'service "{name}": the test begins with "{word}"',
                position=position,
                remedy=f"begin it with {suggest.one_of(healthcheck.KINDS)}",
            )


def _dependency_faults(name: str, service: Mapping, model: _Model) -> Iterator[InputError]:
    dependencies = service.get("depends_on")
    if not isinstance(dependencies, Mapping):
        return
    for target, dependency in dependencies.entries.items():
        if target in model.services:
            continue
        position = dependencies.key_position(target)
        if target in model.disabled:
            if _is_required(dependency):
                yield _disabled_service(name, target, position, model)
        elif target in model.jobs:
            yield Contradiction(
                f'service "{name}" depends on the job "{target}"; services can depend on services',
                position=position,
                remedy=f'remove "{target}" from depends_on',
            )
        else:
            yield _undefined_service(
                f'service "{name}" depends on the undefined service "{target}"',
                target,
                position,
                model,
            )


def _mount_faults(name: str, service: Mapping, model: _Model) -> Iterator[InputError]:
    """Named volumes are defined, and no two mounts share a place."""
    volumes = model.defined("volumes")
    places: dict[str, Position | None] = {}
    for text, position in _texts(service.get("tmpfs")):
        yield from _mounted(name, text.partition(":")[0], position, places)
    mounts = service.get("volumes")
    for mount in mounts.items if isinstance(mounts, Sequence) else ():
        if not isinstance(mount, Mapping):
            continue
        source = _text(mount, "source")
        if _text(mount, "type") == "volume" and source and source not in volumes:
            position = mount.entries["source"].position or mount.position
            yield _undefined(name, "volume", source, position, volumes)
        yield from _mounted(name, _text(mount, "target") or "", mount.position, places)


def _mounted(
    name: str, target: str, position: Position | None, places: dict[str, Position | None]
) -> Iterator[InputError]:
    if target in places:
        first = f", first at {places[target]}" if places[target] else ""
        yield Contradiction(
            f'service "{name}" mounts two things at "{target}"{first}',
            position=position,
            remedy="remove one of the two, or mount it elsewhere",
        )
    places.setdefault(target, position)


def _file_faults(name: str, service: Mapping, model: _Model) -> Iterator[InputError]:
    build = service.get("build")
    used = [("config", service.get("configs")), ("secret", service.get("secrets"))]
    if isinstance(build, Mapping):
        used.append(("secret", build.get("secrets")))
    for kind, files in used:
        if not isinstance(files, Sequence):
            continue
        defined = model.defined(f"{kind}s")
        for file in files.items:
            source = _text(file, "source") or ""
            if source not in defined:
                yield _undefined(name, kind, source, file.position or files.position, defined)
    models = service.get("models")
    if isinstance(models, Mapping):
        yield from _undefined_names(name, models, "model", model)


def _amount_faults(name: str, service: Mapping, model: _Model) -> Iterator[InputError]:
    """One amount may be said on the service and under deploy, with one value."""
    deploy = service.get("deploy")
    scale = _number(service, "scale")
    replicas = _number(deploy, "replicas")
    if scale is not None and replicas is not None and scale != replicas:
        yield _two_values(name, "scale", "deploy.replicas", service)
    for attribute, count in (("scale", scale), ("deploy.replicas", replicas)):
        if count is not None and count < 0:
            yield InputError(
                f'service "{name}": {attribute} is negative',
                position=service.key_position(attribute.partition(".")[0]),
                remedy="write zero or more",
            )
    many = scale if scale is not None else replicas
    if many is not None and many > 1 and "container_name" in service.entries:
        yield Contradiction(
            f'service "{name}" runs {many} containers, which cannot all have one container_name',
            position=service.key_position("container_name"),
            remedy="remove container_name, or run one container",
        )
    resources = deploy.get("resources") if isinstance(deploy, Mapping) else None
    if not isinstance(resources, Mapping):
        return
    for attribute, section, same in _SAID_TWICE:
        own = service.get(attribute)
        other = resources.get(section)
        if isinstance(own, Scalar) and isinstance(other, Mapping):
            twin = other.get(same)
            if not isinstance(twin, Scalar) or twin.value != own.value:
                yield _two_values(name, attribute, f"deploy.resources.{section}.{same}", service)


def _watch_faults(name: str, service: Mapping, _: _Model) -> Iterator[InputError]:
    develop = service.get("develop")
    watch = develop.get("watch") if isinstance(develop, Mapping) else None
    for trigger in watch.items if isinstance(watch, Sequence) else ():
        action = _text(trigger, "action")
        if action not in ("rebuild", "restart") and not _text(trigger, "target"):
            yield InputError(
                f'service "{name}": what is watched with the action "{action}" has no target',
                position=trigger.position,
                remedy="add target: with the path in the container",
            )


def _job_faults(model: _Model) -> Iterator[InputError]:
    for name in (*model.jobs, *model.disabled_jobs):
        if name in model.services or name in model.disabled:
            yield Contradiction(
                f'"{name}" is a service and a job; a name means one thing',
                position=model.position("jobs", name),
                remedy="rename one of the two",
            )
    for name, job in model.jobs.items():
        dependencies = job.get("depends_on")
        if not isinstance(dependencies, Mapping):
            continue
        for target, dependency in dependencies.entries.items():
            if target in model.jobs or target in model.services:
                continue
            if target in model.disabled and not _is_required(dependency):
                continue
            yield Undefined(
                f'job "{name}" depends on the undefined service or job "{target}"',
                position=dependencies.key_position(target),
                remedy=suggest.did_you_mean(target, (*model.jobs, *model.services)),
            )


def _secret_faults(model: _Model) -> Iterator[InputError]:
    for name, secret in model.defined("secrets").items():
        if not any(source in secret.entries for source in ("external", "file", "environment")):
            yield InputError(
                f'secret "{name}" has neither a file nor an environment variable',
                position=model.position("secrets", name),
                remedy='add "file" or "environment", or "external: true" where it exists already',
            )


def _container_name_faults(model: _Model) -> Iterator[InputError]:
    owners: dict[str, str] = {}
    for name, service in model.services.items():
        container = _text(service, "container_name")
        if not container:
            continue
        owner = owners.setdefault(container, name)
        if owner != name:
            yield Contradiction(
                f'services "{owner}" and "{name}" have the same container_name "{container}"',
                position=service.key_position("container_name"),
                remedy="give each its own, or leave container_name out",
            )


def _cycle_faults(model: _Model) -> Iterator[InputError]:
    graph: dict[str, list[str]] = {}
    for name, service in model.services.items():
        dependencies = service.get("depends_on")
        graph[name] = list(dependencies.entries) if isinstance(dependencies, Mapping) else []
    for cycle in cycles(graph):
        first = model.services[cycle[0]].get("depends_on")
        last = (*cycle, cycle[0])
        yield DependencyCycle(
            f"services wait for one another: {' -> '.join(last)}",
            position=first.key_position(last[1]) if isinstance(first, Mapping) else None,
            remedy="remove one of these dependencies",
        )


def _undefined_names(service: str, used: Mapping, kind: str, model: _Model) -> Iterator[InputError]:
    defined = model.defined(f"{kind}s")
    for name in used.entries:
        if name not in defined:
            yield _undefined(service, kind, name, used.key_position(name), defined)


def _undefined(
    service: str, kind: str, name: str, position: Position | None, defined: Iterable[str]
) -> Undefined:
    meant = suggest.did_you_mean(name, defined)
    return Undefined(
        f'service "{service}" uses the undefined {kind} "{name}"',
        position=position,
        remedy=meant or f'add "{name}:" under "{kind}s:" at the top level',
    )


def _undefined_service(
    message: str, target: str, position: Position | None, model: _Model
) -> Undefined:
    if target in model.disabled:
        message = f"{message.replace('undefined', 'disabled')} (no profile that is active has it)"
        return Undefined(message, position=position, remedy=_activate(model.disabled[target]))
    meant = suggest.did_you_mean(target, model.services)
    return Undefined(message, position=position, remedy=meant or f'define a service "{target}"')


def _disabled_service(
    name: str, target: str, position: Position | None, model: _Model
) -> Undefined:
    return Undefined(
        f'service "{name}" depends on service "{target}", which no active profile selects',
        position=position,
        remedy=f"{_activate(model.disabled[target])}, or write required: false",
    )


def _activate(service: Node) -> str:
    profiles = _texts(service.get("profiles")) if isinstance(service, Mapping) else []
    return f"activate it with --profile {' or '.join(text for text, _ in profiles)}"


def _two_values(name: str, one: str, other: str, service: Mapping) -> Contradiction:
    return Contradiction(
        f'service "{name}": {one} and {other} mean the same and have different values',
        position=service.key_position(one),
        remedy=f"remove {one}, or give {other} the same value",
    )


def _is_required(dependency: Node) -> bool:
    required = dependency.get("required") if isinstance(dependency, Mapping) else None
    return isinstance(required, Scalar) and required.value is True


def _shared_service(node: Node | None) -> str | None:
    """Return the name in ``service:name``, or None for anything else."""
    value = node.value if isinstance(node, Scalar) else None
    if isinstance(value, str) and value.startswith(_SERVICE_PREFIX):
        return value[len(_SERVICE_PREFIX) :]
    return None


def _text(node: Node, name: str) -> str | None:
    found = node.get(name) if isinstance(node, Mapping) else None
    return found.value if isinstance(found, Scalar) and isinstance(found.value, str) else None


def _number(node: Node | None, name: str) -> int | None:
    found = node.get(name) if isinstance(node, Mapping) else None
    return found.value if isinstance(found, Scalar) and isinstance(found.value, int) else None


def _texts(node: Node | None) -> list[tuple[str, Position | None]]:
    if not isinstance(node, Sequence):
        return []
    return [
        (item.value, item.position)
        for item in node.items
        if isinstance(item, Scalar) and isinstance(item.value, str)
    ]


_JUDGES = (
    _image_faults,
    _build_faults,
    _network_faults,
    _health_faults,
    _dependency_faults,
    _mount_faults,
    _file_faults,
    _amount_faults,
    _watch_faults,
)

_SAID_TWICE = (
    ("cpus", "limits", "cpus"),
    ("mem_limit", "limits", "memory"),
    ("mem_reservation", "reservations", "memory"),
    ("pids_limit", "limits", "pids"),
)
