"""
What must have happened elsewhere first: `depends_on`, and what `links` imply.

## What it means
Compose starts a service after its dependencies have started (`service_started`), answer their
health checks (`service_healthy`) or have ended with status 0 (`service_completed_successfully`).

## What it becomes
Nothing for "started": a cluster starts everything, and a process must bear a peer that is not
there yet.  A task does not come back as a workload does, so it waits until the peer answers.
"Healthy" becomes a bounded wait before the containers start, for the peer's Service
to answer; "completed" a bounded wait for the Job.

## What is lost
Containers of one pod start together, so they cannot wait for each other before that.
`restart: true` has no counterpart: Kubernetes restarts a pod when its own template changes.

## References
- https://docs.docker.com/compose/how-tos/startup-order/
- https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
"""

from collections.abc import Mapping as ReadOnly

from mooring.app.dependencies import Condition, Dependency
from mooring.settings.choices import Kind
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, field, text, truth

ATTRIBUTES = ("depends_on",)

CONDITIONS = {
    "service_started": Condition.STARTED,
    "service_healthy": Condition.HEALTHY,
    "service_completed_successfully": Condition.COMPLETED,
}


def translate(
    service: ServiceView,
    kinds: ReadOnly[str, Kind],
    impossible_waits: ReadOnly[tuple[str, str], str],
    by_the_clock: frozenset[str] = frozenset(),
) -> Translated[tuple[Dependency, ...]]:
    """
    Return the service's dependencies in the order of the file.

    ``kinds`` tells of each service that runs in the cluster whether it ends, and
    ``impossible_waits`` by waiting and awaited service why no pod can wait so; ``by_the_clock``
    are tasks that run again and again.
    """
    dependencies: list[Dependency] = []
    notes: list[Note] = []
    for name, node in entries(service.get("depends_on")):
        path = service.path("depends_on", name)
        condition = CONDITIONS[
            text(node_) if (node_ := field(node, "condition")) else "service_started"
        ]
        never = "" if name not in by_the_clock else "the clock starts it, again and again"
        if condition is Condition.STARTED and _must_find(service.name, name, kinds):
            condition = Condition.HEALTHY
            reason = impossible_waits.get((service.name, name), "")
        elif condition is Condition.STARTED:
            reason = "a cluster starts all at once: a process has to bear a peer that is not there"
        else:
            reason = (
                impossible_waits.get((service.name, name))
                or never
                or _never(condition, kinds.get(name))
            )
        restarts = truth(field(node, "restart"))
        dependencies.append(
            Dependency(
                on=name,
                condition=Condition.STARTED if reason else condition,
                required=(node_ := field(node, "required")) is None or truth(node_),
                restarts_with_it=restarts,
                position=node.position,
            )
        )
        notes.append(
            approximated(path, reason, "all start together")
            if reason
            else carried(path, "Pod.spec.initContainers: a bounded wait")
        )
        if restarts:
            notes.append(
                dropped(
                    (*path, "restart"),
                    "Kubernetes restarts a pod when its own template changes, not its dependency's",
                )
            )
    return Translated(tuple(dependencies), tuple(notes))


def _must_find(name: str, on: str, kinds: ReadOnly[str, Kind]) -> bool:
    """Tell whether a task runs beside a workload that it was to be started after."""
    return kinds.get(name) is Kind.TASK and kinds.get(on) is Kind.WORKLOAD


def _never(condition: Condition, kind: Kind | None) -> str:
    """Return why nobody can wait for this of a service; empty where one can."""
    if kind is None:
        return "nothing of that name runs in the cluster, so there is nothing to wait for"
    if condition is Condition.COMPLETED and kind is Kind.WORKLOAD:
        return "it goes on, as mooring.yaml says, so there is no end to wait for"
    if condition is Condition.HEALTHY and kind is Kind.TASK:
        return "it runs to its end, and a task that has ended is not healthy"
    return ""
