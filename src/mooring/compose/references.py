"""
Names that are used and nowhere defined: services, volumes, networks, configs, secrets, models.

A service that no active profile selects counts as not defined; the remedy then is a profile, not a
definition.

Source: Compose Specification, "depends_on", "profiles"; compose-go's consistency checks.
"""

from collections.abc import Iterable, Iterator

from mooring.compose import suggest
from mooring.compose.declared import Declared, is_required, shared_service, text, texts
from mooring.compose.nodes import Mapping, Sequence
from mooring.errors import InputError
from mooring.sources import Position


class Undefined(InputError):
    """A service, volume, network, config, secret or model that is used and nowhere defined."""


def service_faults(name: str, service: Mapping, declared: Declared) -> Iterator[InputError]:
    """Yield what the service called ``name`` uses without a definition."""
    yield from _services(name, service, declared)
    networks, models = service.get("networks"), service.get("models")
    if isinstance(networks, Mapping):
        yield from _names(name, networks, "network", declared)
    if isinstance(models, Mapping):
        yield from _names(name, models, "model", declared)
    yield from _volumes(name, service, declared)
    yield from _files(name, service, declared)


def job_faults(name: str, job: Mapping, declared: Declared) -> Iterator[InputError]:
    """Yield what the job called ``name`` depends on without a definition."""
    dependencies = job.get("depends_on")
    if not isinstance(dependencies, Mapping):
        return
    for target, dependency in dependencies.entries.items():
        if target in declared.jobs or target in declared.services:
            continue
        if target in declared.disabled and not is_required(dependency):
            continue
        yield Undefined(
            f'job "{name}" depends on the undefined service or job "{target}"',
            position=dependencies.key_position(target),
            remedy=suggest.did_you_mean(target, (*declared.jobs, *declared.services)),
        )


def _services(name: str, service: Mapping, declared: Declared) -> Iterator[InputError]:
    dependencies = service.get("depends_on")
    if isinstance(dependencies, Mapping):
        for target, dependency in dependencies.entries.items():
            if target in declared.services:
                continue
            if target in declared.disabled and not is_required(dependency):
                continue
            position = dependencies.key_position(target)
            yield _unknown_service(f'service "{name}" depends on', target, position, declared)
    target_of_mode = shared_service(service.get("network_mode"))
    if target_of_mode is not None and target_of_mode not in declared.services:
        yield _unknown_service(
            f'service "{name}" shares the network of',
            target_of_mode,
            service.key_position("network_mode"),
            declared,
        )
    build = service.get("build")
    contexts = build.get("additional_contexts") if isinstance(build, Mapping) else None
    if isinstance(contexts, Mapping):
        for context, value in contexts.entries.items():
            target_of_build = shared_service(value)
            if target_of_build is None:
                continue
            position = value.position or contexts.key_position(context)
            yield from _built_with(name, target_of_build, position, declared)


def _built_with(
    name: str, target: str, position: Position | None, declared: Declared
) -> Iterator[InputError]:
    """An image can be built with the image of another service, also one that is not active."""
    other = declared.services.get(target) or declared.disabled.get(target)
    if other is None:
        yield _unknown_service(f'service "{name}" builds with', target, position, declared)
    elif not isinstance(other, Mapping) or "build" not in other.entries:
        yield InputError(
            f'service "{name}" builds with service "{target}", which has no build',
            position=position,
            remedy=f'give "{target}" a build, or use docker-image:// for its image',
        )


def _unknown_service(
    what: str, target: str, position: Position | None, declared: Declared
) -> Undefined:
    """Say that ``target`` is not there; ``what`` says what for: 'service "web" depends on'."""
    disabled = declared.disabled.get(target)
    if disabled is not None:
        profiles = texts(disabled.get("profiles")) if isinstance(disabled, Mapping) else []
        names = " or ".join(f"--profile {profile}" for profile, _ in profiles)
        message = f'{what} "{target}", which no active profile selects'
        remedy = f"activate it with {names}"
        if what.endswith("depends on"):
            remedy += ", or write required: false"
    elif target in declared.jobs:
        message = f'{what} the job "{target}"; services can only use services'
        remedy = "make it a service, or remove it here"
    else:
        message = f'{what} the undefined service "{target}"'
        remedy = suggest.did_you_mean(target, declared.services) or f'define "{target}"'
    return Undefined(message, position=position, remedy=remedy)


def _volumes(name: str, service: Mapping, declared: Declared) -> Iterator[InputError]:
    mounts = service.get("volumes")
    if not isinstance(mounts, Sequence):
        return
    volumes = declared.all("volumes")
    for mount in mounts.items:
        source = text(mount, "source")
        if source and source not in volumes and text(mount, "type") == "volume":
            yield _undefined(name, "volume", source, mount.position, volumes)


def _files(name: str, service: Mapping, declared: Declared) -> Iterator[InputError]:
    build = service.get("build")
    used = [("config", service.get("configs")), ("secret", service.get("secrets"))]
    if isinstance(build, Mapping):
        used.append(("secret", build.get("secrets")))
    for kind, files in used:
        if isinstance(files, Sequence):
            defined = declared.all(f"{kind}s")
            for file in files.items:
                source = text(file, "source") or ""
                if source not in defined:
                    yield _undefined(name, kind, source, file.position, defined)


def _names(service: str, used: Mapping, kind: str, declared: Declared) -> Iterator[InputError]:
    defined = declared.all(f"{kind}s")
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
