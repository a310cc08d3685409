"""The networks of a stack, as policies of staging and production."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.kube.manifest import manifest
from mooring.kube.objects.network import NetworkPolicy

STACK = """
name: shop
services:
  proxy: {image: p, networks: [front], ports: ["80:80", "127.0.0.1:9000:9000"]}
  api: {image: a, networks: [front, back], expose: [8000]}
  db: {image: d, networks: [back]}
networks:
  front: {}
  back: {internal: true}
"""


@pytest.fixture
def stack(tmp_path: Path) -> pipeline.Stack:
    (tmp_path / "compose.yaml").write_text(STACK)
    return pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))


def policies(stack: pipeline.Stack, environment: int) -> dict[str, dict[str, object]]:
    found = stack.environments[environment].objects.of(NetworkPolicy)
    return {item.name: manifest(item)["spec"] for item in found}  # type: ignore[misc]


def test_development_has_none(stack: pipeline.Stack) -> None:
    assert policies(stack, 0) == {}


def test_everything_is_closed_first(stack: pipeline.Stack) -> None:
    assert policies(stack, 2)["default-deny"] == {
        "podSelector": {},
        "policyTypes": ["Ingress", "Egress"],
    }


def test_members_of_a_network_talk_to_one_another(stack: pipeline.Stack) -> None:
    members = {"matchLabels": {"network.mooring.dev/front": "member"}}
    spec = policies(stack, 2)["network-front"]
    assert spec["podSelector"] == members
    assert spec["ingress"] == [{"from": [{"podSelector": members}]}]
    assert spec["egress"] == [{"to": [{"podSelector": members}]}, {}]


def test_an_internal_network_has_no_way_out(stack: pipeline.Stack) -> None:
    members = {"matchLabels": {"network.mooring.dev/back": "member"}}
    assert policies(stack, 2)["network-back"]["egress"] == [{"to": [{"podSelector": members}]}]


def test_what_was_published_may_be_reached_and_a_loopback_port_not(stack: pipeline.Stack) -> None:
    found = policies(stack, 2)
    assert found["proxy-from-outside"]["ingress"] == [{"ports": [{"protocol": "TCP", "port": 80}]}]
    assert "api-from-outside" not in found


def test_pods_carry_a_label_for_each_of_their_networks(stack: pipeline.Stack) -> None:
    deployments = {
        item.name: manifest(item)
        for item in stack.environments[2].objects
        if item.kind == "Deployment"
    }
    labels = deployments["api"]["spec"]["template"]["metadata"]["labels"]  # type: ignore[index,call-overload]
    assert {name for name in labels if name.startswith("network.mooring.dev/")} == {  # type: ignore[union-attr]
        "network.mooring.dev/front",
        "network.mooring.dev/back",
    }


EXPOSED = """
name: shop
services:
  web:
    image: registry.example.com/web:1
    ports: ["80:8000", "9999:9999"]
    labels:
      traefik.http.routers.web.rule: Host(`shop.example.com`)
      traefik.http.services.web.loadbalancer.server.port: "8000"
  broker: {image: "rabbitmq:3.13"}
"""


def in_production(folder: Path, settings: str) -> dict[str, dict[str, object]]:
    (folder / "compose.yaml").write_text(EXPOSED)
    (folder / "mooring.yaml").write_text(
        f"environments: {{production: {{tier: production, {settings}}}}}\n"
    )
    made = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(folder))))
    return policies(made, 0)


def _from(namespace: str) -> list[dict[str, object]]:
    return [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": namespace}}}]


@pytest.mark.parametrize(
    ("settings", "namespace"),
    [
        pytest.param("ingress_namespace: ingress-nginx", "ingress-nginx", id="as-it-is-settled"),
        pytest.param("cluster: k3s", "kube-system", id="as-the-cluster-is-known"),
        pytest.param("cluster: k3s, ingress_namespace: edge", "edge", id="settled-before-known"),
    ],
)
def test_http_is_let_in_from_the_controller_alone(
    settings: str, namespace: str, tmp_path: Path
) -> None:
    assert in_production(tmp_path, settings)["web-from-outside"]["ingress"] == [
        {"ports": [{"protocol": "TCP", "port": 9999}]},
        {"from": _from(namespace), "ports": [{"protocol": "TCP", "port": 8000}]},
    ]


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param("cluster: eks", id="whose-controller-nobody-knows"),
        pytest.param("cluster: k3s, ingress_class: nginx", id="of-another-class"),
        pytest.param("cluster: k3s, gateway: public", id="behind-a-gateway"),
    ],
)
def test_http_is_let_in_from_anywhere_where_its_controller_is_not_known(
    settings: str, tmp_path: Path
) -> None:
    found = in_production(tmp_path, settings)["web-from-outside"]
    (rule,) = found["ingress"]  # type: ignore[misc]
    assert "from" not in rule


def test_who_gathers_metrics_reaches_their_ports_where_it_is_named(tmp_path: Path) -> None:
    assert "broker-metrics" not in in_production(tmp_path, "domain: example.com")
    found = in_production(tmp_path, "metrics_namespace: monitoring")
    assert found["broker-metrics"]["ingress"] == [
        {"from": _from("monitoring"), "ports": [{"protocol": "TCP", "port": 15692}]}
    ]
