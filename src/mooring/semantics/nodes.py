"""
Nodes, pool by pool, and which pods may run on them.

A pool is a number of nodes that are alike to the scheduler.  What a pod demands of a node are its
``nodeSelector`` and required node affinity; what a node demands of a pod is that it tolerates its
taints; and both must be of one architecture and operating system.

Sources: https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/,
https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/,
https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations,
https://kubernetes.io/docs/reference/labels-annotations-taints/.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum

import msgspec

from mooring.kube import quantity
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.pod_resources import CPU, MEMORY
from mooring.semantics.pods import PodTemplate

ARCH_LABEL = "kubernetes.io/arch"
OS_LABEL = "kubernetes.io/os"
HOSTNAME_LABEL = "kubernetes.io/hostname"


class Taint(msgspec.Struct, frozen=True, gc=False):
    """A mark of a node that keeps pods away; ``effect`` PreferNoSchedule keeps none for sure."""

    key: str
    value: str = ""
    effect: str = "NoSchedule"

    def __str__(self) -> str:
        value = f"={self.value}" if self.value else ""
        return f"{self.key}{value}:{self.effect}"


class NodePool(msgspec.Struct, frozen=True, kw_only=True):
    """
    ``count`` nodes that are alike.

    ``cpu`` and ``memory`` are what one node has, as quantities; ``reserved_…`` what the system
    keeps of it; ``pods`` how many pods a node takes; ``resources`` what else it has (GPUs).
    """

    name: str = "nodes"
    count: int
    cpu: str
    memory: str
    arch: str = "amd64"
    os: str = "linux"
    labels: dict[str, str] = {}
    taints: tuple[Taint, ...] = ()
    reserved_cpu: str = "0"
    reserved_memory: str = "0"
    pods: int = 110
    resources: dict[str, str] = {}

    @property
    def allocatable(self) -> dict[str, Decimal]:
        """What one node has for pods."""
        return {
            CPU: quantity.parse(self.cpu) - quantity.parse(self.reserved_cpu),
            MEMORY: quantity.parse(self.memory) - quantity.parse(self.reserved_memory),
            "pods": Decimal(self.pods),
            **{name: quantity.parse(size) for name, size in self.resources.items()},
        }

    @property
    def node_labels(self) -> dict[str, str]:
        """The labels of each node; its own name is not known, and so not among them."""
        return {ARCH_LABEL: self.arch, OS_LABEL: self.os, **self.labels}


class Why(StrEnum):
    """What keeps pods off a node."""

    SELECTOR = "selector"
    AFFINITY = "affinity"
    TAINT = "taint"
    ARCHITECTURE = "architecture"
    SIZE = "size"
    """A pod is larger than an empty node."""
    APART = "apart"
    """Pods that must not share a node, or a port of it."""
    ROOM = "room"
    """The nodes are full."""


class Obstacle(msgspec.Struct, frozen=True, gc=False):
    """Why pods do not go to a pool; ``detail`` in words, with the values."""

    pool: str
    why: Why
    detail: str


def obstacles(
    pod: PodTemplate, pool: NodePool, *, architectures: Collection[str] | None = None
) -> tuple[Obstacle, ...]:
    """
    Return what keeps the pods off every node of ``pool``, however empty.

    ``architectures`` are those that all the pod's images are made for, None where that is unknown.
    """
    return tuple(Obstacle(pool.name, why, detail) for why, detail in _why(pod, pool, architectures))


def _why(
    pod: PodTemplate, pool: NodePool, architectures: Collection[str] | None
) -> Iterator[tuple[Why, str]]:
    labels = pool.node_labels
    for key, value in sorted(fields.labels(pod.spec.get("nodeSelector")).items()):
        if not _has(labels, key, value):
            yield Why.SELECTOR, f"it asks for nodes labelled {key}={value}"
    wanted_os = fields.at(pod.spec, "os", "name")
    if isinstance(wanted_os, str) and wanted_os != pool.os:
        yield Why.SELECTOR, f"it asks for {wanted_os}"
    path = ("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    required = fields.at(pod.spec, *path)
    if isinstance(required, dict):
        terms = [term for _, term in fields.mappings(required.get("nodeSelectorTerms"))]
        if not any(_meets(term, labels) for term in terms):
            yield Why.AFFINITY, f"it asks for nodes with {_shown(terms)}"
    tolerations = [each for _, each in fields.mappings(pod.spec.get("tolerations"))]
    if pod.kind == kinds.DAEMON_SET:
        tolerations += _OF_DAEMONS
    for taint in pool.taints:
        keeps_away = taint.effect in ("NoSchedule", "NoExecute")
        if keeps_away and not any(_tolerates(each, taint) for each in tolerations):
            yield Why.TAINT, f"it does not tolerate {taint}"
    if architectures is not None and pool.arch not in architectures:
        made_for = ", ".join(sorted(architectures)) or "none"
        yield Why.ARCHITECTURE, f"its images are for {made_for}, the nodes are {pool.arch}"


_OF_DAEMONS: list[Manifest] = [
    {"key": f"node.kubernetes.io/{condition}", "operator": "Exists"}
    for condition in (
        *("not-ready", "unreachable", "disk-pressure", "memory-pressure", "pid-pressure"),
        *("unschedulable", "network-unavailable"),
    )
]
"""What the DaemonSet controller lets its pods tolerate."""


def _has(labels: Mapping[str, str], key: str, value: str) -> bool:
    if key == HOSTNAME_LABEL and key not in labels:
        return True  # Some node may be called so.
    return labels.get(key) == value


def _meets(term: Manifest, labels: Mapping[str, str]) -> bool:
    """Return whether a node meets a term; one without any demand is met by none."""
    expressions = [each for _, each in fields.mappings(term.get("matchExpressions"))]
    # Only the name of a node can be asked for as a field, and any node may have it.
    names = fields.items(term.get("matchFields"))
    return bool(expressions or names) and all(_holds(each, labels) for each in expressions)


def _holds(expression: Manifest, labels: Mapping[str, str]) -> bool:
    key, operator = fields.text(expression.get("key")) or "", expression.get("operator")
    values = fields.texts(expression.get("values"))
    if key == HOSTNAME_LABEL and key not in labels:
        return True
    value = labels.get(key)
    if operator == "In":
        return value in values
    if operator == "NotIn":
        return value not in values
    if operator == "Exists":
        return value is not None
    if operator == "DoesNotExist":
        return value is None
    if operator in ("Gt", "Lt") and value is not None and len(values) == 1:
        try:
            found, bound = int(value), int(values[0])
        except ValueError:
            return False
        return found > bound if operator == "Gt" else found < bound
    return False


def _tolerates(toleration: Manifest, taint: Taint) -> bool:
    effect = fields.text(toleration.get("effect"))
    if effect is not None and effect != taint.effect:
        return False
    key = fields.text(toleration.get("key"))
    operator = fields.text(toleration.get("operator")) or "Equal"
    if key is None:
        return operator == "Exists"  # Every taint.
    if key != taint.key:
        return False
    return operator == "Exists" or (
        operator == "Equal" and (fields.text(toleration.get("value")) or "") == taint.value
    )


def _shown(terms: list[Manifest]) -> str:
    """Return the alternatives of a node affinity in words."""
    shown = []
    for term in terms:
        demands = []
        for _, each in fields.mappings(term.get("matchExpressions")):
            values = ", ".join(fields.texts(each.get("values")))
            key, operator = each.get("key"), each.get("operator")
            demands.append(f"{key} {operator} ({values})" if values else f"{key} {operator}")
        shown.append(" and ".join(demands))
    return " or ".join(each for each in shown if each) or "nothing that any node has"
