"""What proxies were told, and what of it becomes a way from outside."""

import json
from collections.abc import Mapping as ReadOnly

import pytest
from tests.translate.support import complaints, questions, topics

from mooring.accounting import Entry
from mooring.app.exposure import Exposure, PathMatch, Speaks, TcpExposure
from mooring.compose.discovery import LoadRequest
from mooring.compose.loader import load
from mooring.compose.nodes import path_text
from mooring.settings.choices import Choices, ExposureChoice, Kind, ServiceChoices
from mooring.translate.notes import Note
from mooring.translate.project import Translation, translate


def _translated(text: str, tmp_path: object, choices: ReadOnly[str, object]) -> Translation:
    file = f"{tmp_path}/compose.yaml"
    with open(file, "w", encoding="utf-8") as stream:
        stream.write(text)
    project = load(LoadRequest(directory=str(tmp_path))).project
    settled = {
        name: one if isinstance(one, ServiceChoices) else ServiceChoices(exposure=one)  # type: ignore[arg-type]
        for name, one in choices.items()
    }
    made = translate(project, choices=Choices(services=settled))
    assert list(made.unaccounted(project)) == []
    notes: tuple[Note, ...] = (*made.ledger.entries, *made.questions, *made.findings)
    assert complaints(notes) == []
    return made


def _ways(made: Translation) -> dict[str, list[str]]:
    """Return the ways to each service, each as a line."""
    return {
        part.source_name: [_line(exposure) for exposure in part.exposures]
        + [f"tcp {one.port}" for one in part.tcp_exposures]
        for part in made.application.parts
        if part.exposures or part.tcp_exposures
    }


def _line(exposure: Exposure) -> str:
    scheme = "https" if exposure.encrypted else "http"
    paths = ",".join(f"{'=' if path.exact else ''}{path.path}" for path in exposure.paths)
    more = "".join(
        f" {word}"
        for word, is_so in (
            ("redirects", exposure.redirects),
            ("lasting", exposure.long_lived),
            (f"strips {exposure.stripped_prefix}", exposure.stripped_prefix),
            (f"speaks {exposure.speaks.value}", exposure.speaks is not Speaks.HTTP),
            (f"by {exposure.certificate}", exposure.certificate),
        )
        if is_so
    )
    return f"{scheme} {','.join(exposure.hosts) or '*'} {paths} -> {exposure.port}{more}"


def _stack(*labels: str, more: str = "") -> str:
    lines = "".join(f"      - {label!r}\n" for label in labels)
    return f"services:\n  web:\n    image: me/web:1\n    expose: ['80']\n{more}    labels:\n{lines}"


ROUTER = "traefik.http.routers.web."
RULE = f"{ROUTER}rule=Host(`a.com`)"
PORT = "traefik.http.services.web.loadbalancer.server.port=8080"


@pytest.mark.parametrize(
    ("labels", "ways"),
    [
        pytest.param((RULE, PORT), ["http a.com / -> 8080"], id="a-router-and-its-port"),
        pytest.param((RULE,), ["http a.com / -> 80"], id="the-port-on-which-it-listens"),
        pytest.param((RULE, PORT, "traefik.enable=false"), [], id="passed-over"),
        pytest.param((RULE, f"{ROUTER}tls=true"), ["https a.com / -> 80"], id="tls"),
        pytest.param((RULE, f"{ROUTER}tls=false"), ["http a.com / -> 80"], id="no-tls"),
        pytest.param(
            (RULE, f"{ROUTER}tls.certresolver=le"), ["https a.com / -> 80"], id="a-resolver"
        ),
        pytest.param(
            (RULE, f"{ROUTER}entrypoints=websecure"), ["https a.com / -> 80"], id="a-usual-name"
        ),
        pytest.param(
            (
                RULE,
                f"{ROUTER}tls=true",
                "traefik.http.routers.plain.rule=Host(`a.com`)",
                "traefik.http.routers.plain.entrypoints=web",
                "traefik.http.routers.plain.middlewares=to-https@docker",
                "traefik.http.middlewares.to-https.redirectscheme.scheme=https",
            ),
            ["https a.com / -> 80 redirects"],
            id="a-router-that-redirects-is-a-word-of-the-other",
        ),
        pytest.param(
            (
                RULE,
                f"{ROUTER}tls=true",
                "traefik.http.routers.plain.rule=Host(`a.com`)",
            ),
            ["https a.com / -> 80"],
            id="with-and-without-tls-is-one-way",
        ),
        pytest.param(
            (
                "traefik.http.routers.web.rule=Host(`a.com`) && PathPrefix(`/api`)",
                f"{ROUTER}middlewares=zip,cut",
                "traefik.http.middlewares.zip.compress=true",
                "traefik.http.middlewares.cut.stripprefix.prefixes=/api,/api/",
            ),
            ["http a.com /api -> 80 strips /api"],
            id="a-prefix-is-stripped-and-compression-may-be-missing",
        ),
        pytest.param(
            (
                RULE,
                f"{ROUTER}middlewares=all",
                "traefik.http.middlewares.all.chain.middlewares=zip,secure",
                "traefik.http.middlewares.zip.compress=true",
                "traefik.http.middlewares.secure.redirectscheme.scheme=https",
            ),
            ["https a.com / -> 80 redirects"],
            id="a-chain-of-middlewares",
        ),
        pytest.param(
            (RULE, "traefik.http.services.x.loadbalancer.server.port=1",
             "traefik.http.services.y.loadbalancer.server.port=2", f"{ROUTER}service=y"),
            ["http a.com / -> 2"],
            id="the-service-that-the-router-names",
        ),
        pytest.param(
            (RULE, PORT, "traefik.http.services.web.loadbalancer.server.scheme=https"),
            ["http a.com / -> 8080 speaks https"],
            id="tls-behind-the-proxy",
        ),
        pytest.param(("traefik.enable=true",), ["http web. / -> 80"], id="the-default-rule"),
        pytest.param(
            ("traefik.HTTP.Routers.Web.Rule=Host(`a.com`)",),
            ["http a.com / -> 80"],
            id="capitals-in-labels",
        ),
        pytest.param((f"{ROUTER}rule=Path(`/`)",), ["http * =/ -> 80"], id="every-host"),
        pytest.param(
            (RULE, f"{ROUTER}service=api@internal"), [], id="the-dashboard-is-not-the-service"
        ),
    ],
)  # fmt: skip
def test_labels_of_traefik(labels: tuple[str, ...], ways: list[str], tmp_path: object) -> None:
    made = _translated(_stack(*labels), tmp_path, {})
    assert _ways(made).get("web", []) == ways
    assert made.questions == ()


@pytest.mark.parametrize(
    ("labels", "question"),
    [
        pytest.param(
            (RULE, f"{ROUTER}middlewares=pw", "traefik.http.middlewares.pw.basicauth.users=a:b"),
            'the router "web" stays closed: its middleware "pw" asks for a password',
            id="a-password",
        ),
        pytest.param(
            (RULE, f"{ROUTER}middlewares=sso@file"),
            'the router "web" stays closed: its middleware "sso@file" is not defined by any label',
            id="a-middleware-that-nobody-here-knows",
        ),
        pytest.param(
            (f"{ROUTER}rule=Host(`a.com`) && Method(`GET`)",),
            'the router "web" stays closed: part of its rule: it asks for a method, and an '
            "Ingress knows only hosts and paths",
            id="a-condition-that-no-ingress-knows",
        ),
        pytest.param(
            (f"{ROUTER}rule=Host:a.com",),
            "the router \"web\" stays closed: its rule cannot be read: it has ':a.com' where no "
            "rule can have it",
            id="a-rule-of-version-1",
        ),
        pytest.param(
            (RULE, PORT, f"{ROUTER}service=other@file"),
            'the router "web" stays closed: it leads to "other@file", which no label defines',
            id="a-service-that-nobody-here-knows",
        ),
    ],
)
def test_a_narrow_way_is_not_made_a_wide_one(
    labels: tuple[str, ...], question: str, tmp_path: object
) -> None:
    made = _translated(_stack(*labels), tmp_path, {})
    assert (_ways(made), questions(made.questions)) == ({}, [question])
    assert "a:b" not in repr(made)


TRAEFIK = """\
  proxy:
    image: traefik:v3.1
    command: [--entrypoints.web.address=:80, --entrypoints.tls.address=:443,
              --entrypoints.pg.address=:5432, --providers.docker.exposedbydefault=false,
              --entrypoints.web.http.redirections.entrypoint.to=tls]
    ports: ["80:80", "443:443", "5432:5432"]
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro", "certificates:/certificates"]
    environment: {EMAIL: "$NOBODY"}
    labels: ["traefik.http.middlewares.zip.compress=true"]
volumes: {certificates: }
"""


def test_a_proxy_that_watches_docker_stays_behind(tmp_path: object) -> None:
    labels = ("traefik.enable=true", RULE, f"{ROUTER}entrypoints=tls", f"{ROUTER}middlewares=zip")
    made = _translated(_stack(*labels) + TRAEFIK, tmp_path, {})
    assert _ways(made) == {"web": ["https a.com / -> 80 redirects"]}
    assert [part.name for part in made.application.parts] == ["web"]
    assert made.application.storages == ()
    assert questions(made.questions) == []
    (decision,) = (one for one in made.decisions if one.subject == "services.proxy")
    assert decision.overrule == "services: {proxy: {kind: workload}}"
    assert "80, 443, 5432" in decision.evidence[-1].statement


def test_a_proxy_stays_where_mooring_yaml_says_so(tmp_path: object) -> None:
    chosen = {"proxy": ServiceChoices(kind=Kind.WORKLOAD)}
    made = _translated(_stack("traefik.enable=true", RULE) + TRAEFIK, tmp_path, chosen)
    assert [part.name for part in made.application.parts] == ["web", "proxy"]


def test_a_proxy_without_docker_is_a_service_like_others(tmp_path: object) -> None:
    text = "services:\n  proxy: {image: traefik:v3.1, command: [--providers.file.filename=x.yml]}\n"
    made = _translated(text, tmp_path, {})
    assert [part.name for part in made.application.parts] == ["proxy"]


def test_a_proxy_that_exposes_nothing_by_default_is_asked(tmp_path: object) -> None:
    made = _translated(_stack(RULE) + TRAEFIK, tmp_path, {})
    assert _ways(made) == {}


def test_raw_tcp_is_a_decision(tmp_path: object) -> None:
    labels = (
        "traefik.enable=true",
        "traefik.tcp.routers.pg.rule=HostSNI(`*`)",
        "traefik.tcp.routers.pg.entrypoints=pg",
        "traefik.tcp.services.pg.loadbalancer.server.port=15432",
    )
    made = _translated(_stack(*labels) + TRAEFIK, tmp_path, {})
    assert _ways(made) == {}
    (decision,) = (one for one in made.decisions if one.topic == "raw TCP")
    assert decision.choice == "15432: reached inside the cluster only"
    assert decision.evidence[0].statement == "the TCP router pg on port 5432"
    assert decision.overrule == "services: {web: {exposure: {tcp: [15432]}}}"
    part = made.application.parts[0]
    assert 15432 in [endpoint.port for endpoint in part.containers[0].endpoints]
    opened = {"web": ExposureChoice(tcp=("15432",))}
    made = _translated(_stack(*labels) + TRAEFIK, tmp_path, opened)
    assert made.application.parts[0].tcp_exposures == (
        TcpExposure(port=15432, position=part.position),
    )
    assert "raw TCP" not in topics(made.decisions)


def _variables(**variables: str) -> str:
    lines = "".join(f"      {name}: {json.dumps(value)}\n" for name, value in variables.items())
    return f"services:\n  web:\n    image: me/web:1\n    environment:\n{lines}"


@pytest.mark.parametrize(
    ("variables", "ways"),
    [
        pytest.param(
            {"VIRTUAL_HOST": "a.com,b.com", "VIRTUAL_PORT": "3000"},
            ["http a.com,b.com / -> 3000"],
            id="hosts-and-a-port",
        ),
        pytest.param(
            {"VIRTUAL_HOST": "a.com", "VIRTUAL_PORT": "1", "LETSENCRYPT_HOST": "a.com"},
            ["https a.com / -> 1 redirects"],
            id="with-a-certificate-it-redirects",
        ),
        pytest.param(
            {"VIRTUAL_HOST": "a.com", "VIRTUAL_PORT": "1", "LETSENCRYPT_HOST": "a.com",
             "HTTPS_METHOD": "noredirect"},
            ["https a.com / -> 1"],
            id="unless-it-is-told-not-to",
        ),
        pytest.param(
            {"VIRTUAL_HOST": "*.a.com", "VIRTUAL_PORT": "1", "VIRTUAL_PATH": "/api/",
             "VIRTUAL_DEST": "/"},
            ["http *.a.com /api -> 1 strips /api"],
            id="a-wildcard-and-a-path-that-is-stripped",
        ),
        pytest.param(
            {"VIRTUAL_HOST": "a.com", "VIRTUAL_PORT": "1", "NETWORK_ACCESS": "internal"},
            [],
            id="what-lets-in-only-some-stays-closed",
        ),
        pytest.param(
            {"VIRTUAL_HOST": "~^(a|b)\\.com", "VIRTUAL_PORT": "1"},
            ["http a.com,b.com / -> 1"],
            id="a-pattern",
        ),
        pytest.param({"VIRTUAL_HOST": "a.com"}, [], id="no-port-is-known"),
        pytest.param({"VIRTUAL_PORT": "1"}, [], id="no-host-is-no-way"),
    ],
)  # fmt: skip
def test_variables_of_nginx_proxy(
    variables: dict[str, str], ways: list[str], tmp_path: object
) -> None:
    made = _translated(_variables(**variables), tmp_path, {})
    assert _ways(made).get("web", []) == ways
    asks = not ways and "VIRTUAL_HOST" in variables
    assert len(made.questions) == int(asks)


@pytest.mark.parametrize(
    ("labels", "ways"),
    [
        pytest.param(
            ("caddy=a.com", "caddy.reverse_proxy={{upstreams 3000}}"),
            ["https a.com / -> 3000 redirects"],
            id="a-site-and-its-upstream",
        ),
        pytest.param(
            ("caddy=http://a.com", "caddy.reverse_proxy={{upstreams}}"),
            ["http a.com / -> 80"],
            id="without-tls-on-the-port-it-exposes",
        ),
        pytest.param(
            ("caddy=a.com b.com", "caddy.reverse_proxy=/api/* {{upstreams http 1}}"),
            ["https a.com,b.com /api -> 1 redirects"],
            id="a-path-of-two-hosts",
        ),
        pytest.param(
            ("caddy_1=a.com", "caddy_1.handle_path=/x/*",
             "caddy_1.handle_path.0_reverse_proxy={{upstreams https 1}}"),
            ["https a.com /x -> 1 redirects strips /x speaks https"],
            id="a-section-that-strips-its-path",
        ),
        pytest.param(
            ("caddy=a.com", "caddy.reverse_proxy={{upstreams 1}}", "caddy.encode=gzip",
             "caddy.tls=internal"),
            ["https a.com / -> 1 redirects"],
            id="compression-may-be-missing",
        ),
        pytest.param(("caddy.email=me@a.com",), [], id="options-of-the-proxy-itself"),
    ],
)  # fmt: skip
def test_labels_of_caddy(labels: tuple[str, ...], ways: list[str], tmp_path: object) -> None:
    made = _translated(_stack(*labels), tmp_path, {})
    assert _ways(made).get("web", []) == ways
    assert made.questions == ()


@pytest.mark.parametrize(
    "label",
    [
        pytest.param("caddy.basic_auth.bob=hash", id="a-password"),
        pytest.param("caddy.import=protected", id="a-snippet-that-stands-elsewhere"),
    ],
)
def test_a_site_of_caddy_that_keeps_people_out_stays_closed(label: str, tmp_path: object) -> None:
    labels = ("caddy=a.com", "caddy.reverse_proxy={{upstreams 1}}", label)
    made = _translated(_stack(*labels), tmp_path, {})
    assert (_ways(made), len(made.questions)) == ({}, 1)


WITH_RULE = _stack(RULE, PORT, f"{ROUTER}middlewares=sso@file")
"""A stack whose only router stays closed."""


@pytest.mark.parametrize(
    ("text", "choice", "ways"),
    [
        pytest.param(_stack(RULE), "none", [], id="none-closes-what-labels-open"),
        pytest.param(
            WITH_RULE,
            ExposureChoice(host="b"),
            ["https b / -> 80 redirects"],
            id="a-host-opens-what-stays-closed",
        ),
        pytest.param(
            _stack(RULE, PORT),
            ExposureChoice(host="b.com"),
            ["http b.com / -> 8080"],
            id="a-host-replaces-that-of-the-labels-and-the-rest-stays",
        ),
        pytest.param(
            _stack(RULE, PORT),
            ExposureChoice(paths=("/x",), port="9", tls=True, certificate="c", long_lived=True),
            ["https a.com /x -> 9 redirects lasting by c"],
            id="all-but-the-host",
        ),
        pytest.param(
            _stack(RULE, f"{ROUTER}tls=true"),
            ExposureChoice(tls=False),
            ["http a.com / -> 80"],
            id="tls-alone",
        ),
        pytest.param(_stack("a=b"), ExposureChoice(tls=True), [], id="tls-alone-opens-nothing"),
        pytest.param(
            _stack("a=b"),
            ExposureChoice(paths=("/x",)),
            ["https web. /x -> 80 redirects"],
            id="a-path-opens-under-the-services-own-name",
        ),
    ],
)
def test_what_mooring_yaml_says_wins(
    text: str, choice: object, ways: list[str], tmp_path: object
) -> None:
    made = _translated(text, tmp_path, {"web": choice})
    assert _ways(made).get("web", []) == ways
    assert made.questions == ()


@pytest.mark.parametrize(
    ("service", "choice", "overrule"),
    [
        pytest.param(
            "{image: me/web:1, ports: ['8080:80']}",
            "port 80 is reached inside the cluster only",
            "services: {web: {exposure: {host: <host>, port: 80}}}",
            id="http",
        ),
        pytest.param(
            "{image: 'me/db:1', ports: ['5432', '9000:9000/udp']}",
            "ports 5432, 9000 are reached inside the cluster only",
            "services: {web: {exposure: {tcp: [5432]}}}",
            id="a-port-of-databases",
        ),
    ],
)
def test_a_published_port_without_a_way_is_a_decision(
    service: str, choice: str, overrule: str, tmp_path: object
) -> None:
    made = _translated(f"services:\n  web: {service}\n", tmp_path, {})
    (decision,) = (one for one in made.decisions if one.topic == "exposure")
    assert (decision.choice, decision.overrule) == (choice, overrule)
    assert _ways(made) == {}
    settled = _translated(f"services:\n  web: {service}\n", tmp_path, {"web": "none"})
    assert "exposure" not in topics(settled.decisions)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{image: me/web:1, ports: ['127.0.0.1:80:80']}", id="a-private-port"),
        pytest.param("{image: me/web:1, expose: ['80']}", id="a-port-that-was-not-published"),
        pytest.param(
            "{image: a, ports: ['80:80'], labels: ['traefik.http.routers.a.rule=Host(`a`)']}",
            id="a-port-that-a-way-reaches",
        ),
    ],
)
def test_what_was_never_open_is_no_decision(text: str, tmp_path: object) -> None:
    made = _translated(f"services:\n  web: {text}\n", tmp_path, {})
    assert "exposure" not in topics(made.decisions)


def test_long_lived_connections_are_seen_where_somebody_dials_them(tmp_path: object) -> None:
    text = (
        _stack(RULE) + "  page:\n    image: me/page:1\n    environment: {LIVE: 'ws://web:80/x'}\n"
    )
    assert _ways(_translated(text, tmp_path, {})) == {"web": ["http a.com / -> 80 lasting"]}


def test_each_label_has_its_own_entry(tmp_path: object) -> None:
    labels = (
        "traefik.enable=true",
        "traefik.docker.network=front",
        f"{ROUTER}rule=Host(`a.com`) && PathPrefix(`/api`)",
        f"{ROUTER}priority=5",
        f"{ROUTER}tls.certresolver=le",
        PORT,
        "traefik.http.services.web.loadbalancer.sticky.cookie=true",
        "traefik.frontend.rule=Host:a.com",
    )
    made = _translated(_stack(*labels), tmp_path, {})
    entries: list[Entry] = [one for one in made.ledger.entries if "labels" in one.path]
    assert {path_text(one.path[3:]): one.outcome.value for one in entries} == {
        "": "carried",
        "traefik.enable": "carried",
        "traefik.docker.network": "dropped",
        f"{ROUTER}rule": "approximated",
        f"{ROUTER}priority": "dropped",
        f"{ROUTER}tls.certresolver": "approximated",
        PORT.partition("=")[0]: "carried",
        "traefik.http.services.web.loadbalancer.sticky.cookie": "dropped",
        "traefik.frontend.rule": "dropped",
    }
    assert made.application.parts[0].exposures[0].paths == (PathMatch("/api"),)
