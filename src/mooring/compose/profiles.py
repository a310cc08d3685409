"""
Which services run: those without a profile, and those of an active one.

Source: Compose Specification, "Using profiles".
"""

from collections.abc import Collection

from mooring.compose.nodes import Mapping, Node, Scalar, Sequence

ALL = "*"
"""The profile that activates every other."""


def asked_for(flags: Collection[str], environment_value: str | None) -> tuple[str, ...]:
    """
    Return the active profiles: the flags, or else ``COMPOSE_PROFILES``, a list with commas.

    An empty list names the empty profile, so a service whose only profile is ``""`` runs unless
    others are asked for.
    """
    if flags:
        return tuple(flags)
    return tuple(name.strip() for name in (environment_value or "").split(","))


def declared(service: Node) -> tuple[str, ...]:
    """Return the profiles that ``service`` belongs to, in the order of the file."""
    if not isinstance(service, Mapping):
        return ()
    profiles = service.get("profiles")
    if not isinstance(profiles, Sequence):
        return ()
    return tuple(str(item.value) for item in profiles.items if isinstance(item, Scalar))


def is_active(service: Node, active: Collection[str]) -> bool:
    """Tell whether ``service`` runs when the profiles ``active`` are."""
    names = declared(service)
    return not names or ALL in active or any(name in active for name in names)


def split(containers: Mapping, active: Collection[str]) -> tuple[Mapping, dict[str, Node]]:
    """Return the services (or jobs) that run, and by name those that do not."""
    disabled = {
        name: service
        for name, service in containers.entries.items()
        if not is_active(service, active)
    }
    if not disabled:
        return containers, disabled
    entries = {n: s for n, s in containers.entries.items() if n not in disabled}
    return Mapping(entries, containers.position, containers.keys), disabled
