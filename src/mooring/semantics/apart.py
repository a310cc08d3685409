"""
Pods that must not meet: required anti-affinity, and ports of the node.

Anti-affinity works both ways: where A must not meet B, B cannot join A either.

Sources: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity,
https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ (hostPort)
"""

from collections.abc import Iterator, Mapping

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields, selection, views
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pods import PodTemplate
from mooring.semantics.selection import Selections

HostPort = tuple[str, int, str]
"""Protocol, number, and the node's address on which it is taken; empty is all of them."""


class Repulsion(msgspec.Struct, frozen=True, gc=False):
    """
    Whom the pods of a workload must not meet.

    ``others`` are pairs of a topology key (a label of nodes) and the workloads whose pods may not
    be where that label has the same value; the workload itself may be among them.
    """

    others: tuple[tuple[str, frozenset[ObjectRef]], ...] = ()
    ports: frozenset[HostPort] = frozenset()


FREE = Repulsion()


def repulsions(objects: ManifestSet, selections: Selections) -> dict[ObjectRef, Repulsion]:
    """Return whom each workload must not meet; those that may meet everybody are left out."""
    others: dict[ObjectRef, dict[str, set[ObjectRef]]] = {}
    for pod in objects.templates:
        for key, found in _required(pod, objects, selections):
            for other in found:
                others.setdefault(pod.owner, {}).setdefault(key, set()).add(other.owner)
                others.setdefault(other.owner, {}).setdefault(key, set()).add(pod.owner)
    ports = {pod.owner: taken for pod in objects.templates if (taken := host_ports(pod))}
    return {
        ref: Repulsion(
            tuple((key, frozenset(refs)) for key, refs in sorted(others.get(ref, {}).items())),
            ports.get(ref, frozenset()),
        )
        for ref in {**others, **ports}
    }


class Occupants:
    """Which workloads have a pod in each domain, as nodes fill."""

    def __init__(self, repulsions: Mapping[ObjectRef, Repulsion]) -> None:
        self._repulsions = repulsions
        self._keys = sorted({key for each in repulsions.values() for key, _ in each.others})
        self._present: dict[tuple[str, str], set[ObjectRef]] = {}
        self._ports: dict[str, set[HostPort]] = {}

    def admit(self, ref: ObjectRef, node: str, labels: Mapping[str, str]) -> bool:
        """Return whether a pod of ``ref`` may join those of ``node``, a node of these labels."""
        repulsion = self._repulsions.get(ref)
        if repulsion is None:
            return True
        for key, refs in repulsion.others:
            domain = labels.get(key)
            if domain is not None and not refs.isdisjoint(self._present.get((key, domain), ())):
                return False
        taken = self._ports.get(node, set())
        return not any(clash(port, other) for port in repulsion.ports for other in taken)

    def add(self, ref: ObjectRef, node: str, labels: Mapping[str, str]) -> None:
        """Take note of a pod of ``ref`` on ``node``."""
        for key in self._keys:
            domain = labels.get(key)
            if domain is not None:
                self._present.setdefault((key, domain), set()).add(ref)
        repulsion = self._repulsions.get(ref)
        if repulsion is not None and repulsion.ports:
            self._ports.setdefault(node, set()).update(repulsion.ports)


def _required(
    pod: PodTemplate, objects: ManifestSet, selections: Selections
) -> Iterator[tuple[str, tuple[PodTemplate, ...]]]:
    path = ("affinity", "podAntiAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    for _, term in fields.mappings(fields.at(pod.spec, *path)):
        key = fields.text(term.get("topologyKey"))
        wanted = selection.selector(term.get("labelSelector"))
        if key:
            for namespace in _namespaces(pod, term, objects):
                yield key, selections.pods.selected(namespace, wanted)


def _namespaces(pod: PodTemplate, term: Manifest, objects: ManifestSet) -> list[str]:
    """Return where a term looks: the pod's own namespace, unless it names or selects others."""
    named = fields.texts(term.get("namespaces"))
    if "namespaceSelector" not in term or term["namespaceSelector"] is None:
        return list(named) or [pod.namespace]
    wanted = selection.selector(term["namespaceSelector"])
    chosen = [
        name
        for name in (*objects.namespaces, *([] if pod.namespace else [""]))
        if wanted.matches(views.namespace(objects, name).labels)
    ]
    return list(dict.fromkeys((*named, *chosen)))


def host_ports(pod: PodTemplate) -> frozenset[HostPort]:
    """Return the ports of its node that a pod takes."""
    return frozenset(
        (port.protocol, number, "" if port.host_ip in (None, "0.0.0.0", "::") else port.host_ip)  # noqa: S104
        for container in pod.serving_containers
        for port in container.ports
        if (number := port.host_port or (port.number if pod.host_network else None))
    )


def clash(one: HostPort, other: HostPort) -> bool:
    """Return whether a node has room for one of the two only."""
    return one[:2] == other[:2] and (one[2] == other[2] or "" in (one[2], other[2]))
