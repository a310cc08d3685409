"""The ports on which a container listens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.translate.support import complaints, fates, service, topics

from mooring.app.endpoints import Protocol, Publication
from mooring.compose.environment import EnvValue
from mooring.compose.nodes import Plain
from mooring.decisions import Decision
from mooring.translate.attributes import ports
from mooring.translate.attributes.ports import exposed_ports
from mooring.translate.view import ServiceView

TCP, UDP = Protocol.TCP, Protocol.UDP
TRAEFIK = "traefik.http.services.web.loadbalancer.server.port"


def listening(view: ServiceView) -> list[tuple[int, Protocol]]:
    return [(one.port, one.protocol) for one in ports.translate(view).value]


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"ports": [{"target": 80, "protocol": "tcp"}]}, [(80, TCP)], id="published"),
        pytest.param({"expose": ["53/udp", "3000-3001"]}, [(53, UDP), (3000, TCP), (3001, TCP)],
                     id="exposed"),
        pytest.param({"ports": [{"target": 80}], "expose": ["80", "80/udp"]},
                     [(80, TCP), (80, UDP)], id="both-once"),
        pytest.param({"labels": {TRAEFIK: "8000"}}, [(8000, TCP)], id="told-to-traefik"),
        pytest.param({"deploy": {"labels": {TRAEFIK: "8000"}}}, [(8000, TCP)],
                     id="told-to-traefik-in-a-swarm"),
        pytest.param({"labels": {TRAEFIK: "http"}}, [], id="told-to-traefik-and-no-number"),
        pytest.param({"labels": {TRAEFIK: "8000"}, "expose": ["80"]}, [(80, TCP)],
                     id="what-is-declared-counts"),
    ],
)  # fmt: skip
def test_endpoints(attributes: dict[str, Plain], expected: list[tuple[int, Protocol]]) -> None:
    view = service(attributes)
    assert listening(view) == expected
    translated = ports.translate(view)
    assert complaints(translated.notes) == []
    declared = {"ports", "expose"} & attributes.keys()
    told = fates(view, translated.notes)
    assert {told[path] for path in told if path.split("[")[0] in declared} <= {"carried"}


@pytest.mark.parametrize(
    ("dockerfile", "expected"),
    [
        pytest.param("FROM a\nEXPOSE 80 53/udp 3000-3001\n",
                     [(80, TCP), (53, UDP), (3000, TCP), (3001, TCP)], id="what-is-exposed"),
        pytest.param("FROM a\n", [], id="nothing"),
    ],
)  # fmt: skip
def test_the_dockerfile_is_asked_last(
    dockerfile: str, expected: list[tuple[int, Protocol]]
) -> None:
    assert listening(service({}, dockerfile=dockerfile)) == expected
    assert listening(service({"expose": ["9"]}, dockerfile=dockerfile)) == [(9, TCP)]
    notes = ports.translate(service({}, dockerfile=dockerfile)).notes
    assert topics(notes) == (["ports"] if expected else [])
    for note in notes:
        assert isinstance(note, Decision)
        assert note.overrule.startswith("services: {web: {ports: [")


def test_what_nginx_proxy_reads() -> None:
    view = service({})
    told = ServiceView(view.name, view.attributes, {"VIRTUAL_PORT": EnvValue(value="9000")})
    assert listening(told) == [(9000, TCP)]
    assert (
        listening(ServiceView("web", view.attributes, {"VIRTUAL_PORT": EnvValue(value="x")})) == []
    )


@pytest.mark.parametrize(
    ("port", "publication", "told"),
    [
        pytest.param(
            {"target": 80, "published": "8080", "mode": "ingress"},
            Publication(port=8080),
            {"target": "carried", "published": "approximated", "mode": "carried"},
            id="a-port-of-the-machine",
        ),
        pytest.param(
            {"target": 80, "published": "8000-9000"},
            Publication(port=None),
            {"target": "carried", "published": "approximated"},
            id="any-of-a-range",
        ),
        pytest.param(
            {"target": 80, "host_ip": "127.0.0.1", "published": "80"},
            Publication(port=80, address="127.0.0.1", private=True),
            {"target": "carried", "host_ip": "carried", "published": "approximated"},
            id="the-loopback-is-private",
        ),
        pytest.param(
            {"target": 80, "host_ip": "::1"},
            Publication(port=None, address="::1", private=True),
            {"target": "carried", "host_ip": "carried"},
            id="so-is-that-of-ipv6",
        ),
        pytest.param(
            {"target": 80, "host_ip": "10.0.0.1"},
            Publication(port=None, address="10.0.0.1"),
            {"target": "carried", "host_ip": "dropped"},
            id="an-address-of-the-machine",
        ),
        pytest.param(
            {"target": 80, "mode": "host"},
            Publication(port=None, on_every_node=True),
            {"target": "carried", "mode": "approximated"},
            id="the-port-of-every-machine",
        ),
    ],
)
def test_publications(
    port: dict[str, Plain], publication: Publication, told: dict[str, str]
) -> None:
    view = service({"ports": [port]})
    translated = ports.translate(view)
    (endpoint,) = translated.value
    assert endpoint.publications == (publication,)
    assert fates(view, translated.notes) == {
        f"ports[0].{name}": fate for name, fate in told.items()
    }


def test_a_port_that_is_published_twice_keeps_both() -> None:
    view = service(
        {"ports": [{"target": 80, "published": "1", "name": "a"}, {"target": 80, "published": "2"}]}
    )
    (endpoint,) = ports.translate(view).value
    assert [one.port for one in endpoint.publications] == [1, 2]
    assert endpoint.name == "a"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("8000", [(8000, TCP)], id="a-port"),
        pytest.param("8000/TCP", [(8000, TCP)], id="a-protocol-in-capitals"),
        pytest.param("1-3/udp", [(1, UDP), (2, UDP), (3, UDP)], id="a-range"),
        pytest.param("http", [], id="no-number"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_exposed_ports(value: str, expected: list[tuple[int, Protocol]]) -> None:
    assert exposed_ports(value) == expected


def test_an_expose_that_is_no_port_is_dropped() -> None:
    view = service({"expose": ["http"]})
    assert fates(view, ports.translate(view).notes) == {"expose[0]": "dropped"}


@given(st.integers(1, 65535), st.integers(0, 50), st.sampled_from(["", "/tcp", "/udp"]))
def test_a_range_is_written_out(first: int, more: int, protocol: str) -> None:
    last = min(first + more, 65535)
    found = exposed_ports(f"{first}-{last}{protocol}")
    assert [port for port, _ in found] == list(range(first, last + 1))
    assert {kind for _, kind in found} == {UDP if protocol == "/udp" else TCP}
