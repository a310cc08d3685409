"""
What must have happened elsewhere first: `depends_on`, and what `links` imply.

## What it means
Compose starts a service after its dependencies have started (`service_started`), answer their
health checks (`service_healthy`) or have ended with status 0 (`service_completed_successfully`).

## What it becomes
Nothing for "started": a cluster starts everything, and a process must bear a peer that is not
there yet.  "Healthy" becomes a bounded wait before the containers start, for the peer's Service
to answer; "completed" a bounded wait for the Job.

## What is lost
`restart: true` has no counterpart: Kubernetes restarts a pod when its own template changes.

## References
- https://docs.docker.com/compose/how-tos/startup-order/
- https://kubernetes.io/docs/concepts/workloads/pods/init-containers/
"""

from mooring.app.dependencies import Condition, Dependency
from mooring.translate.notes import Note, Translated, approximated, carried, dropped
from mooring.translate.view import ServiceView, entries, field, text, truth

ATTRIBUTES = ("depends_on",)

CONDITIONS = {
    "service_started": Condition.STARTED,
    "service_healthy": Condition.HEALTHY,
    "service_completed_successfully": Condition.COMPLETED,
}


def translate(service: ServiceView) -> Translated[tuple[Dependency, ...]]:
    """Return the service's dependencies in the order of the file."""
    dependencies: list[Dependency] = []
    notes: list[Note] = []
    for name, node in entries(service.get("depends_on")):
        path = service.path("depends_on", name)
        condition = CONDITIONS[
            text(node_) if (node_ := field(node, "condition")) else "service_started"
        ]
        required = (node_ := field(node, "required")) is None or truth(node_)
        restarts = truth(field(node, "restart"))
        dependencies.append(
            Dependency(
                on=name,
                condition=condition,
                required=required,
                restarts_with_it=restarts,
                position=node.position,
            )
        )
        if condition is Condition.STARTED:
            notes.append(
                approximated(
                    path,
                    "a cluster starts all parts at once; a peer that is not there yet is retried",
                    "all start together",
                )
            )
        else:
            notes.append(carried(path, "Pod.spec.initContainers: a bounded wait"))
        if restarts:
            notes.append(
                dropped(
                    (*path, "restart"),
                    "Kubernetes restarts a pod when its own template changes, not its dependency's",
                )
            )
    return Translated(tuple(dependencies), tuple(notes))
