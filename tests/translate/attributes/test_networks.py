"""On which networks a service stands, and under which further names."""

import pytest
from tests.translate.support import complaints, fates, rules, service

from mooring.compose.nodes import Plain
from mooring.translate.attributes import networks
from mooring.translate.attributes.networks import Membership


@pytest.mark.parametrize(
    ("given", "expected", "told"),
    [
        pytest.param(
            {"default": None},
            Membership(networks=("default",)),
            {"networks.default": "carried"},
            id="the-default-network",
        ),
        pytest.param({}, Membership(), {"networks": "carried"}, id="an-empty-mapping"),
        pytest.param(
            {"front": None, "back": {}},
            Membership(networks=("front", "back")),
            {"networks.front": "carried", "networks.back": "carried"},
            id="who-is-kept-apart-is-said-at-the-top",
        ),
        pytest.param(
            {"default": {"aliases": ["db", "Data", "db"]}},
            Membership(networks=("default",), aliases=("db", "data")),
            {
                "networks.default.aliases[0]": "carried",
                "networks.default.aliases[1]": "carried",
                "networks.default.aliases[2]": "carried",
            },
            id="aliases-in-lower-case-and-once",
        ),
        pytest.param(
            {"default": {"aliases": ["web", ""]}},
            Membership(networks=("default",)),
            {"networks.default.aliases[0]": "carried", "networks.default.aliases[1]": "dropped"},
            id="its-own-name-and-none",
        ),
        pytest.param(
            {
                "back": {
                    "ipv4_address": "172.20.0.2",
                    "ipv6_address": "::2",
                    "mac_address": "02:42:ac:11:00:02",
                    "link_local_ips": ["169.254.1.1"],
                    "priority": 5,
                    "gw_priority": 1,
                    "interface_name": "eth1",
                    "driver_opts": {"a": "b"},
                    "use_service_name_alias": False,
                    "x-a": 1,
                }
            },
            Membership(networks=("back",)),
            {
                "networks.back.ipv4_address": "dropped",
                "networks.back.ipv6_address": "dropped",
                "networks.back.mac_address": "dropped",
                "networks.back.link_local_ips[0]": "dropped",
                "networks.back.priority": "dropped",
                "networks.back.gw_priority": "dropped",
                "networks.back.interface_name": "dropped",
                "networks.back.driver_opts.a": "dropped",
                "networks.back.use_service_name_alias": "dropped",
                "networks.back.x-a": "dropped",
            },
            id="what-only-a-network-of-docker-has",
        ),
    ],
)
def test_membership(given: Plain, expected: Membership, told: dict[str, str]) -> None:
    view = service({"networks": given})
    translated = networks.translate(view)
    assert translated.value == expected
    assert fates(view, translated.notes) == told
    assert rules(translated.notes) == []
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    "alias",
    [
        pytest.param("api.example.com", id="several-words"),
        pytest.param("my_api.local", id="several-words-and-an-underscore"),
    ],
)
def test_an_alias_that_is_no_label_is_found(alias: str) -> None:
    view = service({"networks": {"default": {"aliases": [alias]}}})
    translated = networks.translate(view)
    assert translated.value.aliases == ()
    assert fates(view, translated.notes) == {"networks.default.aliases[0]": "dropped"}
    assert rules(translated.notes) == ["alias-left-out"]
    assert complaints(translated.notes) == []


def test_no_networks() -> None:
    assert networks.translate(service({})).value == Membership()
