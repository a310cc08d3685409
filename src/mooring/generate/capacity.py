"""
What the objects of an environment ask for, held against what there is to give it.

Nodes, connections and quotas: all three look at finished objects, because replicas, surge and
tasks multiply what one container says.  Loaded only where there is something to hold them against.
"""

from collections.abc import Iterator
from typing import NamedTuple

from mooring.app.application import Application
from mooring.app.connections import ConnectionClient, ConnectionServer
from mooring.findings import Finding, Rule, Severity
from mooring.kube import labels
from mooring.kube.object_set import ObjectSet
from mooring.kube.objects.identity import Namespace
from mooring.semantics import connections, fitting
from mooring.semantics.connections import Budget, Line, Server
from mooring.semantics.objects import ManifestSet
from mooring.semantics.selection import Selections
from mooring.settings.environments import Environment

CONNECTIONS_REFUSED = Rule(id="connections-refused", severity=Severity.ERROR, since="0.1")
CONNECTIONS_SCARCE = Rule(id="connections-scarce", severity=Severity.WARNING, since="0.1")


class Judged(NamedTuple):
    """Objects, with the quota that they ask for, and what is to be said of them."""

    objects: ObjectSet
    findings: tuple[Finding, ...]


def judged(
    application: Application, environment: Environment, objects: ObjectSet, namespace: str
) -> Judged:
    """Return ``objects`` with the quota of their ``namespace``, and what they do not find room."""
    manifests = ManifestSet.of(objects, namespace=namespace)
    cluster = environment.cluster
    found: list[Finding] = []
    if environment.quota is not None:
        from mooring.generate.quota import quota

        nodes = sum(node.count for node in cluster.nodes) if cluster is not None else 0
        made = quota(
            application, manifests, environment.quota, namespace=namespace, nodes=nodes or 1
        )
        found.extend(made.findings)
        if made.quota is not None:
            first = [item for item in objects if isinstance(item, Namespace)]
            rest = [item for item in objects if not isinstance(item, Namespace)]
            objects = ObjectSet((*first, made.quota, *rest))
    if cluster is not None:
        found.extend(fitting.findings(manifests, cluster))
    for server in application.connections:
        found.extend(_of_connections(server, manifests))
    return Judged(objects, tuple(found))


def _of_connections(server: ConnectionServer, objects: ManifestSet) -> Iterator[Finding]:
    """Yield a finding where the clients of ``server`` may open more than it accepts."""
    selections = Selections(objects)
    templates = {
        item.labels.get(labels.NAME, ""): objects.template_of[item.ref]
        for item in objects
        if item.ref in objects.template_of
    }
    present = [client for client in server.clients if client.part in templates]
    clients = [
        connections.client(
            templates[client.part],
            client.pool,
            processes=client.processes,
            autoscaler=selections.autoscaler_of.get(templates[client.part].owner),
        )
        for client in present
    ]
    if server.part not in templates:
        return  # It is not there in this environment.
    budget = connections.budget(
        Server(max_connections=server.most, reserved=server.reserved), clients
    )
    if budget.left_at_worst >= 0:
        return
    stated = all(each.is_stated for each in present if each.pool is not None)
    refused = budget.left_at_rest < 0 and stated
    rule = CONNECTIONS_REFUSED if refused else CONNECTIONS_SCARCE
    kept = f", {server.reserved} kept for administrators" if server.reserved else ""
    most = -(-(budget.worst + server.reserved) // 10) * 10
    lines = map(_line, budget.lines, present)
    yield rule.finding(
        server.position,
        f"{server.part} accepts {budget.server.usable} connections ({server.said}{kept}), and its "
        f"clients may open {_moments(budget)}: {'; '.join(lines)}",
        remedy=f"allow more, as in {server.raise_with.format(most=most)}, give the clients smaller "
        "pools, or put a pooler between",
    )


def _moments(budget: Budget) -> str:
    least = "at least " if budget.is_lower_bound else ""
    said = f"{least}{budget.resting}"
    if budget.worst > budget.resting:
        also = ["updates roll", *(["tasks run"] if budget.tasks else [])]
        also += ["autoscalers are at their top"] if budget.scaled else []
        said += f", and {budget.worst} while {' and '.join(also)}"
    return said


def _line(line: Line, told: ConnectionClient) -> str:
    count, processes = line.client.count, line.client.processes
    pods = count.resting or count.tasks
    times = f"{pods} pod{'s' if pods != 1 else ''}"
    if processes > 1:
        times += f" x {processes} processes"
    if told.pool is None:
        return f"{told.part} {times} x an unknown pool"
    return f"{told.part} {times} x {told.pool} ({told.said})"
