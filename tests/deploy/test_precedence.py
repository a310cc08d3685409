"""Who goes first of those that could all go now."""

from typing import Any

import pytest
from tests.deploy.objects import config, made, wanted, workload

from mooring.deploy.order import Gate, Graph
from mooring.deploy.precedence import places, takes_long
from mooring.refs import ObjectRef


def _ref(name: str) -> ObjectRef:
    return ObjectRef("v1", "Deployment" if name.isupper() else "ConfigMap", name, "shop")


@pytest.mark.parametrize(
    ("parents", "told"),
    [
        pytest.param({}, "", id="nothing has no places"),
        pytest.param({"a": "", "b": ""}, "a b", id="what is ready once written keeps its order"),
        pytest.param(
            {"a": "", "b": "", "X": "a", "Y": "b"}, "a X b Y",
            id="the way to one workload is gone to its end before that to the next is begun",
        ),
        pytest.param(
            {"a": "", "b": "", "X": "b"}, "b X a", id="what no workload waits for comes last",
        ),
        pytest.param(
            {"a": "", "b": "", "X": "a", "Y": "b", "Z": "Y"}, "b Y a X Z",
            id="the longer chain of workloads is begun first",
        ),
        pytest.param(
            {"a": "", "X": "a", "Y": "a"}, "a X Y", id="what two workloads wait for comes once",
        ),
        pytest.param(
            {"a": "", "b": "a", "c": "b", "X": "c"}, "a b c X",
            id="parents come before their children whatever their depth",
        ),
    ],
)  # fmt: skip
def test_what_most_time_hangs_on_goes_first(parents: dict[str, str], told: str) -> None:
    graph = Graph(
        {
            _ref(one): {_ref(p): Gate.EXISTS for p in found.split()}
            for one, found in parents.items()
        },
        {},
    )
    found = places(graph, {ref for ref in graph.parents if ref.kind == "Deployment"})
    assert [ref.name for ref in sorted(found, key=found.__getitem__)] == told.split()
    assert sorted(found.values()) == list(range(len(parents)))


def test_a_chain_of_thousands_is_no_recursion() -> None:
    refs = [_ref(f"n{number}") for number in range(5000)]
    graph = Graph({ref: {refs[n - 1]: Gate.READY} if n else {} for n, ref in enumerate(refs)}, {})
    assert list(places(graph, set(refs))) == refs


@pytest.mark.parametrize(
    ("manifest", "is_slow"),
    [
        pytest.param(workload("web"), True, id="a workload comes up"),
        pytest.param(workload("migrate", "Job"), True, id="a Job completes"),
        pytest.param(config(), False, id="settings are as they were written"),
        pytest.param(
            made("Service", "web", spec={"selector": {"a": "b"}}), False,
            id="a Service waits for the workload behind it alone",
        ),
        pytest.param(
            made("Service", "web", spec={"type": "LoadBalancer"}), True,
            id="an address from outside takes a while",
        ),
        pytest.param(
            made("Widget", "w", "x.io/v1", spec={}), True, id="of kinds of others nothing is known",
        ),
    ],
)  # fmt: skip
def test_what_takes_long(manifest: dict[str, Any], is_slow: bool) -> None:
    (item,) = wanted(manifest).objects
    assert takes_long(item) is is_slow
