"""Short volumes in long form, and their identity."""

import pytest
from tests.compose.documents import value

from mooring.compose.attributes import volumes
from mooring.compose.nodes import Plain, Scalar, plain
from mooring.errors import InputError

_BIND = {"create_host_path": True}


@pytest.mark.parametrize(
    ("text", "long"),
    [
        pytest.param(
            "data:/var/lib",
            {"type": "volume", "source": "data", "target": "/var/lib", "volume": {}},
            id="a-named-volume",
        ),
        pytest.param(
            "/var/lib",
            {"type": "volume", "target": "/var/lib", "volume": {}},
            id="an-anonymous-one",
        ),
        pytest.param("/v", {"type": "volume", "target": "/v"}, id="of-two-characters"),
        pytest.param(
            "./conf:/etc/app:ro",
            {
                "type": "bind",
                "source": "./conf",
                "target": "/etc/app",
                "read_only": True,
                "bind": _BIND,
            },
            id="a-bind-that-is-read-only",
        ),
        pytest.param(
            "~/x:/y", {"type": "bind", "source": "~/x", "target": "/y", "bind": _BIND}, id="home"
        ),
        pytest.param(
            "C:\\a:/b",
            {"type": "bind", "source": "C:\\a", "target": "/b", "bind": _BIND},
            id="a-windows-drive",
        ),
        pytest.param(
            "a:/b",
            {"type": "volume", "target": "a:/b", "volume": {}},
            id="a-single-letter-is-a-windows-drive-not-a-name",
        ),
        pytest.param(
            "\\\\.\\pipe\\x:/p",
            {"type": "bind", "source": "\\\\.\\pipe\\x", "target": "/p", "bind": _BIND},
            id="a-windows-pipe",
        ),
        pytest.param(
            "data:/x/../y/",
            {"type": "volume", "source": "data", "target": "/y", "volume": {}},
            id="the-target-is-cleaned",
        ),
        pytest.param(
            "data:/x:nocopy",
            {"type": "volume", "source": "data", "target": "/x", "volume": {"nocopy": True}},
            id="nocopy",
        ),
        pytest.param(
            "/a:/b:rslave,z",
            {
                "type": "bind",
                "source": "/a",
                "target": "/b",
                "bind": {"propagation": "rslave", "selinux": "z", "create_host_path": True},
            },
            id="propagation-and-label",
        ),
        pytest.param(
            "data:/x:z",
            {
                "type": "volume",
                "source": "data",
                "target": "/x",
                "bind": {"selinux": "z"},
                "volume": {},
            },
            id="a-label-on-a-volume",
        ),
        pytest.param(
            "data:/x:ro,rw",
            {"type": "volume", "source": "data", "target": "/x", "volume": {}},
            id="the-last-of-ro-and-rw-counts",
        ),
        pytest.param(
            "data:/x:typo",
            {"type": "volume", "source": "data", "target": "/x", "volume": {}},
            id="an-unknown-option-is-ignored",
        ),
        pytest.param(
            "${X:-a:b}:/x",
            {"type": "volume", "source": "${X:-a:b}", "target": "/x", "volume": {}},
            id="a-colon-inside-of-a-variable-cuts-nothing",
        ),
    ],
)
def test_a_short_volume_in_long_form(text: str, long: Plain) -> None:
    assert plain(volumes.canonical(value(f"['{text}']"))) == [long]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "an empty text is no volume"),
        (":/b", "has nothing between two colons or at an end"),
        ("data:", "has nothing between two colons or at an end"),
        ("data:/b:ro:more", "has too many colons"),
    ],
)
def test_a_volume_that_cannot_be_read(text: str, fault: str) -> None:
    with pytest.raises(volumes.InvalidVolume) as raised:
        volumes.canonical(value(f"['{text}']"))
    assert fault in raised.value.message
    assert str(raised.value.position) == "compose.yaml:1:9"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("data:/x:ro", "/x"),
        ("/x", "/x"),
        ("{type: volume, target: /x}", "/x"),
        ("'C:/a:/b'", "/b"),
    ],
)
def test_a_volume_is_identified_by_its_target(text: str, target: str) -> None:
    assert volumes.identity(value(text)) == target


def test_a_long_volume_without_target_has_no_identity() -> None:
    with pytest.raises(InputError, match="a volume has no target"):
        volumes.identity(value("{type: volume, source: a}"))


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("data:/b:ro,foo,z", ["foo"]),
        ("data:/b:cached", []),
        ("data:/b", []),
        ("data:/b:rshared,nocopy", []),
    ],
)
def test_options_that_compose_ignores(text: str, unknown: list[str]) -> None:
    assert volumes.unknown_options(Scalar(text)) == unknown
