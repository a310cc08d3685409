"""Which services share a pod, and who can wait for whom then."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.translate.support import complaints, fates, node_of, service

from mooring.app.endpoints import NetworkAccess
from mooring.compose.nodes import Mapping, Plain
from mooring.translate import grouping
from mooring.translate.grouping import groups, impossible_waits


def services(**given_services: Plain) -> dict[str, Mapping]:
    node = node_of(given_services)
    assert isinstance(node, Mapping)
    return {name: one for name, one in node.entries.items() if isinstance(one, Mapping)}


def joined(leader: str) -> dict[str, Plain]:
    return {"network_mode": f"service:{leader}"}


def waiting(*targets: str, **more: Plain) -> dict[str, Plain]:
    return {"depends_on": {one: {"condition": "service_healthy"} for one in targets}, **more}


@pytest.mark.parametrize(
    ("given_services", "leaders"),
    [
        pytest.param({"a": {}, "b": {}}, {"a": "a", "b": "b"}, id="each-for-itself"),
        pytest.param({"a": {}, "b": joined("a")}, {"a": "a", "b": "a"}, id="a-shared-network"),
        pytest.param(
            {"a": {}, "b": {"pid": "service:a"}, "c": {"ipc": "service:b"}},
            {"a": "a", "b": "a", "c": "a"},
            id="a-chain-of-processes-and-memory",
        ),
        pytest.param(
            {"a": {"pid": "host"}, "b": {"ipc": "shareable"}},
            {"a": "a", "b": "b"},
            id="the-machine-s",
        ),
        pytest.param(
            {"a": joined("b"), "b": joined("a")}, {"a": "b", "b": "a"}, id="a-circle-ends-somewhere"
        ),
        pytest.param({"a": joined("gone")}, {"a": "a"}, id="a-service-that-is-not-there"),
        pytest.param(
            {"a": {"provider": {"type": "x"}}, "b": joined("a")},
            {"a": "a", "b": "b"},
            id="a-service-without-a-container",
        ),
    ],
)
def test_leaders(given_services: dict[str, Plain], leaders: dict[str, str]) -> None:
    assert groups(services(**given_services)).leaders == leaders


def test_the_leader_comes_first() -> None:
    made = groups(services(side=joined("web"), web={}, more=joined("side")))
    assert made.members()["web"] == ("web", "side", "more")


@given(st.dictionaries(st.sampled_from("abcdef"), st.sampled_from("abcdefx")))
def test_every_service_has_a_leader_that_exists(modes: dict[str, str]) -> None:
    made = groups(services(**{name: joined(leader) for name, leader in modes.items()}))
    assert made.leaders.keys() == modes.keys()
    assert set(made.leaders.values()) <= modes.keys()


@pytest.mark.parametrize(
    ("given_services", "impossible"),
    [
        pytest.param({"a": {}, "b": waiting("a")}, set(), id="pods-of-their-own"),
        pytest.param(
            {"a": {}, "b": waiting("a", **joined("a"))}, {("b", "a")}, id="within-one-pod"
        ),
        pytest.param(
            {"a": {}, "b": {"depends_on": {"a": {"condition": "service_started"}}, **joined("a")}},
            set(),
            id="a-start-is-not-waited-for",
        ),
        pytest.param(
            {"a": {}, "b": waiting("c", **joined("a")), "c": waiting("a")},
            {("b", "c")},
            id="a-pod-and-another-that-waits-for-it",
        ),
        pytest.param(
            {"a": {}, "b": waiting("c", **joined("a")), "c": waiting("d"), "d": waiting("a")},
            {("b", "c")},
            id="over-a-third",
        ),
        pytest.param(
            {"a": waiting("c"), "b": waiting("c", **joined("a")), "c": {}},
            set(),
            id="both-before-the-same",
        ),
    ],
)
def test_impossible_waits(
    given_services: dict[str, Plain], impossible: set[tuple[str, str]]
) -> None:
    given_nodes = services(**given_services)
    found = impossible_waits(given_nodes, groups(given_nodes))
    assert found.keys() == impossible
    assert all(len(reason.split()) > 3 for reason in found.values())


@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 6), max_size=3), st.none() | st.integers(0, 6)),
        min_size=1,
        max_size=7,
    )
)
def test_no_two_pods_wait_for_each_other(
    drawn: list[tuple[set[int], int | None]],
) -> None:
    """A service waits for, and joins, only those before it, as in a file that Compose loads."""
    names = [f"s{index}" for index in range(len(drawn))]
    nodes = services(
        **{
            names[index]: {
                **waiting(*sorted(names[target] for target in targets if target < index)),
                **(joined(names[leader]) if leader is not None and leader < index else {}),
            }
            for index, (targets, leader) in enumerate(drawn)
        }
    )
    made = groups(nodes)
    impossible = impossible_waits(nodes, made)
    waits = {
        (made.leaders[name], made.leaders[names[target]])
        for index, (name, (targets, _)) in enumerate(zip(names, drawn, strict=True))
        for target in targets
        if target < index and (name, names[target]) not in impossible
    }
    assert all(source != target for source, target in waits)
    while waits:
        free = {pod for pod in {*made.leaders.values()} if not any(one == pod for one, _ in waits)}
        left = {(source, target) for source, target in waits if target not in free}
        assert left != waits, f"a circle: {waits}"
        waits = left


@pytest.mark.parametrize(
    ("mode", "access", "fate"),
    [
        pytest.param(None, NetworkAccess.OWN, None, id="none-is-said"),
        pytest.param("host", NetworkAccess.MACHINE, "carried", id="host"),
        pytest.param("none", NetworkAccess.NONE, "carried", id="none"),
        pytest.param("service:a", NetworkAccess.OWN, "carried", id="of-a-service"),
        pytest.param("container:a", NetworkAccess.OWN, "refused", id="of-another-container"),
        pytest.param("bridge", NetworkAccess.OWN, "dropped", id="a-network-of-docker"),
    ],
)
def test_network_access(mode: str | None, access: NetworkAccess, fate: str | None) -> None:
    view = service({} if mode is None else {"network_mode": mode})
    translated = grouping.network_access(view)
    assert translated.value is access
    assert fates(view, translated.notes) == ({} if fate is None else {"network_mode": fate})
    assert complaints(translated.notes) == []
