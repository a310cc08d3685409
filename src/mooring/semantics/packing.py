"""
A layout of pods on nodes: DaemonSets first, then those with the fewest choices, then the largest.

Each pod goes to the node on which it leaves the least memory free, so that large pods after it
still find room.  The order is fixed, and so is the layout.  Amounts are kept in whole thousandths,
which is what the API server keeps.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal

from mooring.refs import ObjectRef
from mooring.semantics.apart import FREE, Occupants, Repulsion
from mooring.semantics.demands import Demand
from mooring.semantics.nodes import HOSTNAME_LABEL, NodePool
from mooring.semantics.pod_resources import MEMORY
from mooring.semantics.rollout import Load

Thousandths = dict[str, int]


def thousandths(amounts: Mapping[str, Decimal]) -> Thousandths:
    """Return amounts in whole thousandths, rounded up."""
    return {
        name: int((size * 1000).to_integral_value(ROUND_CEILING)) for name, size in amounts.items()
    }


def amounts(sizes: Mapping[str, int]) -> dict[str, Decimal]:
    """Return what ``sizes`` in thousandths are in base units, without those that are 0."""
    return {name: Decimal(size) / 1000 for name, size in sizes.items() if size}


def total(parts: Iterable[tuple[Mapping[str, int], int]]) -> Thousandths:
    """Return the sum of each part as often as it is there."""
    found: Thousandths = {}
    for sizes, times in parts:
        for name, size in sizes.items():
            found[name] = found.get(name, 0) + size * times
    return found


class Node:
    """A node as it fills: ``room`` is what DaemonSets leave, ``free`` what is left in the end."""

    __slots__ = ("free", "labels", "name", "pool", "room")

    def __init__(self, name: str, pool: int, free: Thousandths, labels: dict[str, str]) -> None:
        self.name = name
        self.pool = pool
        self.free = free
        self.room = free
        self.labels = labels

    def holds(self, size: Thousandths) -> bool:
        """Return whether a pod of this size fits beside those that are there."""
        free = self.free
        return all(free.get(name, 0) >= amount for name, amount in size.items() if amount)

    def take(self, size: Thousandths) -> None:
        """Put a pod of this size here."""
        for name, amount in size.items():
            self.free[name] = self.free.get(name, 0) - amount


class Packing:
    """
    Nodes with all that fits on them.

    ``left`` tells of each workload how many pods found no node.
    """

    def __init__(
        self,
        demands: tuple[Demand, ...],
        pools: tuple[NodePool, ...],
        repulsions: Mapping[ObjectRef, Repulsion],
        load: Load,
    ) -> None:
        self.sizes = {each.ref: thousandths(each.asked) for each in demands}
        self.nodes = [
            Node(
                f"{index}/{number}",
                index,
                thousandths(pool.allocatable),
                {HOSTNAME_LABEL: f"{index}/{number}", **pool.node_labels},
            )
            for index, pool in enumerate(pools)
            for number in range(pool.count)
        ]
        self.left: dict[ObjectRef, int] = {}
        self._pools = pools
        self._repulsions = repulsions
        self._occupants = Occupants(repulsions)
        for demand in demands:
            if demand.is_daemon:
                self._put_everywhere(demand)
        for node in self.nodes:
            node.room = dict(node.free)
        others = [each for each in demands if not each.is_daemon]
        for demand in sorted(others, key=self._rank):  # Equals keep the order of the set.
            self._put(demand, demand.pods(load))

    def has_room_for(self, demand: Demand) -> bool:
        """Return whether one pod more of ``demand`` finds a node."""
        return self._best(demand, self.open_to(demand)) is not None

    def most(self, demand: Demand) -> int:
        """Return an upper bound of the pods of ``demand`` that fit if nobody else were there."""
        size = [(name, amount) for name, amount in self.sizes[demand.ref].items() if amount]
        fitting = {
            node.name: min((node.room.get(name, 0) // amount for name, amount in size), default=0)
            for node in self.open_to(demand)
        }
        repulsion = self._repulsions.get(demand.ref, FREE)
        if repulsion.ports:
            fitting = {name: min(count, 1) for name, count in fitting.items()}
        bounds = [sum(fitting.values())]
        for key, refs in repulsion.others:
            if demand.ref in refs:
                # Of its own kind, one for each value of the label; nodes without it are no bound.
                holding = [node for node in self.open_to(demand) if fitting[node.name]]
                values = {node.labels[key] for node in holding if key in node.labels}
                others = (fitting[node.name] for node in holding if key not in node.labels)
                bounds.append(len(values) + sum(others))
        return min(bounds)

    def open_to(self, demand: Demand) -> list[Node]:
        """Return the nodes on which ``demand`` may run, full or not."""
        return [node for node in self.nodes if node.pool in demand.pools]

    def _rank(self, demand: Demand) -> tuple[int, float]:
        capacities = [self._pools[index].allocatable for index in demand.pools]
        part = max(
            (
                demand.asked[name] / capacity
                for each in capacities
                for name, capacity in each.items()
                if capacity and name in demand.asked
            ),
            default=Decimal(0),
        )
        return sum(self._pools[index].count for index in demand.pools), -float(part)

    def _put_everywhere(self, demand: Demand) -> None:
        size = self.sizes[demand.ref]
        for node in self.open_to(demand):
            if node.holds(size) and self._occupants.admit(demand.ref, node.name, node.labels):
                self._settle(demand, node)
            else:
                self.left[demand.ref] = self.left.get(demand.ref, 0) + 1

    def _put(self, demand: Demand, count: int) -> None:
        candidates = self.open_to(demand)
        for placed in range(count):
            node = self._best(demand, candidates)
            if node is None:
                self.left[demand.ref] = count - placed
                return
            self._settle(demand, node)

    def _settle(self, demand: Demand, node: Node) -> None:
        node.take(self.sizes[demand.ref])
        self._occupants.add(demand.ref, node.name, node.labels)

    def _best(self, demand: Demand, candidates: list[Node]) -> Node | None:
        size = self.sizes[demand.ref]
        best: Node | None = None
        for node in candidates:
            if best is not None and node.free.get(MEMORY, 0) >= best.free.get(MEMORY, 0):
                continue
            if node.holds(size) and self._occupants.admit(demand.ref, node.name, node.labels):
                best = node
        return best
