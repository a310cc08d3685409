"""
How many replicas run: `scale`, `deploy.replicas`, `deploy.mode`.

## What it means
`scale` and `deploy.replicas` mean the same; Compose refuses two different numbers.  The mode
`global` runs one replica on every machine; the modes `replicated-job` and `global-job` run to
their end.

## What it becomes
`Deployment.spec.replicas` (0 stays 0), a DaemonSet for `global`, `Job.spec.completions` for
`replicated-job`.

## What is lost
No Job runs once on every node: `global-job` becomes a Job with one completion.

## Example
    deploy: {mode: global}     # DaemonSet

## References
- https://docs.docker.com/reference/compose-file/deploy/#mode
- https://kubernetes.io/docs/concepts/workloads/controllers/
"""

import msgspec

from mooring.app.workloads import Scale
from mooring.decisions import Decision, Evidence
from mooring.settings.choices import Choices
from mooring.translate.node_agents import is_agent
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, field, text, whole

ATTRIBUTES: tuple[str, ...] = ("scale", "deploy.replicas", "deploy.mode")


class Scaling(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``replicas`` go on together, or, for a task, have to end; without a number it is one."""

    scale: Scale = Scale.REPLICAS
    replicas: int = 1


_ONE = Translated(Scaling())
_MODES = {
    "replicated": "Deployment",
    "global": "DaemonSet",
    "replicated-job": "Job.spec.completions, Job.spec.parallelism",
}


def translate(service: ServiceView, *, by_the_clock: bool = False) -> Translated[Scaling]:
    """
    Return how many replicas the service has.

    Of what runs ``by_the_clock`` a number of 0 says that nothing else starts it.
    """
    attributes = service.attributes.entries
    deploy = service.get("deploy") if "deploy" in attributes else None
    if deploy is None and "scale" not in attributes:
        return _ONE
    notes: list[Note] = []
    replicas = 1
    mode = "replicated"
    if deploy is not None and (node := field(deploy, "mode")) is not None:
        mode = text(node)
        notes.append(_note_of_mode(service, mode))
    on_every_machine = mode in {"global", "global-job"}
    is_task = mode.endswith("-job")
    to = "Job.spec.completions" if is_task else "Deployment.spec.replicas, Job.spec.completions"
    numbers = (
        (service.path("deploy", "replicas"), field(deploy, "replicas") if deploy else None),
        (service.path("scale"), service.get("scale")),
    )
    for path, node in numbers:
        if node is None:
            continue
        replicas = whole(node)
        if by_the_clock and not replicas:
            replicas = 1
            notes.append(carried(path, "CronJob: the clock alone starts it"))
            continue
        notes.append(
            dropped(path, "one runs on every node, whatever the number says")
            if on_every_machine
            else carried(path, to)
        )
    if not notes:
        return _ONE
    scale = Scale.EVERY_MACHINE if on_every_machine else Scale.REPLICAS
    return Translated(
        Scaling(scale=scale, replicas=1 if on_every_machine else replicas), tuple(notes)
    )


def scaled(scaling: Scaling, service: ServiceView, choices: Choices) -> Translated[Scaling]:
    """Return ``scaling``, or one on every machine where ``service`` is an agent."""
    if scaling.scale is Scale.EVERY_MACHINE or not is_agent(service, choices):
        return Translated(scaling)
    everywhere = msgspec.structs.replace(scaling, scale=Scale.EVERY_MACHINE, replicas=1)
    if choices.service(service.name).kind is not None or service.known is None:
        return Translated(everywhere)
    family = service.known.family
    decision = Decision(
        subject=f"services.{service.name}",
        topic="kind",
        choice="one runs on every node",
        evidence=(
            Evidence(
                f"{family.summary} ({next(iter(family.sources.values()))}) looks after its machine",
                service.position("image"),
            ),
        ),
        overrule=f"services: {{{service.name}: {{kind: workload}}}}",
    )
    return Translated(everywhere, (decision,))


def _note_of_mode(service: ServiceView, mode: str) -> Note:
    path = service.path("deploy", "mode")
    to = _MODES.get(mode)
    if to is not None:
        return carried(path, to)
    return approximated(path, "no Job runs once on every node, so it runs once", "Job")
