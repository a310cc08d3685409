"""Circles in a graph."""

import pytest

from mooring.compose.cycles import cycles


@pytest.mark.parametrize(
    ("graph", "found"),
    [
        pytest.param({"a": ["b"], "b": ["c"], "c": []}, [], id="a-chain"),
        pytest.param({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, [], id="a-diamond"),
        pytest.param({"a": ["a"]}, [("a",)], id="on-itself"),
        pytest.param({"c": ["b"], "b": ["a"], "a": ["c"]}, [("a", "c", "b")], id="of-three"),
        pytest.param(
            {"a": ["b"], "b": ["a"], "x": ["y"], "y": ["x"]}, [("a", "b"), ("x", "y")], id="two"
        ),
        pytest.param({"a": ["nowhere"]}, [], id="a-name-that-leads-nowhere"),
    ],
)
def test_cycles(graph: dict[str, list[str]], found: list[tuple[str, ...]]) -> None:
    assert list(cycles(graph)) == found


def test_a_chain_longer_than_the_stack_of_python() -> None:
    count = 5000
    graph = {str(number): [str((number + 1) % count)] for number in range(count)}
    (cycle,) = cycles(graph)
    assert len(cycle) == count
