"""Ingresses: hosts and paths to Services and ports that are there."""

import pytest

from mooring.app.application import Application
from mooring.app.endpoints import Endpoint, NetworkAccess
from mooring.app.exposure import Exposure, PathMatch, Speaks, TcpExposure
from mooring.app.process import Image, Process
from mooring.app.workloads import Container, Workload
from mooring.generate.ingress import ingresses, raw_service
from mooring.kube.manifest import fields
from mooring.kube.objects.network import Ingress
from mooring.settings.environments import Environment, Tier

API = (PathMatch("/api"),)
NGINX = "nginx.ingress.kubernetes.io/"


def _part(name: str, *exposures: Exposure, network: NetworkAccess = NetworkAccess.OWN) -> Workload:
    endpoints = tuple(Endpoint(port=port) for port in dict.fromkeys(one.port for one in exposures))
    container = Container(
        name=name,
        source_name=name,
        image=Image(reference="a:1"),
        process=Process(),
        endpoints=endpoints,
    )
    return Workload(
        name=name,
        source_name=name,
        containers=(container,),
        exposures=exposures,
        network=network,
    )


def _made(*parts: Workload, **environment: str) -> list[Ingress]:
    around = Environment(name="live", tier=Tier.PRODUCTION, **environment)
    return list(ingresses(Application(name="shop", parts=parts), around))


def _rules(ingress: Ingress) -> list[str]:
    """Return the rules of an Ingress as lines: host, type and path, Service and port."""
    return [
        f"{rule.host or '*'} {path.path_type} {path.path} -> "
        f"{path.backend.service.name}:{path.backend.service.port.number}"
        for rule in ingress.spec.rules
        if rule.http is not None
        for path in rule.http.paths
    ]


def test_a_part_has_an_ingress_with_its_hosts_and_paths() -> None:
    way = Exposure(port=80, hosts=("a.com", "b.com"), paths=(*API, PathMatch("/x", exact=True)))
    (one,) = _made(_part("web", way))
    assert one.name == "web"
    assert _rules(one) == [
        "a.com Prefix /api -> web:80",
        "a.com Exact /x -> web:80",
        "b.com Prefix /api -> web:80",
        "b.com Exact /x -> web:80",
    ]
    assert one.spec.ingress_class_name is None
    assert one.spec.tls == ()
    assert one.metadata.annotations == {}


def test_a_host_that_parts_share_stands_in_the_ingress_of_the_widest_path() -> None:
    api = _part("api", Exposure(port=8000, hosts=("a.com", "api.com"), paths=API))
    web = _part("web", Exposure(port=80, hosts=("a.com",)))
    first, second = _made(api, web)
    assert (first.name, _rules(first)) == ("api", ["api.com Prefix /api -> api:8000"])
    assert (second.name, _rules(second)) == (
        "web",
        ["a.com Prefix /api -> api:8000", "a.com Prefix / -> web:80"],
    )


def test_a_way_for_every_host_names_none() -> None:
    (one,) = _made(_part("web", Exposure(port=80)))
    assert _rules(one) == ["* Prefix / -> web:80"]


def test_what_has_no_network_has_no_way() -> None:
    assert _made(_part("web", Exposure(port=80), network=NetworkAccess.NONE)) == []


@pytest.mark.parametrize(
    ("issuer", "annotations"),
    [
        pytest.param(None, {}, id="nobody-issues"),
        pytest.param("le", {"cert-manager.io/cluster-issuer": "le"}, id="a-cluster-issuer"),
        pytest.param("ClusterIssuer/le", {"cert-manager.io/cluster-issuer": "le"}, id="in-full"),
        pytest.param("Issuer/le", {"cert-manager.io/issuer": "le"}, id="one-of-the-namespace"),
    ],
)
def test_certificates_are_issued_by_whom_the_settings_name(
    issuer: str | None, annotations: dict[str, str]
) -> None:
    way = Exposure(port=80, hosts=("a.com",), encrypted=True)
    settled = {} if issuer is None else {"issuer": issuer}
    (one,) = _made(_part("web", way), **settled)
    assert one.metadata.annotations == annotations
    assert fields(one.spec)["tls"] == [{"hosts": ["a.com"], "secretName": "web-tls"}]


def test_an_existing_certificate_is_named_and_nobody_asked_for_one() -> None:
    way = Exposure(port=80, hosts=("a.com",), encrypted=True, certificate="mine")
    (one,) = _made(_part("web", way), issuer="le")
    assert fields(one.spec)["tls"] == [{"hosts": ["a.com"], "secretName": "mine"}]
    assert one.metadata.annotations == {}


WISHES = Exposure(port=80, hosts=("a.com",), encrypted=True, redirects=True, long_lived=True)


@pytest.mark.parametrize(
    ("ingress_class", "annotations"),
    [
        pytest.param(
            "nginx",
            {
                f"{NGINX}force-ssl-redirect": "true",
                f"{NGINX}proxy-read-timeout": "3600",
                f"{NGINX}proxy-send-timeout": "3600",
            },
            id="nginx",
        ),
        pytest.param(
            "traefik",
            {"traefik.ingress.kubernetes.io/router.entrypoints": "websecure"},
            id="traefik",
        ),
        pytest.param("alb", {}, id="a-class-that-nobody-here-knows"),
    ],
)
def test_a_controller_is_told_in_its_own_words(
    ingress_class: str, annotations: dict[str, str]
) -> None:
    (one,) = _made(_part("web", WISHES), ingress_class=ingress_class)
    assert one.spec.ingress_class_name == ingress_class
    assert one.metadata.annotations == annotations


def test_what_changes_requests_is_an_ingress_by_itself() -> None:
    api = Exposure(port=8000, hosts=("a.com",), paths=API, stripped_prefix="/api", encrypted=True)
    tls = Exposure(port=443, hosts=("b.com",), speaks=Speaks.HTTPS)
    web = Exposure(port=80, hosts=("a.com",), encrypted=True)
    made = _made(_part("web", web), _part("api", api, tls), ingress_class="nginx", issuer="le")
    found = {one.name: (_rules(one), one.metadata.annotations) for one in made}
    assert found == {
        "web": (["a.com Prefix / -> web:80"], {"cert-manager.io/cluster-issuer": "le"}),
        "web-api": (
            ["a.com ImplementationSpecific /api(/|$)(.*) -> api:8000"],
            {f"{NGINX}use-regex": "true", f"{NGINX}rewrite-target": "/$2"},
        ),
        "api-https": (
            ["b.com Prefix / -> api:443"],
            {f"{NGINX}backend-protocol": "HTTPS"},
        ),
    }
    assert [fields(one.spec).get("tls") for one in made if one.name != "api-https"] == [
        [{"hosts": ["a.com"], "secretName": "web-tls"}]
    ] * 2


def test_raw_tcp_gets_a_load_balancer() -> None:
    part = _part("db", Exposure(port=5432))
    application = Application(name="shop", parts=(part,))
    assert raw_service(application, part) is None
    opened = Workload(
        name="db",
        source_name="db",
        containers=part.containers,
        tcp_exposures=(TcpExposure(port=5432),),
    )
    service = raw_service(application, opened)
    assert service is not None
    assert service.name == "db-outside"
    assert fields(service.spec) == {
        "type": "LoadBalancer",
        "selector": {"app.kubernetes.io/name": "db", "app.kubernetes.io/instance": "shop"},
        "ports": [{"name": "tcp-5432", "port": 5432, "targetPort": "tcp-5432"}],
    }
