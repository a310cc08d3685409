"""What Caddyfiles say."""

import pytest

from mooring.translate.reverse_proxy import caddyfile
from mooring.translate.reverse_proxy.config import ConfigFile, ProxyConfig


def read(text: str) -> ProxyConfig:
    """Return what the Caddyfile ``text`` says."""
    path = "/etc/caddy/Caddyfile"
    file = ConfigFile(path=path, shown="Caddyfile", text=text, baked=False)
    return caddyfile.read([file], {"DOMAIN": "example.com"})


def shown(config: ProxyConfig) -> list[str]:
    """Return what becomes of the requests of all sites, a line for each location."""
    lines = []
    for site in config.sites:
        for one in site.locations:
            targets = ",".join(f"{each.scheme}://{each.host}:{each.port}" for each in one.targets)
            exact = " exactly" if one.exact else ""
            stripped = f" without {one.stripped}" if one.stripped else ""
            beyond = f" but {', '.join(one.beyond)}" if one.beyond else ""
            lines.append(f"{one.path}{exact} {one.does.value} {targets}{stripped}".strip() + beyond)
    return lines


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        pytest.param("reverse_proxy web:3000", ["/ proxies http://web:3000"], id="everything"),
        pytest.param("reverse_proxy /api/* api:1", ["/api/ proxies http://api:1"], id="a-prefix"),
        pytest.param("reverse_proxy /api api:1", ["/api exactly proxies http://api:1"], id="exact"),
        pytest.param(
            "handle_path /api/* {\nreverse_proxy api:1\n}",
            ["/api/ proxies http://api:1 without /api"],
            id="a-prefix-that-is-cut",
        ),
        pytest.param(
            "handle /a* {\nbasic_auth {\nx y\n}\nreverse_proxy a:1\n}",
            ["/a proxies http://a:1 but basic_auth"],
            id="a-password",
        ),
        pytest.param(
            "@ws path /ws /s/*\nreverse_proxy @ws a:1",
            ["/ws exactly proxies http://a:1", "/s/ proxies http://a:1"],
            id="a-matcher-of-paths",
        ),
        pytest.param(
            "@m header X y\nreverse_proxy @m a:1",
            ["/ proxies http://a:1 but header"],
            id="a-matcher-of-more",
        ),
        pytest.param("root * /srv\nfile_server", ["/ serves files"], id="files"),
        pytest.param("respond /health 200", ["/health exactly answers"], id="an-answer"),
        pytest.param(
            "reverse_proxy a:1 b:2", ["/ proxies http://a:1,http://b:2"], id="several-of-them"
        ),
        pytest.param(
            "reverse_proxy h2c://a:1 {\nheader_up X-Key s\n}",
            ["/ proxies h2c://a:1 but the header X-Key that is set"],
            id="a-header",
        ),
        pytest.param("mercure", ["/ other but mercure"], id="what-nobody-knows"),
    ],
)
def test_what_becomes_of_requests(inside: str, expected: list[str]) -> None:
    assert shown(read(f"a.example.com {{\n{inside}\n}}\n")) == expected


def test_sites() -> None:
    config = read(
        "{\n  email a@example.com\n}\n(common) {\n  encode gzip\n}\n"
        "shop.{$DOMAIN}, www.{$DOMAIN} {\n  import common\n  reverse_proxy web:1\n}\n"
        "http://old.example.com {\n  redir https://shop.example.com{uri}\n}\n"
        ":9000 {\n  reverse_proxy api:1\n}\n"
    )
    assert [site.hosts for site in config.sites] == [
        ("shop.example.com", "www.example.com"),
        ("old.example.com",),
        (),
    ]
    assert config.ports == (80, 443, 9000)
    assert [site.to_https for site in config.sites] == [False, True, False]
    assert config.is_whole


def test_a_site_without_braces() -> None:
    config = read("shop.example.com\n\nreverse_proxy web:1\n")
    assert (config.sites[0].hosts, shown(config)) == (
        ("shop.example.com",),
        ["/ proxies http://web:1"],
    )


def test_a_fault_is_told() -> None:
    config = read("a {\n  reverse_proxy b:1\n")
    ((fault, position),) = config.faults
    assert (fault, position is not None and position.line) == (
        "Caddyfile: a block is not closed",
        1,
    )
    assert not config.is_whole
