"""Who needs whom among the services of one environment, from what was made of them."""

from collections.abc import Mapping as ReadOnly
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mooring.compose.nodes import Mapping, Scalar
from mooring.kube import labels
from mooring.kube.objects.network import Ingress
from mooring.kube.objects.workloads import Deployment, StatefulSet
from mooring.refs import ObjectRef
from mooring.report.graph import Edge, Graph, Node

if TYPE_CHECKING:
    from mooring.compose.project import Project
    from mooring.kube.object_set import ObjectSet
    from mooring.translate.project import Translation

WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")
"""The kinds that run pods."""


def graph(
    project: "Project",
    translation: "Translation",
    objects: "ObjectSet",
    becomes: ReadOnly[str, Sequence[ObjectRef]],
) -> Graph:
    """
    Return the services of ``project`` that are there in ``objects``, and who needs whom.

    ``becomes`` has the objects of each service, by its name.
    """
    replicas = {
        item.ref: item.spec.replicas
        for item in objects
        if isinstance(item, Deployment | StatefulSet)
    }
    hosts: dict[str, dict[str, None]] = {}
    for item in objects:
        if isinstance(item, Ingress):
            owner = item.metadata.labels.get(labels.NAME, "")
            found = (rule.host for rule in item.spec.rules if rule.host)
            hosts.setdefault(owner, {}).update(dict.fromkeys(found))
    outside = {one.source_name for one in translation.application.outside}
    nodes = [
        _node(name, becomes[name], replicas, hosts, is_outside=name in outside)
        for name in project.services
        if becomes.get(name)
    ]
    return Graph(
        nodes=tuple(nodes), edges=_edges(project, translation, {one.name for one in nodes})
    )


def _node(
    name: str,
    becomes: Sequence[ObjectRef],
    replicas: ReadOnly[ObjectRef, int | None],
    hosts: ReadOnly[str, ReadOnly[str, None]],
    *,
    is_outside: bool,
) -> Node:
    workload = next((ref for ref in becomes if ref.kind in WORKLOADS), None)
    if workload is None:
        return Node(name=name, kind="outside of the cluster" if is_outside else "")
    return Node(
        name=name,
        kind=workload.kind,
        replicas=replicas.get(workload),
        hosts=tuple(hosts.get(workload.name, ())),
    )


def _edges(project: "Project", translation: "Translation", there: set[str]) -> tuple[Edge, ...]:
    ports: dict[tuple[str, str], set[int]] = {}
    for dial in translation.dials:
        ports.setdefault((dial.service, dial.other), set()).add(dial.port)
    waits: dict[tuple[str, str], str] = {}
    for name, service in project.services.items():
        depends_on = service.get("depends_on")
        for other, node in depends_on.entries.items() if isinstance(depends_on, Mapping) else ():
            condition = node.get("condition") if isinstance(node, Mapping) else None
            word = condition.value if isinstance(condition, Scalar) else None
            waits[name, other] = word if isinstance(word, str) else "service_started"
    order = {name: rank for rank, name in enumerate(project.services)}
    pairs = [
        pair
        for pair in {**dict.fromkeys(ports), **dict.fromkeys(waits)}
        if pair[0] in there and pair[1] in there
    ]
    pairs.sort(key=lambda pair: (order[pair[0]], order[pair[1]]))
    return tuple(
        Edge(
            source=source,
            target=target,
            ports=tuple(sorted(port for port in ports.get((source, target), ()) if port)),
            dials=(source, target) in ports,
            waits=waits.get((source, target), ""),
        )
        for source, target in pairs
    )
