"""
Whether what the settings speak about is there: services, volumes, variables, mounts.

A choice about a name that nothing has would be obeyed by nobody, and the typing error behind it
would be found in the cluster.  A name is there when the project of any environment has it, in any
profile.
"""

import posixpath
from collections.abc import Collection, Iterable, Sequence
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose import nodes, suggest
from mooring.compose.nodes import Path
from mooring.compose.project import Project
from mooring.errors import InputError
from mooring.kube.names import is_service_name
from mooring.settings.checking import SettingsError
from mooring.settings.choices import Mode, MountChoice, ServiceChoices
from mooring.settings.service_schema import BY_ENVIRONMENT
from mooring.settings.settled import EXTENSION, Settings
from mooring.sources import Position


class UnknownSettingsSubject(SettingsError):
    """A choice about a service, volume, variable or mount that the Compose files do not have."""


def check(
    settings: Iterable[Settings],
    projects: Sequence[Project],
    environments: Collection[str],
    dialled: Collection[str] = (),
) -> list[InputError]:
    """
    Return an error for each name in ``settings`` that nothing has.

    ``settings`` are those of each environment, ``projects`` what each environment loaded,
    ``environments`` the names of all of them.  A name that is in ``dialled`` may be settled to
    be outside though no service has it.
    """
    settings = tuple(settings)
    names = {path: position for each in settings for path, position in each.names.items()}
    if not names:
        return []
    services = _joined({**project.disabled, **project.services} for project in projects)
    volumes = _joined(project.mappings("volumes") for project in projects)
    outside = {
        name
        for each in settings
        for name, service in each.choices.services.items()
        if name in dialled or _is_outside_alone(service, name, services)
    }
    errors: list[InputError] = []
    for path, position in names.items():
        match _without_extension(path):
            case ("services", str(service)) if service not in services and service in outside:
                errors += _no_label(service, position)
            case ("services", str(service)):
                errors += _missing(f'service "{service}"', service, services, position)
            case ("volumes", str(volume)):
                errors += _missing(f'volume "{volume}"', volume, volumes, position)
            case ("services", str(service), "settings", str(variable)) if service in services:
                what = f'variable "{variable}" of the service "{service}"'
                errors += _missing(what, variable, _variables(services[service]), position)
            case ("services", str(service), "mounts", str(target)) if service in services:
                errors += _about_mount(service, target, services[service], settings, position)
            case ("services", _, "environment", _, str(environment)):
                errors += _unknown_environment(environment, environments, position)
            case ("services", _, str(key), str(environment)) if key in BY_ENVIRONMENT:
                errors += _unknown_environment(environment, environments, position)
    return errors


def _is_outside_alone(service: ServiceChoices, name: str, known: Collection[str]) -> bool:
    """Tell whether nothing but where it is outside is settled, and the name is no slip."""
    said = msgspec.structs.replace(service, mode={}, connection={})
    is_external = Mode.EXTERNAL in service.mode.values() and bool(service.connection)
    return is_external and said == ServiceChoices() and suggest.closest(name, known) is None


def _no_label(name: str, position: Position | None) -> list[InputError]:
    if is_service_name(name):
        return []
    message = f'"{name}" can be no name of a Service'
    remedy = "give what dials it another value, below environment of its service"
    return [UnknownSettingsSubject(message, position=position, remedy=remedy)]


def _about_mount(
    service: str,
    target: str,
    definitions: list[nodes.Mapping],
    settings: Iterable[Settings],
    position: Position | None,
) -> list[InputError]:
    """Return an error where nothing is mounted at ``target``, or what cannot be what was said."""
    granted = _grants(definitions)
    binds, volumes = _mounted(definitions, "bind"), _mounted(definitions, "volume")
    if target in granted:
        possible, subject = _OF_GRANTED_FILES, "config or secret"
    elif target in volumes and target not in binds:
        possible, subject = _OF_VOLUMES, "volume"
    else:
        what = f'mount, config or secret at "{target}" in the service "{service}"'
        return _missing(what, target, {*binds, *granted, *volumes}, position)
    choices = {one.choices.service(service).mounts.get(target) for one in settings}
    if choices <= {None, *possible}:
        return []
    words = " or ".join(one.value for one in possible)
    message = f"a {subject} of the compose file can be {words}"
    return [UnknownSettingsSubject(message, position=position, remedy="choose one of them")]


_OF_GRANTED_FILES = (MountChoice.CONFIGURATION, MountChoice.COPY)
_OF_VOLUMES = (MountChoice.STORAGE, MountChoice.DROP)


def _unknown_environment(
    name: str, known: Collection[str], position: Position | None
) -> list[InputError]:
    if name in known:
        return []
    remedy = suggest.did_you_mean(name, known) or f"there is {suggest.listed(sorted(known))}"
    message = f'there is no environment "{name}"'
    return [UnknownSettingsSubject(message, position=position, remedy=remedy)]


def _missing(
    what: str, name: str, known: Collection[str], position: Position | None
) -> list[InputError]:
    if name in known:
        return []
    remedy = suggest.did_you_mean(name, known)
    if remedy is None:
        remedy = f"there is {suggest.listed(sorted(known))}" if 0 < len(known) <= 8 else "remove it"
    message = f"the compose files have no {what}"
    return [UnknownSettingsSubject(message, position=position, remedy=remedy)]


def _joined(
    definitions: Iterable[ReadOnly[str, nodes.Mapping]],
) -> dict[str, list[nodes.Mapping]]:
    found: dict[str, list[nodes.Mapping]] = {}
    for defined in definitions:
        for name, node in defined.items():
            found.setdefault(name, []).append(node)
    return found


def _variables(definitions: Iterable[nodes.Mapping]) -> set[str]:
    found: set[str] = set()
    for service in definitions:
        environment = service.get("environment")
        if isinstance(environment, nodes.Mapping):
            found.update(environment.entries)
    return found


def _mounted(definitions: Iterable[nodes.Mapping], kind: str) -> set[str]:
    """Return where the mounts of one ``kind``, bind or volume, of a service are."""
    found: set[str] = set()
    for service in definitions:
        volumes = service.get("volumes")
        for mount in volumes.items if isinstance(volumes, nodes.Sequence) else ():
            if isinstance(mount, nodes.Mapping):
                said = nodes.plain(mount)
                if isinstance(said, dict) and said.get("type") == kind:
                    found.add(str(said.get("target")))
    return found


def _grants(definitions: Iterable[nodes.Mapping]) -> set[str]:
    """Return where the configs and secrets of a service are mounted."""
    found: set[str] = set()
    for service in definitions:
        for attribute, folder in (("configs", "/"), ("secrets", "/run/secrets")):
            granted = service.get(attribute)
            for grant in granted.items if isinstance(granted, nodes.Sequence) else ():
                said = nodes.plain(grant)
                if isinstance(said, dict):
                    name = said.get("target") or said.get("source")
                    found.add(posixpath.normpath(posixpath.join(folder, str(name))))
    return found


def _without_extension(path: Path) -> Path:
    is_extension = len(path) > 2 and path[2] == EXTENSION
    return (*path[:2], *path[3:]) if is_extension else path
