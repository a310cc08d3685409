"""
Workers that nobody dials: they need no name in the cluster.

In Compose every service has a name, and a program may dial one that no file speaks of.  So a
service of which nobody knows a port keeps its name, unless it is a worker by what it is called or
by its image, which another service runs to listen; then a Service would lead to nothing, and
promise something to whoever reads it.
"""

from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.app.workloads import Container, Task, Workload
from mooring.compose.merge import identity
from mooring.decisions import Decision, Evidence
from mooring.images.facts import Role
from mooring.translate.dialling import Dialled
from mooring.translate.notes import Translated
from mooring.translate.view import ServiceView, entries


def without_names(
    parts: tuple[Workload | Task, ...],
    views: ReadOnly[str, ServiceView],
    names: ReadOnly[str, Iterable[str]],
    dialled: Dialled,
) -> Translated[tuple[Workload | Task, ...]]:
    """
    Return ``parts`` with those marked that nobody dials.

    ``names`` are all the names under which each service may be dialled.
    """
    awaited = {name for view in views.values() for name, _ in entries(view.get("depends_on"))}
    marked: list[Workload | Task] = []
    decisions: list[Decision] = []
    listening: dict[object, set[str]] = {}
    for part in parts:
        for container in part.containers:
            if container.endpoints:
                owners = listening.setdefault(_origin(container, views), set())
                owners.add(part.source_name)
    for part in parts:
        evidence = _evidence(part, views, listening)
        if (
            evidence is None
            or not _listens_nowhere(part, views)
            or any(
                one.source_name in awaited
                or any(
                    dialled.by_others(name, than=one.source_name) for name in names[one.source_name]
                )
                for one in part.containers
            )
        ):
            marked.append(part)
            continue
        containers = tuple(msgspec.structs.replace(one, endpoints=()) for one in part.containers)
        marked.append(msgspec.structs.replace(part, is_dialled=False, containers=containers))
        decisions.append(
            Decision(
                subject=f"services.{part.source_name}",
                topic="name",
                choice="no Service: it calls others, and nobody calls it",
                evidence=(
                    evidence,
                    Evidence("no file says that it listens"),
                    Evidence("no other service speaks of it or waits for it"),
                ),
                overrule=f"services: {{{part.source_name}: {{ports: [8080]}}}}",
            )
        )
    return Translated(tuple(marked), tuple(decisions))


def _listens_nowhere(part: Workload | Task, views: ReadOnly[str, ServiceView]) -> bool:
    return (
        isinstance(part, Workload)
        and not part.keeps_state
        and not part.other_names
        and not part.exposures
        and not part.answers_by_address
        and not any(_may_listen(one, views[one.source_name]) for one in part.containers)
    )


def _may_listen(container: Container, view: ServiceView) -> bool:
    if not container.endpoints or any(one.position is not None for one in container.endpoints):
        return bool(container.endpoints)
    # Only the catalogue knows of its ports: with a command an application may run another mode.
    is_application = view.known is not None and view.known.family.role in _APPLICATIONS
    return not is_application or view.get("command") is None


_APPLICATIONS = frozenset({Role.WEB, Role.WORKER, Role.TOOL})

_WORKERS = frozenset({"worker", "workers", "beat", "scheduler", "cron", "consumer", "etl"})


def _words(name: str) -> list[str]:
    return name.lower().replace(".", "-").replace("_", "-").split("-")


def _evidence(
    part: Workload | Task, views: ReadOnly[str, ServiceView], listening: ReadOnly[object, set[str]]
) -> Evidence | None:
    """Return what makes a worker of ``part``, or None; ``listening`` says who listens by image."""
    words = _WORKERS.intersection(_words(part.source_name))
    if words:
        return Evidence(f'it is called "{min(words)}"', part.position)
    images = (_origin(one, views) for one in part.containers)
    if any(listening.get(image, set()) - {part.source_name} for image in images):
        return Evidence("another service runs the same image, and listens", part.position)
    return None


def _origin(container: Container, views: ReadOnly[str, ServiceView]) -> object:
    """Return what the image of ``container`` is: how it is built, or else its reference."""
    build = views[container.source_name].get("build")
    return container.image.reference if build is None else identity(build)
