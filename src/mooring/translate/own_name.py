"""
Workloads that dial themselves by their own name, as health checks like `curl http://web:8080` do.

On a Compose network a name leads to its container from the start.  A Service leads to pods that
serve, so a check that goes through it never passes for the first time: nothing is ready because
nothing is ready.  The same holds for a process that has to reach itself before it can serve, as a
Kafka controller does, and for the members of a cluster that stay apart: each serves once it has
found a majority of the others, and would wait for ever for names that lead to what serves.
"""

from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.workloads import Scale, Task, Workload
from mooring.decisions import Decision, Evidence
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
    views: ReadOnly[str, ServiceView],
) -> Translated[tuple[Workload | Task, ...]]:
    """
    Return ``parts`` with those workloads marked that dial themselves and tell when they serve.

    So are those that peers of the same kind have to find before either serves.

    ``names`` are all the names under which each service may be dialled.  Settings speak of a
    service's own name for many reasons; where there are several replicas, only what its check and
    its command dial counts.
    """
    notes: list[Note] = []
    marked: list[Workload | Task] = []
    kinds = _of_clusters(parts, views)
    for part in parts:
        decision = _decision(part, names, dialled) or _of_peers(part, names, dialled, kinds)
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


def _of_clusters(
    parts: tuple[Workload | Task, ...], views: ReadOnly[str, ServiceView]
) -> dict[str, str]:
    """Return the family of each service whose members find one another before they serve."""
    found: dict[str, str] = {}
    for part in parts:
        for container in part.containers if isinstance(part, Workload) and not part.members else ():
            view = views.get(container.source_name)
            family = view.known.family if view is not None and view.known is not None else None
            if family is not None and any(
                fact.publishes_unready and fact.quorum for fact in family.cluster
            ):
                found[container.source_name] = family.name
    return found


def _of_peers(
    part: Workload | Task,
    names: ReadOnly[str, Iterable[str]],
    dialled: Dialled,
    kinds: ReadOnly[str, str],
) -> Decision | None:
    """Return the decision that peers find ``part`` before it serves, where they have to."""
    for container in part.containers:
        service = container.source_name
        if service not in kinds or container.health is None:
            continue
        for name in names.get(service, ()):
            for peer in sorted(dialled.speakers(name) - {service}):
                if kinds.get(peer) == kinds[service]:
                    said = f"{peer} names it, and members of {kinds[service]} serve once they have "
                    return Decision(
                        subject=f"services.{part.source_name}",
                        topic="own name",
                        choice=f"{name} leads to it before it serves as well",
                        evidence=(Evidence(f"{said}found one another", container.position),),
                        overrule=f"services: {{{service}: {{family: none}}}}",
                    )
    return None
