"""Places for the nodes of a graph: edges lead to the right, nothing lies on anything else."""

import random
from itertools import pairwise

import pytest

from mooring.report.layers import Layout, layout


def _graph(size: int, seed: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Return a graph of ``size`` nodes with cycles, the same for the same ``seed``."""
    chance = random.Random(seed)
    nodes = [f"n{number}" for number in range(size)]
    pairs = ((chance.choice(nodes), chance.choice(nodes)) for _ in range(2 * size))
    return nodes, list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))


def _layers(found: Layout[str]) -> dict[str, int]:
    return {name: place.layer for name, place in found.places.items()}


def test_each_stands_left_of_what_it_needs() -> None:
    found = layout(["web", "api", "db"], [("web", "api"), ("api", "db"), ("web", "db")])
    assert _layers(found) == {"web": 0, "api": 1, "db": 2}
    assert [len(route) for route in found.routes] == [2, 2, 3]


def test_who_is_needed_by_nobody_stands_close_to_what_it_needs() -> None:
    found = layout(["web", "api", "db", "job"], [("web", "api"), ("api", "db"), ("job", "db")])
    assert _layers(found)["job"] == 1


def test_a_cycle_is_no_trouble() -> None:
    found = layout(["a", "b", "c"], [("a", "b"), ("b", "c"), ("c", "a")])
    assert sorted(_layers(found).values()) == [0, 1, 2]
    back = found.routes[2]
    assert (back[0], back[-1]) == (found.places["c"], found.places["a"])


def test_edges_to_one_node_share_their_way() -> None:
    nodes = ["a", "b", "c", "d", "far"]
    edges = [("a", "c"), ("b", "c"), ("c", "d"), ("d", "far"), ("a", "far"), ("b", "far")]
    found = layout(nodes, edges)
    assert found.routes[4][1:] == found.routes[5][1:]


def test_edges_do_not_cross_where_they_need_not() -> None:
    found = layout(["a", "b", "x", "y"], [("a", "y"), ("b", "x")])
    a, b, x, y = (found.places[name].height for name in "abxy")
    assert (a < b) == (y < x)


@pytest.mark.parametrize(("nodes", "edges"), [([], []), (["a"], []), (["a", "b"], [])])
def test_small_graphs(nodes: list[str], edges: list[tuple[str, str]]) -> None:
    found = layout(nodes, edges)
    assert set(found.places) == set(nodes)
    assert found.layers == (1 if nodes else 0)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("size", [3, 12, 60])
def test_nothing_lies_on_anything_else(size: int, seed: int) -> None:
    nodes, edges = _graph(size, seed)
    found = layout(nodes, edges)
    by_layer: dict[int, list[int]] = {}
    for place in found.places.values():
        by_layer.setdefault(place.layer, []).append(place.height)
    for heights in by_layer.values():
        heights.sort()
        assert all(later - earlier >= 2 for earlier, later in pairwise(heights))
    boxes = set(found.places.values())
    for (source, target), route in zip(edges, found.routes, strict=True):
        assert (route[0], route[-1]) == (found.places[source], found.places[target])
        assert not boxes & set(route[1:-1])
        layers = [place.layer for place in route]
        assert layers in (sorted(layers), sorted(layers, reverse=True))
    assert all(0 <= place.height < found.height for place in boxes)
    assert layout(nodes, edges) == found
