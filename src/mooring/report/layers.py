"""
Places for the nodes of a directed graph, so that its edges mostly lead from left to right.

The method of Sugiyama, Tagawa and Toda ("Methods for visual understanding of hierarchical system
structures", 1981) in its plainest form: cycles are broken, each node gets a layer, the order within
layers is chosen so that few edges cross, and heights so that edges are short.  An edge over several
layers runs through points between nodes, so that it passes them; edges to one node share these, as
roads to one town do.

Everything is counted in whole rows and decided by the order of the input: the same graph always
looks the same.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Generic, NamedTuple, TypeVar

import msgspec

Node = TypeVar("Node", bound=Hashable)


class _Bend(NamedTuple):
    """Where edges with the end ``end`` pass the layer ``layer``."""

    end: Hashable
    layer: int


class Place(NamedTuple):
    """A layer, counted from the left, and a height in half rows, counted from the top."""

    layer: int
    height: int


class Layout(msgspec.Struct, Generic[Node], frozen=True):
    """
    Where each node is, and through which points each edge runs, its two ends included.

    ``layers`` is how many there are, ``height`` how many half rows the whole takes.
    """

    places: dict[Node, Place]
    routes: tuple[tuple[Place, ...], ...]
    layers: int
    height: int


_ROW = 2  # half rows from a node to the next
_HALF_ROW = 1  # from a bend to its neighbour
_SWEEPS = 12


def layout(nodes: Sequence[Node], edges: Sequence[tuple[Node, Node]]) -> Layout[Node]:
    """Return places for ``nodes``, between which ``edges`` run; an edge to itself is no edge."""
    forward = _without_cycles(nodes, edges)
    layer_of = _layers(nodes, forward)
    chains = [_chain(edge, layer_of) for edge in forward]
    count = max(layer_of.values(), default=-1) + 1
    columns: list[list[Hashable]] = [[] for _ in range(count)]
    for node in nodes:
        columns[layer_of[node]].append(node)
    for bend in dict.fromkeys(point for chain in chains for point in chain):
        if isinstance(bend, _Bend):
            columns[bend.layer].append(bend)
    before, after = _neighbours(chains)
    columns = _ordered(columns, before, after)
    heights = _heights(columns, before, after)
    top = min(heights.values(), default=0)
    places = {
        point: Place(layer, heights[point] - top)
        for layer, column in enumerate(columns)
        for point in column
    }
    routes = []
    for (source, _), (start, _), chain in zip(edges, forward, chains, strict=True):
        route = tuple(places[point] for point in chain)
        routes.append(route if source == start else route[::-1])
    return Layout(
        places={node: places[node] for node in nodes},
        routes=tuple(routes),
        layers=count,
        height=max((place.height for place in places.values()), default=-1) + 1,
    )


def _without_cycles(
    nodes: Sequence[Node], edges: Iterable[tuple[Node, Node]]
) -> list[tuple[Node, Node]]:
    """Return ``edges`` with those turned round that lead back to where a walk came from."""
    after: dict[Node, list[Node]] = {node: [] for node in nodes}
    into: dict[Node, int] = dict.fromkeys(nodes, 0)
    listed = list(edges)
    for source, target in listed:
        if target not in after[source]:
            after[source].append(target)
            into[target] += 1
    back: set[tuple[Node, Node]] = set()
    done: set[Node] = set()
    # Walks begin where nothing leads to, so that few edges are turned.
    for root in sorted(nodes, key=lambda node: into[node] > 0):
        if root in done:
            continue
        path: dict[Node, None] = {root: None}
        stack = [(root, iter(after[root]))]
        while stack:
            node, targets = stack[-1]
            for target in targets:
                if target in path:
                    back.add((node, target))
                elif target not in done:
                    path[target] = None
                    stack.append((target, iter(after[target])))
                    break
            else:
                stack.pop()
                del path[node]
                done.add(node)
    return [edge[::-1] if edge in back else edge for edge in listed]


def _layers(nodes: Sequence[Node], edges: Iterable[tuple[Node, Node]]) -> dict[Node, int]:
    """Return a layer for each node: right of all that lead to it, as near to its own as it can."""
    before: dict[Node, list[Node]] = {node: [] for node in nodes}
    after: dict[Node, list[Node]] = {node: [] for node in nodes}
    for source, target in edges:
        if source != target:
            before[target].append(source)
            after[source].append(target)
    layer: dict[Node, int] = {}
    open_ends = {node: len(before[node]) for node in nodes}
    ready = [node for node in nodes if not open_ends[node]]
    order: list[Node] = []
    while ready:
        node = ready.pop(0)
        order.append(node)
        layer[node] = max((layer[one] + 1 for one in before[node]), default=0)
        for one in after[node]:
            open_ends[one] -= 1
            if not open_ends[one]:
                ready.append(one)
    for node in reversed(order):
        if not before[node] and after[node]:
            layer[node] = min(layer[one] for one in after[node]) - 1
    return {node: layer[node] for node in nodes}


def _chain(edge: tuple[Node, Node], layer_of: Mapping[Node, int]) -> list[Hashable]:
    """Return what an edge passes: its start, a bend in each layer between, its end."""
    source, target = edge
    between = range(layer_of[source] + 1, layer_of[target])
    return [source, *(_Bend(target, layer) for layer in between), target]


def _neighbours(
    chains: Iterable[Sequence[Hashable]],
) -> tuple[dict[Hashable, list[Hashable]], dict[Hashable, list[Hashable]]]:
    before: dict[Hashable, list[Hashable]] = {}
    after: dict[Hashable, list[Hashable]] = {}
    for one, other in dict.fromkeys(step for chain in chains for step in pairwise(chain)):
        after.setdefault(one, []).append(other)
        before.setdefault(other, []).append(one)
    return before, after


def _ordered(
    columns: list[list[Hashable]],
    before: Mapping[Hashable, list[Hashable]],
    after: Mapping[Hashable, list[Hashable]],
) -> list[list[Hashable]]:
    """Return ``columns`` in an order in which few edges cross: the best of some sweeps."""
    best, fewest = [list(column) for column in columns], _crossings(columns, after)
    current = [list(column) for column in columns]
    for sweep in range(_SWEEPS):
        rightwards = sweep % 2 == 0
        indexes = range(1, len(current)) if rightwards else range(len(current) - 2, -1, -1)
        for index in indexes:
            fixed = current[index - 1] if rightwards else current[index + 1]
            near = before if rightwards else after
            rank = {point: float(place) for place, point in enumerate(fixed)}
            current[index] = _by_neighbours(current[index], near, rank)
        found = _crossings(current, after)
        if found < fewest:
            best, fewest = [list(column) for column in current], found
    return best


def _by_neighbours(
    column: list[Hashable],
    near: Mapping[Hashable, list[Hashable]],
    rank: Mapping[Hashable, float],
) -> list[Hashable]:
    """Return ``column`` by the mean rank of neighbours; who has none keeps its place."""
    means = {
        point: sum(rank[one] for one in near[point]) / len(near[point])
        for point in column
        if near.get(point)
    }
    moving = iter(sorted(means, key=lambda point: means[point]))
    return [next(moving) if point in means else point for point in column]


def _crossings(
    columns: Sequence[Sequence[Hashable]], after: Mapping[Hashable, list[Hashable]]
) -> int:
    total = 0
    for column, following in pairwise(columns):
        rank = {point: place for place, point in enumerate(following)}
        ends = [
            end for point in column for end in sorted(rank[one] for one in after.get(point, ()))
        ]
        total += sum(
            earlier > later for index, later in enumerate(ends) for earlier in ends[:index]
        )
    return total


def _heights(
    columns: Sequence[Sequence[Hashable]],
    before: Mapping[Hashable, list[Hashable]],
    after: Mapping[Hashable, list[Hashable]],
) -> dict[Hashable, int]:
    """Return a height for each point: in its order, apart from the next, near to its neighbours."""
    height: dict[Hashable, int] = {}
    for column in columns:
        height.update(zip(column, _offsets(column), strict=True))
    for sweep in range(_SWEEPS):
        rightwards = sweep % 2 == 0
        near = before if rightwards else after
        for column in columns if rightwards else reversed(columns):
            offsets = _offsets(column)
            wanted = [
                (sum(height[one] for one in near[point]) / len(near[point]))
                if near.get(point)
                else float(height[point])
                for point in column
            ]
            placed = _rising([want - offset for want, offset in zip(wanted, offsets, strict=True)])
            for point, place, offset in zip(column, placed, offsets, strict=True):
                height[point] = round(place) + offset
    return height


def _offsets(column: Sequence[Hashable]) -> list[int]:
    """Return the least heights of the points of ``column``, the first at 0."""
    offsets = [0]
    for one, other in pairwise(column):
        is_narrow = isinstance(one, _Bend) and isinstance(other, _Bend)
        offsets.append(offsets[-1] + (_HALF_ROW if is_narrow else _ROW))
    return offsets[: len(column)]


def _rising(wanted: Sequence[float]) -> list[float]:
    """
    Return the values nearest to ``wanted`` of which none is less than the one before.

    Pools adjacent violators: least squares under an order.
    """
    blocks: list[tuple[float, int]] = []
    for value in wanted:
        total, count = value, 1
        while blocks and blocks[-1][0] / blocks[-1][1] > total / count:
            last_total, last_count = blocks.pop()
            total, count = total + last_total, count + last_count
        blocks.append((total, count))
    return [total / count for total, count in blocks for _ in range(count)]
