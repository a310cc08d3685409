"""
Contradictions in a finished model: within a service, between its parts, and in the whole.

All of it is told at once, with the name that may have been meant.

Source: compose-go's consistency checks; the messages are ours.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

from mooring.compose import contradictions, references
from mooring.compose.cycles import cycles
from mooring.compose.declared import Declared, text
from mooring.compose.nodes import Mapping, Node
from mooring.errors import InputError


class DependencyCycle(InputError):
    """Services that wait for one another in a circle, so that none of them can start."""


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
    declared = Declared(root, disabled or {}, disabled_jobs or {})
    errors: list[InputError] = []
    for name, service in declared.services.items():
        declared_at = declared.position("services", name)
        errors += contradictions.service_faults(name, service, declared_at)
        errors += references.service_faults(name, service, declared)
    for name, job in declared.jobs.items():
        errors += references.job_faults(name, job, declared)
    errors += _names_of_two_kinds(declared)
    errors += _empty_secrets(declared)
    errors += _shared_container_names(declared)
    errors += _dependency_cycles(declared)
    return errors


def _names_of_two_kinds(declared: Declared) -> Iterator[InputError]:
    for name in (*declared.jobs, *declared.disabled_jobs):
        if name in declared.services or name in declared.disabled:
            yield InputError(
                f'"{name}" is a service and a job; a name means one thing',
                position=declared.position("jobs", name),
                remedy="rename one of the two",
            )


def _empty_secrets(declared: Declared) -> Iterator[InputError]:
    for name, secret in declared.all("secrets").items():
        if not any(source in secret.entries for source in ("external", "file", "environment")):
            yield InputError(
                f'secret "{name}" has neither a file nor an environment variable',
                position=declared.position("secrets", name),
                remedy='add "file" or "environment", or "external: true" where it exists already',
            )


def _shared_container_names(declared: Declared) -> Iterator[InputError]:
    owners: dict[str, str] = {}
    for name, service in declared.services.items():
        container = text(service, "container_name")
        if not container:
            continue
        owner = owners.setdefault(container, name)
        if owner != name:
            yield InputError(
                f'services "{owner}" and "{name}" have the same container_name "{container}"',
                position=service.key_position("container_name"),
                remedy="give each its own, or leave container_name out",
            )


def _dependency_cycles(declared: Declared) -> Iterator[InputError]:
    dependencies = {
        name: found
        for name, service in declared.services.items()
        if isinstance(found := service.get("depends_on"), Mapping)
    }
    graph = {name: list(found.entries) for name, found in dependencies.items()}
    for cycle in cycles(graph):
        around = (*cycle, cycle[0])
        yield DependencyCycle(
            f"services wait for one another: {' -> '.join(around)}",
            position=dependencies[cycle[0]].key_position(around[1]),
            remedy="remove one of these dependencies",
        )
