"""
One pod from the services that share it.

The first service gives the pod its name and its nature; what else belongs to a pod as a whole
(labels, groups, kernel parameters, name servers, nodes) is gathered from all of them.  A pod has
one number of replicas and one end, so a service that wants others does not get them, and a finding
says so.
"""

import msgspec

from mooring.app.dependencies import Condition, Dependency
from mooring.app.endpoints import NameResolution
from mooring.app.placement import Placement
from mooring.app.security import WorkloadSecurity
from mooring.app.workloads import Task, Workload
from mooring.findings import Finding, Rule, Severity
from mooring.translate.notes import Translated
from mooring.translate.service import TranslatedService

LIFE_OF_ANOTHER = Rule(id="life-of-another-pod", severity=Severity.WARNING, since="0.1")

_STRENGTH = {Condition.STARTED: 0, Condition.HEALTHY: 1, Condition.COMPLETED: 2}


def pod(
    members: list[TranslatedService], *, name: str, other_names: tuple[str, ...]
) -> Translated[Workload | Task]:
    """Return the part ``name`` in which ``members`` run, the first of which leads it."""
    leader, *others = members
    if not others:
        part = msgspec.structs.replace(
            leader.part,
            name=name,
            containers=(leader.container,),
            initial_steps=leader.initial_steps,
            dependencies=leader.dependencies,
            other_names=other_names,
            host_entries=leader.host_entries,
            stop_seconds=leader.stop_seconds,
        )
        return Translated(part)
    parts = [member.part for member in members]
    part = msgspec.structs.replace(
        leader.part,
        name=name,
        containers=tuple(member.container for member in members),
        initial_steps=tuple(step for member in members for step in member.initial_steps),
        dependencies=_dependencies(members),
        other_names=other_names,
        networks=tuple(dict.fromkeys(network for one in parts for network in one.networks)),
        host_entries=tuple(
            dict.fromkeys(entry for member in members for entry in member.host_entries)
        ),
        name_resolution=next(
            (one.name_resolution for one in parts if one.name_resolution != NameResolution()),
            NameResolution(),
        ),
        placement=next(
            (one.placement for one in parts if one.placement != Placement()), Placement()
        ),
        security=_security([one.security for one in parts]),
        exposures=tuple(exposure for one in parts for exposure in one.exposures),
        tcp_exposures=tuple(exposure for one in parts for exposure in one.tcp_exposures),
        stop_seconds=max(member.stop_seconds for member in members),
        labels=_first_wins([one.labels for one in parts]),
        annotations=_first_wins([one.annotations for one in parts]),
        object_labels=_first_wins([one.object_labels for one in parts]),
        object_annotations=_first_wins([one.object_annotations for one in parts]),
    )
    findings = (_life_of_another(member, leader) for member in others)
    return Translated(part, tuple(finding for finding in findings if finding is not None))


def _dependencies(members: list[TranslatedService]) -> tuple[Dependency, ...]:
    """Return what some member waits for outside the pod; of two waits for one the stronger."""
    own = {member.source_name for member in members}
    found: dict[str, Dependency] = {}
    for member in members:
        for dependency in member.dependencies:
            known = found.get(dependency.on)
            is_stronger = (
                known is None or _STRENGTH[dependency.condition] > _STRENGTH[known.condition]
            )
            if dependency.on not in own and is_stronger:
                found[dependency.on] = dependency
    return tuple(found.values())


def _security(several: list[WorkloadSecurity]) -> WorkloadSecurity:
    leader = several[0]
    return msgspec.structs.replace(
        leader,
        extra_groups=tuple(dict.fromkeys(group for one in several for group in one.extra_groups)),
        kernel_settings=_first_wins([one.kernel_settings for one in several]),
        shares_machine_processes=any(one.shares_machine_processes for one in several),
        shares_machine_ipc=any(one.shares_machine_ipc for one in several),
        shares_processes=any(one.shares_processes for one in several),
    )


def _first_wins(several: list[dict[str, str]]) -> dict[str, str]:
    return {name: value for one in reversed(several) for name, value in one.items()}


def _life_of_another(member: TranslatedService, leader: TranslatedService) -> Finding | None:
    """Return what a member wants for itself and a pod cannot give to one container."""
    part, of_pod = member.part, leader.part
    if isinstance(part, Task) and isinstance(of_pod, Workload):
        wish = "ends, and is started again whenever it does"
    elif isinstance(part, Workload) and isinstance(of_pod, Task):
        wish = "goes on, and so the task never ends"
    elif (
        isinstance(part, Workload)
        and isinstance(of_pod, Workload)
        and (part.replicas, part.scale) != (of_pod.replicas, of_pod.scale)
    ):
        wish = "runs as often as that pod, not as often as it says"
    else:
        return None
    return LIFE_OF_ANOTHER.finding(
        part.position,
        f'service "{member.source_name}" lives in the pod of "{leader.source_name}": it {wish}',
        remedy=f'give it a network of its own, and let it dial "{leader.source_name}"',
    )
