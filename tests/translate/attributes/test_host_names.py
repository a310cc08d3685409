"""What a container calls itself, which names it knows, and how it looks up others."""

import pytest
from tests.translate.support import complaints, fates, rules, service

from mooring.app.endpoints import HostEntry, NameResolution
from mooring.compose.nodes import Plain
from mooring.translate.attributes import dns, extra_hosts, host_names


@pytest.mark.parametrize(
    ("given", "expected", "fate"),
    [
        pytest.param("web1", "web1", "carried", id="a-label"),
        pytest.param("mail.example.com", "mail", "approximated", id="the-first-word-of-several"),
        pytest.param("My_Host", "my-host", "approximated", id="letters-that-no-label-holds"),
        pytest.param("", None, "dropped", id="empty"),
    ],
)
def test_hostname(given: str, expected: str | None, fate: str) -> None:
    view = service({"hostname": given})
    translated = host_names.hostname(view)
    assert translated.value == expected
    assert fates(view, translated.notes) == {"hostname": fate}
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("given", "expected", "fate"),
    [
        pytest.param("backend", "backend", "approximated", id="one-word"),
        pytest.param("example.com", None, "dropped", id="a-domain-of-the-world"),
    ],
)
def test_domainname(given: str, expected: str | None, fate: str) -> None:
    view = service({"domainname": given})
    translated = host_names.domain(view)
    assert translated.value == expected
    assert fates(view, translated.notes) == {"domainname": fate}


def test_nothing_said() -> None:
    view = service({})
    assert host_names.hostname(view).value is None
    assert host_names.domain(view).value is None
    assert extra_hosts.translate(view).value == ()
    assert dns.translate(view).value == NameResolution()


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(["db=10.0.0.5"], [("db", "10.0.0.5")], id="an-address"),
        pytest.param(["db:10.0.0.5"], [("db", "10.0.0.5")], id="a-colon-between"),
        pytest.param(["db=::1"], [("db", "::1")], id="an-address-of-version-six"),
        pytest.param(["db:[::1]"], [("db", "::1")], id="brackets-are-no-part-of-it"),
        pytest.param(
            ["db=10.0.0.5", "db=10.0.0.6", "api=10.0.0.5"],
            [("db", "10.0.0.5"), ("db", "10.0.0.6"), ("api", "10.0.0.5")],
            id="several-addresses-of-a-name",
        ),
        pytest.param(
            {"db": ["10.0.0.5", "::1"], "api": "10.0.0.6"},
            [("db", "10.0.0.5"), ("db", "::1"), ("api", "10.0.0.6")],
            id="a-mapping",
        ),
        pytest.param([], [], id="an-empty-list"),
    ],
)
def test_extra_hosts(given: Plain, expected: list[tuple[str, str]]) -> None:
    view = service({"extra_hosts": given})
    translated = extra_hosts.translate(view)
    assert translated.value == tuple(HostEntry(name=name, address=at) for name, at in expected)
    assert set(fates(view, translated.notes).values()) == {"carried"}


@pytest.mark.parametrize(
    "given",
    [
        pytest.param("host.docker.internal=host-gateway", id="the-machine"),
        pytest.param("db=localhost", id="no-address"),
        pytest.param("my_db=10.0.0.5", id="a-name-that-dns-does-not-allow"),
    ],
)
def test_an_extra_host_that_a_pod_cannot_have_is_found(given: str) -> None:
    view = service({"extra_hosts": [given, "ok=10.0.0.1"]})
    translated = extra_hosts.translate(view)
    assert translated.value == (HostEntry(name="ok", address="10.0.0.1"),)
    assert fates(view, translated.notes) == {
        "extra_hosts[0]": "dropped",
        "extra_hosts[1]": "carried",
    }
    assert rules(translated.notes) == ["host-entry-left-out"]
    assert complaints(translated.notes) == []


@pytest.mark.parametrize(
    ("attributes", "expected", "told"),
    [
        pytest.param(
            {"dns": ["10.0.0.53", "10.0.0.53"]},
            NameResolution(servers=("10.0.0.53",)),
            {"dns[0]": "approximated", "dns[1]": "approximated"},
            id="servers-come-after-the-cluster-s",
        ),
        pytest.param(
            {"dns": ["a.example.com"]}, NameResolution(), {"dns[0]": "dropped"}, id="no-address"
        ),
        pytest.param(
            {"dns": ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]},
            NameResolution(servers=("10.0.0.1", "10.0.0.2", "10.0.0.3")),
            {
                "dns[0]": "approximated",
                "dns[1]": "approximated",
                "dns[2]": "approximated",
                "dns[3]": "dropped",
            },
            id="a-pod-takes-three-servers",
        ),
        pytest.param(
            {"dns_search": ["example.com", ".", "bad_name", "corp."]},
            NameResolution(searches=("example.com", "corp.")),
            {
                "dns_search[0]": "carried",
                "dns_search[1]": "dropped",
                "dns_search[2]": "dropped",
                "dns_search[3]": "carried",
            },
            id="search-domains",
        ),
        pytest.param(
            {"dns_opt": ["ndots:2", "use-vc", ":3"]},
            NameResolution(options=("ndots:2", "use-vc")),
            {"dns_opt[0]": "carried", "dns_opt[1]": "carried", "dns_opt[2]": "dropped"},
            id="options",
        ),
        pytest.param(
            {"dns": [], "dns_search": [], "dns_opt": []},
            NameResolution(),
            {"dns": "carried", "dns_search": "carried", "dns_opt": "carried"},
            id="empty-lists",
        ),
    ],
)
def test_dns(attributes: dict[str, Plain], expected: NameResolution, told: dict[str, str]) -> None:
    view = service(attributes)
    translated = dns.translate(view)
    assert translated.value == expected
    assert fates(view, translated.notes) == told
    assert complaints(translated.notes) == []


def test_no_more_search_domains_than_a_pod_takes() -> None:
    view = service({"dns_search": [f"d{number}.example.com" for number in range(40)]})
    translated = dns.translate(view)
    assert len(translated.value.searches) == 32
    assert list(fates(view, translated.notes).values()).count("dropped") == 8
