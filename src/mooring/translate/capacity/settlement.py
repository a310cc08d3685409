"""
What mooring.yaml settles of capacity for one environment alone.

Loaded only where something is: environments are alike as long as nobody wants them to differ.
"""

from collections.abc import Iterable

import msgspec

from mooring.app.application import Application
from mooring.app.storage import Lifetime
from mooring.app.workloads import Autoscaling, Container, InitialStep, Scale, Task, Workload
from mooring.decisions import Decision
from mooring.findings import Rule, Severity
from mooring.settings.choices import EVERYWHERE, Choices
from mooring.translate.capacity.amounts import contradictions, not_obeyed, overruled
from mooring.translate.notes import Note, Translated
from mooring.translate.sharing import shared_access

NOT_SCALED = Rule(id="number-of-copies-not-settled", severity=Severity.ERROR, since="0.1")
NOT_AUTOSCALED = Rule(id="autoscaler-left-out", severity=Severity.ERROR, since="0.1")

_CPU_PERCENT = 80
"""What an autoscaler keeps to where nobody says it."""


def settled(
    application: Application, environment: str, choices: Choices
) -> Translated[Application]:
    """Return ``application`` as ``choices`` want it in ``environment``."""
    notes: list[Note] = []
    parts = tuple(
        _scaled(_part(part, environment, choices, notes), environment, choices, notes)
        for part in application.parts
    )
    many = {name for part in parts if _is_many(part) for name in _mounted(part)}
    storages = tuple(
        msgspec.structs.replace(storage, used_by_many=True)
        if storage.name in many
        and storage.lifetime is Lifetime.PERSISTENT
        and not storage.per_replica
        else storage
        for storage in application.storages
    )
    changed = msgspec.structs.replace(application, parts=parts, storages=storages)
    before = set(shared_access(application))
    notes.extend(decision for decision in shared_access(changed) if decision not in before)
    return Translated(changed, tuple(notes))


def still_open(
    decisions: Iterable[Decision], environment: str, choices: Choices
) -> tuple[Decision, ...]:
    """Return ``decisions`` without those that ``choices`` overrule in ``environment``."""
    taken = {
        (f"services.{name}", topic)
        for name, service in choices.services.items()
        for topic, said in (("resources", service.resources), ("replicas", service.replicas))
        if environment in said
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


def _scaled(
    part: Workload | Task, environment: str, choices: Choices, notes: list[Note]
) -> Workload | Task:
    """Return ``part`` in as many copies as its first service is to have."""
    chosen = choices.service(part.source_name)
    replicas = chosen.replicas.get(environment, chosen.replicas.get(EVERYWHERE))
    scaling = chosen.autoscale.get(environment, chosen.autoscale.get(EVERYWHERE))
    if replicas is None and scaling is None:
        return part
    if not isinstance(part, Workload) or part.scale is Scale.EVERY_MACHINE:
        what = "runs to its end" if isinstance(part, Task) else "runs on every node"
        notes.append(
            NOT_SCALED.finding(
                part.position,
                f'service "{part.source_name}" {what}, so mooring.yaml cannot settle how many '
                "copies of it there are",
                remedy=f"remove replicas and autoscale of {part.source_name}, or make it a "
                "workload with kind and deploy.mode",
            )
        )
        return part
    if replicas is not None:
        part = msgspec.structs.replace(part, replicas=replicas, replicas_in_production=None)
    if scaling is None:
        return part
    kept = [mount for one in part.containers for mount in one.storage]
    if part.keeps_state:
        notes.append(
            NOT_AUTOSCALED.finding(
                part.position,
                f'service "{part.source_name}" keeps state'
                + (f" at {kept[0].path}" if kept else "")
                + ": an autoscaler would take replicas away with what they hold",
                remedy=f"remove autoscale of {part.source_name}, and set replicas",
            )
        )
        return part
    least = scaling.min or part.replicas_in_production or max(part.replicas, 1)
    cpu = _CPU_PERCENT if scaling.cpu is None and scaling.memory is None else scaling.cpu
    autoscaling = Autoscaling(
        least=least, most=max(least, scaling.max), cpu=cpu, memory=scaling.memory
    )
    return msgspec.structs.replace(
        part, autoscaling=autoscaling, replicas=least, replicas_in_production=None
    )


def _is_many(part: Workload | Task) -> bool:
    if not isinstance(part, Workload):
        return False
    return part.replicas > 1 or (part.autoscaling is not None and part.autoscaling.most > 1)


def _mounted(part: Workload | Task) -> set[str]:
    return {mount.storage for container in part.containers for mount in container.storage}
