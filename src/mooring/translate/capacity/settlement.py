"""
What mooring.yaml settles of capacity for one environment alone.

Loaded only where something is: environments are alike as long as nobody wants them to differ.
"""

from collections.abc import Iterable

import msgspec

from mooring.app.application import Application
from mooring.app.workloads import Container, InitialStep, Task, Workload
from mooring.decisions import Decision
from mooring.settings.choices import Choices
from mooring.translate.capacity.amounts import contradictions, not_obeyed, overruled
from mooring.translate.notes import Note, Translated


def settled(
    application: Application, environment: str, choices: Choices
) -> Translated[Application]:
    """Return ``application`` as ``choices`` want it in ``environment``."""
    notes: list[Note] = []
    parts = tuple(_part(part, environment, choices, notes) for part in application.parts)
    return Translated(msgspec.structs.replace(application, parts=parts), tuple(notes))


def still_open(
    decisions: Iterable[Decision], environment: str, choices: Choices
) -> tuple[Decision, ...]:
    """Return ``decisions`` without those that ``choices`` overrule in ``environment``."""
    taken = {
        (f"services.{name}", "resources")
        for name, service in choices.services.items()
        if environment in service.resources
    }
    return tuple(each for each in decisions if (each.subject, each.topic) not in taken)


def _part(
    part: Workload | Task, environment: str, choices: Choices, notes: list[Note]
) -> Workload | Task:
    containers = tuple(
        _container(container, environment, choices, notes) for container in part.containers
    )
    if containers == part.containers:
        return part
    steps = tuple(_step(step, part.containers, containers) for step in part.initial_steps)
    return msgspec.structs.replace(part, containers=containers, initial_steps=steps)


def _step(
    step: InitialStep, before: tuple[Container, ...], after: tuple[Container, ...]
) -> InitialStep:
    """Return ``step`` with the amounts of a container whose amounts it had."""
    own = step.container
    for old, new in zip(before, after, strict=True):
        if own.source_name == old.source_name and _amounts(own) == _amounts(old):
            names = ("cpu_request", "cpu_limit", "memory_request", "memory_limit")
            changes = dict(zip(names, _amounts(new), strict=True))
            resources = msgspec.structs.replace(own.resources, **changes)
            return InitialStep(container=msgspec.structs.replace(own, resources=resources))
    return step


def _amounts(container: Container) -> tuple[object, ...]:
    own = container.resources
    return own.cpu_request, own.cpu_limit, own.memory_request, own.memory_limit


def _container(
    container: Container, environment: str, choices: Choices, notes: list[Note]
) -> Container:
    chosen = choices.service(container.source_name).resources.get(environment)
    if chosen is None:
        return container
    resources = overruled(container.resources, chosen)
    changed = msgspec.structs.replace(container, resources=resources)
    notes.extend(not_obeyed(container, chosen))
    notes.extend(contradictions(changed))
    return changed
