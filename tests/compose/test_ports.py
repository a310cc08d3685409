"""Short ports in long form, their identity, and what is wrong with them."""

import pytest
from tests.compose.documents import value

from mooring.compose.attributes import ports
from mooring.compose.nodes import Plain, Scalar, Sequence, plain
from mooring.errors import InputError
from mooring.sources import Position


def _port(target: int, published: str | None = None, **more: Plain) -> dict[str, Plain]:
    port: dict[str, Plain] = {"mode": "ingress", "target": target, "protocol": "tcp", **more}
    return port if published is None else {**port, "published": published}


@pytest.mark.parametrize(
    ("text", "long"),
    [
        pytest.param("'3000'", [_port(3000)], id="a-container-port-alone"),
        pytest.param("3000", [_port(3000)], id="a-number"),
        pytest.param("'8080:80'", [_port(80, "8080")], id="host-and-container"),
        pytest.param("'080:80'", [_port(80, "80")], id="zeros-in-front-go"),
        pytest.param(
            "'127.0.0.1:8080:80'", [_port(80, "8080", host_ip="127.0.0.1")], id="an-address"
        ),
        pytest.param("'[::1]:8080:80'", [_port(80, "8080", host_ip="::1")], id="in-brackets"),
        pytest.param("'127.0.0.1::80'", [_port(80, host_ip="127.0.0.1")], id="any-host-port"),
        pytest.param("'53:53/UDP'", [_port(53, "53", protocol="udp")], id="a-protocol"),
        pytest.param(
            "'8000-8001:80-81'", [_port(80, "8000"), _port(81, "8001")], id="a-range-one-by-one"
        ),
        pytest.param("'8000-8002:80'", [_port(80, "8000-8002")], id="a-range-to-choose-from"),
        pytest.param("99-101", [_port(100), _port(101), _port(99)], id="a-range-is-sorted-as-text"),
    ],
)
def test_a_short_port_in_long_form(text: str, long: list[Plain]) -> None:
    assert plain(ports.canonical(value(f"[{text}]"))) == long


def test_what_is_cut_out_points_at_the_text_and_keeps_its_variables() -> None:
    position = Position("compose.yaml", 4, 9)
    short = Scalar("8080:80", position, ("PORT",))
    long = ports.canonical(Sequence((short,)))
    assert isinstance(long, Sequence)
    (port,) = long.items
    assert port.position == position
    assert port.get("target") == Scalar(80, position, ("PORT",))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("''", 'port "" has no container port', id="nothing"),
        pytest.param("'80:'", 'port "80:" has no container port', id="no-container-port"),
        pytest.param(
            "http", 'port "http" has the container port "http", which is no number', id="x"
        ),
        pytest.param(
            "'70000'",
            'port "70000" has the container port "70000", which is no port: those end at 65535',
            id="big",
        ),
        pytest.param("'80/x'", 'port "80/x" has the unknown protocol "x"', id="a-protocol"),
        pytest.param(
            "'5-3'",
            'port "5-3" has the container ports 5-3, which end before they begin',
            id="back",
        ),
        pytest.param(
            "'300.1.1.1:80:80'", 'has the address "300.1.1.1", which is no IP address', id="address"
        ),
        pytest.param("'::1:80:80'", "has the address ::1, which needs brackets", id="no-brackets"),
        pytest.param("80.5", 'port "80.5" is no port', id="a-fraction"),
        pytest.param("'80:0'", 'port "80:0" has the container port 0', id="port-zero"),
    ],
)
def test_a_port_that_cannot_be_read(text: str, message: str) -> None:
    with pytest.raises(InputError) as raised:
        ports.canonical(value(f"[{text}]"))
    assert message in str(raised.value)
    assert str(raised.value).startswith("compose.yaml:1:9: ")
    assert raised.value.remedy


def test_ranges_of_different_length() -> None:
    with pytest.raises(ports.PortRangeMismatch) as raised:
        ports.canonical(value("['8000-8002:80-81']"))
    assert str(raised.value) == (
        'compose.yaml:1:9: port "8000-8002:80-81" publishes 3 ports for 2 container ports\n'
        '  help: give both ranges the same length, as in "8000-8001:80-81"'
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("{target: 80}", "{target: 80, protocol: tcp}", True),
        ("{target: 80}", "{target: 80, protocol: udp}", False),
        ("{target: 80}", "{target: 80, host_ip: 0.0.0.0}", True),
        ("{target: 80, published: '80'}", "{target: 80, published: '81'}", False),
        ("{target: 80, published: '80'}", "{target: 80, published: 80}", False),
        ("'80:80'", "'80:80'", True),
        ("80", "'80'", True),
    ],
)
def test_identity(one: str, other: str, same: bool) -> None:
    assert (ports.identity(value(one)) == ports.identity(value(other))) is same


def test_a_port_without_target_has_no_identity() -> None:
    with pytest.raises(InputError, match="a port has no target"):
        ports.identity(value("{published: 80}"))


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("fe80::1", True),
        ("::ffff:10.0.0.1", True),
        ("fe80::1%eth0", False),
        ("127.0.0.01", False),
        ("256.0.0.1", False),
        ("localhost", False),
        ("1.2.3", False),
        ("", False),
    ],
)
def test_addresses(address: str, is_one: bool) -> None:
    assert ports.is_address(address) is is_one
