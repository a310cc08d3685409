"""
What each workload asks of the nodes: how much for each pod, how many pods, and which nodes.

What LimitRanges of the set give to containers, and what a RuntimeClass adds, is counted, as the
scheduler sees pods after admission.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, limits, nodes, pod_resources, rollout
from mooring.semantics.limits import Limit
from mooring.semantics.nodes import NodePool, Obstacle
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pods import PodTemplate
from mooring.semantics.rollout import Load, PodCount
from mooring.semantics.selection import Selections

PODS = "pods"
"""The room for pods themselves, of which each node has some."""


class Demand(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    The pods of one workload.

    ``asked`` is what one pod asks for; ``pools`` are the places of the pools on whose nodes it may
    run, ``obstacles`` what keeps it off the others.
    """

    pod: PodTemplate
    asked: dict[str, Decimal]
    count: PodCount
    pools: tuple[int, ...]
    obstacles: tuple[Obstacle, ...]

    @property
    def ref(self) -> ObjectRef:
        """The workload."""
        return self.pod.owner

    @property
    def is_daemon(self) -> bool:
        """Whether each node that it is for gets a pod of it."""
        return self.pod.kind == kinds.DAEMON_SET

    def pods(self, load: Load) -> int:
        """Return how many pods there are under ``load``."""
        return self.count.under(load)


def demands(
    objects: ManifestSet,
    pools: tuple[NodePool, ...],
    selections: Selections,
    architectures: Mapping[ObjectRef, Collection[str]],
) -> tuple[Demand, ...]:
    """Return what the workloads of the set ask for, in their order."""
    bounds: dict[str, tuple[Limit, ...]] = {}
    found = []
    for pod in objects.templates:
        if pod.namespace not in bounds:
            bounds[pod.namespace] = limits.of_namespace(objects, pod.namespace)
        containers = limits.defaulted(pod_resources.of_containers(pod), bounds[pod.namespace])
        more = pod_resources.overhead(pod, objects)
        requests = pod_resources.of_pod(pod, containers, overhead=more).requests
        made_for = architectures.get(pod.owner)
        against = [nodes.obstacles(pod, pool, architectures=made_for) for pool in pools]
        open_to = tuple(index for index, each in enumerate(against) if not each)
        reached = sum(pools[index].count for index in open_to)
        autoscaler = selections.autoscaler_of.get(pod.owner)
        found.append(
            Demand(
                pod=pod,
                asked={**requests, PODS: Decimal(1)},
                count=rollout.pod_count(pod, autoscaler, nodes=reached),
                pools=open_to,
                obstacles=tuple(each for some in against for each in some),
            )
        )
    return tuple(found)


def unmodelled(pod: PodTemplate) -> Iterator[str]:
    """Yield the wishes of a pod for its place that are not heeded here, in words."""
    path = ("affinity", "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    if fields.at(pod.spec, *path):
        yield "to run near other pods"
    for _, entry in fields.mappings(pod.spec.get("topologySpreadConstraints")):
        if entry.get("whenUnsatisfiable") != "ScheduleAnyway":
            yield f"to be spread over {entry.get('topologyKey')}"
    if name := fields.text(pod.spec.get("nodeName")):
        yield f"to run on {name}"
    if fields.items(pod.spec.get("resourceClaims")):
        yield "to have devices"
