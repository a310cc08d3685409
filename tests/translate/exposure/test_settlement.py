"""The ways from outside in one environment: hosts, certificates, conflicts, controllers."""

import pytest
from tests.translate.support import complaints, questions, rules

from mooring.app.application import Application
from mooring.app.exposure import Exposure, PathMatch, Speaks
from mooring.app.process import Image, Process
from mooring.app.workloads import Container, Workload
from mooring.decisions import Decision
from mooring.settings.choices import Choices, ExposureChoice, ServiceChoices
from mooring.settings.environments import Environment, Gateway, GatewayListeners, Tier
from mooring.sources import Position
from mooring.translate.exposure.settlement import settled
from mooring.translate.notes import Note

AT = Position("compose.yaml", 1, 1)
API = PathMatch("/api")


def _part(name: str, *exposures: Exposure) -> Workload:
    container = Container(
        name=name, source_name=name, image=Image(reference="a:1"), process=Process(), position=AT
    )
    return Workload(name=name, source_name=name, containers=(container,), exposures=exposures)


def _settled(
    *parts: Workload, choices: Choices | None = None, **environment: object
) -> tuple[list[Exposure], tuple[Note, ...]]:
    tier = Tier(environment.pop("tier", "production"))
    around = Environment(name="live", tier=tier, **environment)  # type: ignore[arg-type]
    made = settled(Application(name="shop", parts=parts), around, choices or Choices())
    assert complaints(note for note in made.notes if not isinstance(note, Decision)) == []
    return [one for part in made.value.parts for one in part.exposures], made.notes


def _way(*hosts: str, port: int = 80, paths: tuple[PathMatch, ...] = (PathMatch("/"),)) -> Exposure:
    return Exposure(port=port, hosts=hosts, paths=paths, position=AT)


@pytest.mark.parametrize(
    ("host", "with_domain", "without", "in_development"),
    [
        pytest.param("a.com", "a.com", "a.com", "a.com", id="a-whole-name-stays"),
        pytest.param("*.a.com", "*.a.com", "*.a.com", "*.a.com", id="a-wildcard-stays"),
        pytest.param("app", "app.x.org", "app.domain.invalid", "app.localhost", id="a-label"),
        pytest.param(
            "app.", "app.x.org", "app.domain.invalid", "app.localhost", id="a-domain-is-missing"
        ),
        pytest.param("", "x.org", "domain.invalid", None, id="all-is-missing"),
        pytest.param(
            "app.localhost", "app.x.org", "app.localhost", "app.localhost", id="a-private-name"
        ),
        pytest.param(
            "app.yourdomain.com",
            "app.x.org",
            "app.yourdomain.com",
            "app.localhost",
            id="a-domain-of-nobody",
        ),
        pytest.param("localhost", "x.org", "localhost", "localhost", id="this-machine"),
        pytest.param("a.b.test", "a.b.x.org", "a.b.test", "a.b.test", id="a-private-name-of-two"),
        pytest.param("test", "test.x.org", "test.domain.invalid", "test.localhost", id="a-word"),
        pytest.param("10.0.0.1", "domain.invalid", "domain.invalid", None, id="an-address"),
        pytest.param("a..com", "domain.invalid", "domain.invalid", None, id="a-hole-inside"),
    ],
)
def test_hosts(host: str, with_domain: str, without: str, in_development: str | None) -> None:
    (one,), notes = _settled(_part("web", _way(host)), domain="x.org")
    assert one.hosts == (with_domain,)
    assert len(questions(notes)) == int(with_domain == "domain.invalid")
    (one,), notes = _settled(_part("web", _way(host)))
    assert one.hosts == (without,)
    assert len(questions(notes)) == int(host not in {"a.com", "*.a.com"})
    (one,), notes = _settled(_part("web", _way(host)), tier="dev")
    assert one.hosts == (() if in_development is None else (in_development,))
    assert questions(notes) == []


def test_a_host_that_mooring_yaml_names_is_taken_at_its_word() -> None:
    chosen = Choices(
        services={"web": ServiceChoices(exposure=ExposureChoice(host="shop.internal"))}
    )
    (one,), notes = _settled(_part("web", _way("shop.internal")), choices=chosen)
    assert (one.hosts, questions(notes)) == (("shop.internal",), [])


def test_one_question_asks_for_all_hosts() -> None:
    _, notes = _settled(_part("web", _way("app.")), _part("api", _way("api."), _way("b.com")))
    assert questions(notes) == ['no public name is known for "app.", "api."']


@pytest.mark.parametrize(
    ("environment", "encrypted", "asked"),
    [
        pytest.param({}, True, 1, id="production-asks-who-issues"),
        pytest.param({"issuer": "le"}, True, 0, id="an-issuer-does"),
        pytest.param({"tier": "dev"}, False, 0, id="development-does-without"),
        pytest.param({"tier": "dev", "issuer": "le"}, True, 0, id="unless-there-is-an-issuer"),
    ],
)
def test_certificates(environment: dict[str, object], encrypted: bool, asked: int) -> None:
    way = Exposure(port=80, hosts=("a.com",), encrypted=True, redirects=True, position=AT)
    (one,), notes = _settled(_part("web", way), **environment)
    assert (one.encrypted, one.redirects) == (encrypted, encrypted)
    assert len(questions(notes)) == asked


def test_a_certificate_that_is_there_is_no_question() -> None:
    way = Exposure(port=80, hosts=("a.com",), encrypted=True, certificate="mine", position=AT)
    (one,), notes = _settled(_part("web", way))
    assert (one.certificate, questions(notes)) == ("mine", [])


def test_of_two_at_one_place_the_first_stays() -> None:
    parts = (
        _part("web", _way("a.com")),
        _part("api", _way("a.com", "b.com", paths=(PathMatch("/"), API))),
    )
    found, notes = _settled(*parts)
    assert [(one.hosts, one.paths) for one in found] == [
        (("a.com",), (PathMatch("/"),)),
        (("a.com",), (API,)),
        (("b.com",), (PathMatch("/"), API)),
    ]
    assert rules(notes) == ["two-at-one-place"]


def test_several_services_share_a_host_by_paths() -> None:
    found, notes = _settled(_part("web", _way("a.com")), _part("api", _way("a.com", paths=(API,))))
    assert (len(found), rules(notes)) == (2, [])


@pytest.mark.parametrize(
    ("ingress_class", "choice"),
    [
        pytest.param(
            None,
            "the cluster's default, without a redirect to HTTPS and long times for silent "
            "connections",
            id="nobody-knows-the-default",
        ),
        pytest.param("nginx-public", None, id="nginx-is-told-all"),
        pytest.param("traefik", "traefik, without a redirect to HTTPS", id="traefik-redirects-not"),
        pytest.param(
            "alb",
            "alb, without a redirect to HTTPS and long times for silent connections",
            id="a-class-that-nobody-here-knows",
        ),
    ],
)
def test_what_the_controller_is_not_told_is_said(
    ingress_class: str | None, choice: str | None
) -> None:
    way = Exposure(
        port=80, hosts=("a.com",), encrypted=True, redirects=True, long_lived=True, position=AT
    )
    _, notes = _settled(_part("web", way), ingress_class=ingress_class, issuer="le")
    found = [note.choice for note in notes if isinstance(note, Decision)]
    assert found == ([] if choice is None else [choice])


def test_a_prefix_that_nobody_strips_is_a_question() -> None:
    way = Exposure(port=80, hosts=("a.com",), paths=(API,), stripped_prefix="/api", position=AT)
    _, notes = _settled(_part("web", way), ingress_class="traefik")
    assert questions(notes) == [
        'nothing takes "/api" from the path: no annotation of an Ingress tells traefik to'
    ]
    _, notes = _settled(_part("web", way), ingress_class="nginx")
    assert questions(notes) == []


@pytest.mark.parametrize(
    ("speaks", "ingress_class", "is_asked"),
    [
        pytest.param(Speaks.HTTPS, None, True, id="nobody-tells-the-default-of-https"),
        pytest.param(Speaks.HTTP2, "alb", True, id="nor-a-class-that-nobody-here-knows"),
        pytest.param(Speaks.HTTPS, "nginx", False, id="nginx-is-told"),
        pytest.param(Speaks.HTTP, None, False, id="all-speak-http"),
    ],
)
def test_what_a_controller_has_to_speak_is_asked(
    speaks: Speaks, ingress_class: str | None, is_asked: bool
) -> None:
    way = Exposure(port=443, hosts=("a.com",), encrypted=True, speaks=speaks, position=AT)
    _, notes = _settled(_part("web", way), ingress_class=ingress_class, issuer="le")
    assert any("on its port 443" in one for one in questions(notes)) is is_asked


def test_a_stack_without_ways_is_left_alone() -> None:
    assert _settled(_part("web")) == ([], ())


@pytest.mark.parametrize(
    ("listeners", "choice"),
    [
        pytest.param(
            GatewayListeners(),
            "HTTPRoutes at the Gateway infra/public; HTTP is not sent on to HTTPS",
            id="its-listeners-are-not-known",
        ),
        pytest.param(
            GatewayListeners(http="a", https="b"),
            "HTTPRoutes at the Gateway infra/public",
            id="its-listeners-are-known",
        ),
    ],
)
def test_a_gateway_has_certificates_of_its_own(listeners: GatewayListeners, choice: str) -> None:
    way = Exposure(port=80, hosts=("a.com",), encrypted=True, redirects=True, position=AT)
    gateway = Gateway(name="public", namespace="infra")
    (exposure,), notes = _settled(_part("web", way), gateway=gateway, gateway_listeners=listeners)
    assert exposure.encrypted
    assert questions(notes) == []
    assert [note.choice for note in notes if isinstance(note, Decision)] == [choice]


def test_a_gateway_has_to_trust_what_speaks_https_itself() -> None:
    way = Exposure(port=443, hosts=("a.com",), speaks=Speaks.HTTPS, position=AT)
    _, notes = _settled(_part("web", way), gateway=Gateway(name="public"))
    assert questions(notes) == [
        "it speaks HTTPS itself on 443: which certificate does the Gateway trust there?"
    ]
