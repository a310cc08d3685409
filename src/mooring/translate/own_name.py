"""
Workloads that dial themselves by their own name, as health checks like `curl http://web:8080` do.

On a Compose network a name leads to its container from the start.  A Service leads to pods that
serve, so a check that goes through it never passes for the first time: nothing is ready because
nothing is ready.  The same holds for a process that has to reach itself before it can serve, as a
Kafka controller does.
"""

from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.workloads import Scale, Task, Workload
from mooring.decisions import Decision
from mooring.translate.dialling import Dialled
from mooring.translate.notes import Note, Translated
from mooring.translate.view import ServiceView

_COMPOSE_FILES = (".yaml", ".yml")


def declared(view: ServiceView) -> frozenset[str]:
    """Return the settings of a service that stand in a Compose file, not in an env file."""
    return frozenset(
        name
        for name, one in view.environment.items()
        if one.position is None or is_compose_file(one.position.file)
    )


def is_compose_file(file: str) -> bool:
    """Tell whether ``file``, in which a setting stands, is a Compose file and no env file."""
    return file.endswith(_COMPOSE_FILES)


def finding_themselves(
    parts: tuple[Workload | Task, ...],
    names: ReadOnly[str, Iterable[str]],
    dialled: Dialled,
) -> Translated[tuple[Workload | Task, ...]]:
    """
    Return ``parts`` with those workloads marked that dial themselves and tell when they serve.

    ``names`` are all the names under which each service may be dialled.  Settings speak of a
    service's own name for many reasons; where there are several replicas, only what its check and
    its command dial counts.
    """
    notes: list[Note] = []
    marked: list[Workload | Task] = []
    for part in parts:
        decision = _decision(part, names, dialled)
        if decision is None:
            marked.append(part)
        else:
            notes.append(decision)
            marked.append(msgspec.structs.replace(part, dials_itself=True))
    return Translated(tuple(marked), tuple(notes))


def _decision(
    part: Workload | Task, names: ReadOnly[str, Iterable[str]], dialled: Dialled
) -> Decision | None:
    # Replicas of a cluster find one another by the names of their pods, ready or not.
    if not isinstance(part, Workload) or part.members:
        return None
    if all(container.health is None for container in part.containers):
        return None
    is_single = part.replicas == 1 and part.scale is Scale.REPLICAS
    members = [container.source_name for container in part.containers]
    for name in (name for member in members for name in names.get(member, ())):
        for member in members:
            evidence = dialled.by_itself(name, service=member)
            if evidence is None or (not is_single and ".environment." in evidence.statement):
                continue
            return Decision(
                subject=f"services.{part.source_name}",
                topic="own name",
                choice=f"{name} leads to it before it serves as well",
                evidence=(evidence,),
                overrule="localhost in place of the name",
            )
    return None
