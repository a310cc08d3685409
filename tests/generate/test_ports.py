"""The names of ports: one each, the same for a pod and its Services."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.generate.support import container, workload

from mooring.app.endpoints import Endpoint, Protocol
from mooring.app.workloads import Workload
from mooring.generate.ports import listening, port_names, protocol

TCP, UDP = Protocol.TCP, Protocol.UDP


@pytest.mark.parametrize(
    ("endpoints", "names"),
    [
        pytest.param([], [], id="no-ports"),
        pytest.param([Endpoint(port=80)], ["tcp-80"], id="protocol-and-number"),
        pytest.param([Endpoint(port=80, name="http")], ["http"], id="the-author-s-name"),
        pytest.param(
            [Endpoint(port=53), Endpoint(port=53, protocol=UDP)],
            ["tcp-53", "udp-53"],
            id="one-number-under-two-protocols",
        ),
        pytest.param(
            [Endpoint(port=80, name="web"), Endpoint(port=81, name="web")],
            ["tcp-80", "tcp-81"],
            id="names-that-do-not-tell-apart",
        ),
        pytest.param(
            [Endpoint(port=80, name="tcp-81"), Endpoint(port=81)],
            ["tcp-80", "tcp-81"],
            id="a-name-that-another-would-get",
        ),
        pytest.param([Endpoint(port=80, name="HTTP_Alt")], ["http-alt"], id="made-valid"),
        pytest.param([Endpoint(port=80, name="80")], ["port-80"], id="with-a-letter"),
    ],
)
def test_names(endpoints: list[Endpoint], names: list[str]) -> None:
    part = workload("web", container(endpoints=tuple(endpoints)))
    assert list(port_names(part).values()) == names


def test_a_port_of_two_containers_is_one() -> None:
    first = container("web", endpoints=(Endpoint(port=80, name="http"),))
    second = container("side", endpoints=(Endpoint(port=80), Endpoint(port=81, name="http")))
    part = workload("web", first, second)
    assert [endpoint.port for endpoint in listening(part)] == [80, 81]
    assert port_names(part) == {(80, TCP): "tcp-80", (81, TCP): "tcp-81"}


@pytest.mark.parametrize(
    ("endpoint", "written"),
    [
        pytest.param(Endpoint(port=1), None, id="tcp-is-the-default"),
        pytest.param(Endpoint(port=1, protocol=UDP), "UDP", id="udp"),
        pytest.param(Endpoint(port=1, protocol=Protocol.SCTP), "SCTP", id="sctp"),
    ],
)
def test_protocol(endpoint: Endpoint, written: str | None) -> None:
    assert protocol(endpoint) == written


def parts_with(endpoints: list[tuple[int, Protocol, str | None]]) -> Workload:
    made = tuple(Endpoint(port=port, protocol=kind, name=name) for port, kind, name in endpoints)
    half = len(made) // 2
    return workload(
        "web",
        container("web", endpoints=made[:half]),
        container("side", endpoints=made[half:]),
    )


@given(
    st.lists(
        st.tuples(
            st.integers(1, 65535),
            st.sampled_from(list(Protocol)),
            st.none() | st.text("ab-_.A1é", max_size=20),
        ),
        max_size=12,
    )
)
def test_every_port_has_a_name_of_its_own(
    endpoints: list[tuple[int, Protocol, str | None]],
) -> None:
    part = parts_with(endpoints)
    names = port_names(part)
    assert names.keys() == {(port, kind) for port, kind, _ in endpoints}
    assert len(set(names.values())) == len(names)
    for name in names.values():
        assert len(name) <= 15
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
        assert re.search("[a-z]", name)
