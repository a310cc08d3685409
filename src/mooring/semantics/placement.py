"""
Placement: do the pods of a set fit on the nodes of a cluster, and where.

A sum over the whole cluster says little: pods that may run on one pool only, one pod larger than
every node, and what DaemonSets take of each node decide.  So pods are laid out on the nodes, those
with the fewest choices first, then the largest.  A layout that is found proves that they fit.
Where none is found, sums over the pools that pods may use often prove that there is none; the
rest stays open, and is said to.

Not modelled, and listed where a pod asks for it: attraction to other pods, required spread over a
topology, a fixed node, volumes that are bound to nodes.

Sources: https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/,
https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum

import msgspec

from mooring.kube import quantity
from mooring.refs import ObjectRef
from mooring.semantics import apart, demands, fields, packing
from mooring.semantics.demands import Demand
from mooring.semantics.nodes import NodePool, Obstacle, Why
from mooring.semantics.objects import ManifestSet
from mooring.semantics.packing import Node, Packing
from mooring.semantics.pod_resources import CPU, MEMORY
from mooring.semantics.rollout import Load
from mooring.semantics.selection import Selections


class Fit(StrEnum):
    """Whether pods fit."""

    FITS = "fits"
    """A layout was found."""
    IMPOSSIBLE = "impossible"
    """No layout can exist."""
    OPEN = "open"
    """None was found, and none is ruled out."""


class PoolUse(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is asked of a pool, in base units (cores, bytes, pieces).

    ``capacity`` is what its nodes have together; ``daemons`` what DaemonSets take of them;
    ``bound`` what pods ask for that may run on no other pool; ``placed`` what the layout puts here
    beside the DaemonSets.  ``largest`` is the pod that asks for the most memory among those that
    may run here, with what it asks for.
    """

    pool: NodePool
    capacity: dict[str, Decimal]
    daemons: dict[str, Decimal]
    bound: dict[str, Decimal]
    placed: dict[str, Decimal]
    largest: tuple[ObjectRef, Decimal] | None

    def share(self, resource: str) -> Decimal:
        """Return what must run here as a share of the capacity: 1 is full."""
        asked = self.bound.get(resource, _ZERO) + self.daemons.get(resource, _ZERO)
        capacity = self.capacity.get(resource, _ZERO)
        return asked / capacity if capacity else _ZERO


class Unplaced(msgspec.Struct, frozen=True, kw_only=True):
    """``count`` pods of ``pod`` that found no node, and what kept them off each pool."""

    pod: ObjectRef
    count: int
    obstacles: tuple[Obstacle, ...]


class Placement(msgspec.Struct, frozen=True, kw_only=True):
    """
    Where pods go.

    ``asked`` is what all pods ask for together, ``capacity`` what all nodes have.  ``stuck`` are
    the workloads that have no room to roll an update once everything else stands.  ``unmodelled``
    tells which wishes of which pods were left out of account.
    """

    fit: Fit
    pools: tuple[PoolUse, ...]
    unplaced: tuple[Unplaced, ...]
    asked: dict[str, Decimal]
    capacity: dict[str, Decimal]
    stuck: tuple[ObjectRef, ...] = ()
    unmodelled: tuple[tuple[ObjectRef, str], ...] = ()


def place(
    objects: ManifestSet,
    pools: Iterable[NodePool],
    *,
    load: Load = Load.RESTING,
    architectures: Mapping[ObjectRef, Collection[str]] = {},
) -> Placement:
    """
    Lay out the pods of the set on the nodes of ``pools``.

    ``architectures`` tells for what the images of a workload are made; of what it does not name
    nothing is assumed.  What LimitRanges of the set give to containers is counted.
    """
    given = tuple(pools)
    selections = Selections(objects)
    asked = demands.demands(objects, given, selections, architectures)
    packed = Packing(asked, given, apart.repulsions(objects, selections), load)
    unplaced = tuple(
        Unplaced(
            pod=each.ref,
            count=packed.left[each.ref],
            obstacles=(*each.obstacles, *_full(each, given, packed)),
        )
        for each in asked
        if each.ref in packed.left
    )
    fit = Fit.FITS
    if unplaced:
        fit = Fit.IMPOSSIBLE if _is_ruled_out(asked, unplaced, packed, load) else Fit.OPEN
    stuck = [
        each.ref
        for each in asked
        if each.pools
        and each.count.surge
        and each.ref not in packed.left
        and not packed.has_room_for(each)
    ]
    return Placement(
        fit=fit,
        pools=tuple(_use(index, pool, asked, packed, load) for index, pool in enumerate(given)),
        unplaced=unplaced,
        asked=packing.amounts(_sum(asked, packed, load)),
        capacity=fields.added(_capacity(pool) for pool in given),
        stuck=tuple(stuck) if load is Load.RESTING else (),
        unmodelled=tuple(
            (each.ref, wish) for each in asked for wish in demands.unmodelled(each.pod)
        ),
    )


_ZERO = Decimal(0)


def _sum(some: Iterable[Demand], packed: Packing, load: Load) -> dict[str, int]:
    return packing.total((packed.sizes[each.ref], each.pods(load)) for each in some)


def _capacity(pool: NodePool) -> dict[str, Decimal]:
    return {name: size * pool.count for name, size in pool.allocatable.items()}


def _use(
    index: int, pool: NodePool, asked: tuple[Demand, ...], packed: Packing, load: Load
) -> PoolUse:
    of_pool = [node for node in packed.nodes if node.pool == index]
    capacity = _capacity(pool)
    room = packing.total((node.room, 1) for node in of_pool)
    free = packing.total((node.free, 1) for node in of_pool)
    here = [each for each in asked if not each.is_daemon and index in each.pools]
    bound = [each for each in here if each.pools == (index,)]
    largest = max(
        (each for each in here if each.pods(load)),
        key=lambda each: each.asked.get(MEMORY, _ZERO),  # The first of equals.
        default=None,
    )
    return PoolUse(
        pool=pool,
        capacity=capacity,
        daemons=_difference(packing.thousandths(capacity), room),
        bound=packing.amounts(_sum(bound, packed, load)),
        placed=_difference(room, free),
        largest=None if largest is None else (largest.ref, largest.asked.get(MEMORY, _ZERO)),
    )


def _difference(before: Mapping[str, int], after: Mapping[str, int]) -> dict[str, Decimal]:
    names = {**before, **after}
    return packing.amounts({name: before.get(name, 0) - after.get(name, 0) for name in names})


def _full(demand: Demand, pools: tuple[NodePool, ...], packed: Packing) -> Iterator[Obstacle]:
    """Yield why the nodes that are open to ``demand`` take no more of it."""
    size = packed.sizes[demand.ref]
    for index in demand.pools:
        of_pool = [node for node in packed.nodes if node.pool == index]
        why, detail = _why_full(size, of_pool)
        yield Obstacle(pools[index].name, why, detail)


def _why_full(size: dict[str, int], of_pool: list[Node]) -> tuple[Why, str]:
    wanted = [(name, amount) for name, amount in size.items() if amount]
    for name, amount in wanted:
        most = max((node.room.get(name, 0) for node in of_pool), default=0)
        if amount > most:
            asked, has = _shown(name, amount), _shown(name, max(most, 0))
            return Why.SIZE, f"a pod asks for {asked} of {name}, a node has {has} for pods"
    if any(node.holds(size) for node in of_pool):
        return Why.APART, "on nodes with room is a pod, or a port, that it must not meet"
    short = [
        name for name, amount in wanted if all(node.free.get(name, 0) < amount for node in of_pool)
    ]
    lacking = " and ".join(short or [name for name, _ in wanted])
    return Why.ROOM, f"no node has enough {lacking} left"


def _shown(name: str, size: int) -> str:
    exact = Decimal(size) / 1000
    if name == CPU:
        return quantity.cpu(exact)
    return quantity.memory(exact) if name == MEMORY else f"{exact.normalize():f}"


def _is_ruled_out(
    asked: tuple[Demand, ...], unplaced: tuple[Unplaced, ...], packed: Packing, load: Load
) -> bool:
    """
    Return whether no layout can exist.

    A pod fits nowhere, a workload does not fit even alone, or some pools are too small for those
    that may run on no others.
    """
    for each in unplaced:
        if all(obstacle.why not in (Why.ROOM, Why.APART) for obstacle in each.obstacles):
            return True
    if any(packed.left.get(each.ref) and packed.most(each) < each.pods(load) for each in asked):
        return True
    others = [each for each in asked if not each.is_daemon and each.pools]
    for pools in {each.pools for each in others}:
        inside = [each for each in others if set(pools).issuperset(each.pools)]
        room = packing.total((node.room, 1) for node in packed.nodes if node.pool in pools)
        wanted = _sum(inside, packed, load)
        if any(amount > room.get(name, 0) for name, amount in wanted.items()):
            return True
    return False
