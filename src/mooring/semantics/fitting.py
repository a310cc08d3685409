"""
Whether everything fits on the nodes of a cluster, told to its owner.

Everything at rest has to fit, or pods stay pending; an update needs room for its surge on top, or
it stops half-way; and what fits with little to spare leaves none for the failure of a node, or for
what the system itself takes.  Sums over the whole cluster deceive where pods may run on one pool
of nodes only, so each pool is looked at by itself.
"""

from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

import msgspec

from mooring.findings import Finding, Rule, Severity
from mooring.kube import quantity
from mooring.refs import ObjectRef
from mooring.semantics import fields, placement
from mooring.semantics.nodes import ARCH_LABEL, NodePool, Taint, Why
from mooring.semantics.objects import ManifestSet
from mooring.semantics.placement import Fit, Placement, PoolUse, Unplaced
from mooring.semantics.pod_resources import CPU, MEMORY
from mooring.semantics.rollout import Load
from mooring.settings.clusters import Cluster, Node

DOES_NOT_FIT = Rule(id="pods-do-not-fit", severity=Severity.ERROR, since="0.1")
MAY_NOT_FIT = Rule(id="pods-may-not-fit", severity=Severity.WARNING, since="0.1")
NO_ROOM_TO_UPDATE = Rule(id="update-has-no-room", severity=Severity.WARNING, since="0.1")
NEARLY_FULL = Rule(id="nodes-nearly-full", severity=Severity.WARNING, since="0.1")

NEARLY = Decimal("0.85")
"""The share of a pool's capacity above which there is little to spare."""


def pools(cluster: Cluster) -> tuple[NodePool, ...]:
    """Return the nodes of ``cluster`` as the scheduler sees them, each pool under its own name."""
    names = [node.name for node in cluster.nodes]
    return tuple(
        _pool(node, node.name if names.count(node.name) == 1 else f"{node.name}-{number}")
        for number, node in enumerate(cluster.nodes, start=1)
    )


def findings(
    objects: ManifestSet,
    cluster: Cluster,
    *,
    architectures: Mapping[ObjectRef, Collection[str]] = {},
) -> Iterator[Finding]:
    """Yield what does not fit on the nodes of ``cluster``, or only just; nothing without nodes."""
    given = pools(cluster)
    if not given:
        return
    found = placement.place(objects, given, architectures=architectures)
    if found.fit is not Fit.FITS:
        rule = DOES_NOT_FIT if found.fit is Fit.IMPOSSIBLE else MAY_NOT_FIT
        for pending in found.unplaced:
            if _is_of_another_architecture(pending, objects, given):
                continue  # Who made the objects tells it with the image.
            yield rule.finding(
                pending.pod, _pending(pending, cluster), remedy=_remedy(pending, found)
            )
        return
    rolling = placement.place(objects, given, load=Load.ROLLING, architectures=architectures)
    for ref in found.stuck:
        yield NO_ROOM_TO_UPDATE.finding(
            ref,
            f"a rolling update of {ref.name} starts a pod more, for which the nodes of the cluster "
            f"{cluster.name} have no room beside the rest",
            remedy="leave room for one pod more, or let an update stop a pod before it starts one "
            "(order: stop-first)",
        )
    yield from _nearly_full(rolling, cluster)


class Taken(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How much of a resource of a pool of nodes is asked for, in base units."""

    pool: str
    resource: str
    asked: Decimal
    capacity: Decimal

    @property
    def percent(self) -> int:
        """The same in percent, rounded down."""
        return int(100 * self.asked / self.capacity)


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """Whether everything fits on the nodes of ``cluster`` while an update rolls, and how well."""

    cluster: str
    fit: Fit
    taken: tuple[Taken, ...]


def room(objects: ManifestSet, cluster: Cluster) -> Room | None:
    """Return how full the nodes of ``cluster`` are while an update rolls; None without nodes."""
    given = pools(cluster)
    if not given:
        return None
    found = placement.place(objects, given, load=Load.ROLLING)
    taken = [each for use in found.pools for each in _taken(use)]
    return Room(cluster=cluster.name, fit=found.fit, taken=tuple(taken))


def _taken(use: PoolUse) -> Iterator[Taken]:
    for name in (CPU, MEMORY):
        capacity = use.capacity.get(name, _ZERO)
        asked = use.placed.get(name, _ZERO) + use.daemons.get(name, _ZERO)
        if capacity:
            yield Taken(pool=use.pool.name, resource=name, asked=asked, capacity=capacity)


def _pool(node: Node, name: str) -> NodePool:
    return NodePool(
        name=name,
        count=node.count,
        cpu=node.cpu,
        memory=node.memory,
        arch=node.arch,
        pods=node.pods,
        labels=node.labels,
        taints=tuple(map(_taint, node.taints)),
        resources=node.resources,
    )


def _taint(written: str) -> Taint:
    """Return a taint as kubectl writes it: ``key=value:Effect``."""
    rest, _, effect = written.rpartition(":")
    key, _, value = rest.partition("=")
    return Taint(key, value, effect)


def _is_of_another_architecture(
    pending: Unplaced, objects: ManifestSet, given: tuple[NodePool, ...]
) -> bool:
    """Tell whether the pods ask for an architecture that no node has."""
    wanted = fields.at(objects.template_of[pending.pod].spec, "nodeSelector", ARCH_LABEL)
    return wanted is not None and all(pool.arch != wanted for pool in given)


def _pending(pending: Unplaced, cluster: Cluster) -> str:
    pods = "1 pod" if pending.count == 1 else f"{pending.count} pods"
    why = "; ".join(f"{each.pool}: {each.detail}" for each in pending.obstacles)
    return (
        f"{pods} of {pending.pod.name} would stay pending in the cluster {cluster.name}"
        f"{f' ({why})' if why else ''}"
    )


def _remedy(pending: Unplaced, found: Placement) -> str:
    whys = {each.why for each in pending.obstacles}
    if whys.isdisjoint({Why.ROOM, Why.SIZE}):
        return "add nodes on which it may run, or ask for less of its node"
    asked, capacity = found.asked, found.capacity
    sums = ", ".join(
        f"{quantity.shown(name, asked.get(name, _ZERO))} of {quantity.shown(name, size)} {name}"
        for name, size in capacity.items()
        if name in (CPU, MEMORY)
    )
    return (
        f"add nodes, or lower services: {{{pending.pod.name}: {{resources: ...}}}}; all pods "
        f"together ask for {sums}"
    )


_ZERO = Decimal(0)


def _nearly_full(found: Placement, cluster: Cluster) -> Iterator[Finding]:
    for use in found.pools:
        for taken in _taken(use):
            if taken.asked > NEARLY * taken.capacity:
                shown = (
                    quantity.shown(taken.resource, size) for size in (taken.asked, taken.capacity)
                )
                yield NEARLY_FULL.finding(
                    None,
                    f"while an update rolls, pods ask for {' of '.join(shown)} ({taken.percent} %) "
                    f"of the {taken.resource} of {use.pool.name} in the cluster {cluster.name}: a "
                    "node that fails has nowhere to leave its pods",
                    remedy="add a node, or lower what services ask for",
                )
