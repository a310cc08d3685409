"""What is asked over HTTP once a stack is up: what speaks it for sure, and nothing else."""

from typing import Any

import pytest

from mooring.deploy import checks
from mooring.semantics.objects import ManifestSet

PORTS = [
    {"name": "debug", "port": 5678, "targetPort": 5678},
    {"name": "http", "port": 80, "targetPort": "web"},
]


def _service(ports: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "api"},
        "spec": {"selector": {"app": "api"}, "ports": ports},
    }


def _deployment(**container: Any) -> dict[str, Any]:
    ports = [{"containerPort": 5678}, {"containerPort": 8000, "name": "web"}]
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "api"},
        "spec": {
            "selector": {"matchLabels": {"app": "api"}},
            "template": {
                "metadata": {"labels": {"app": "api"}},
                "spec": {"containers": [{"name": "api", "ports": ports, **container}]},
            },
        },
    }


def _ingress(port: dict[str, Any], path: str = "/api") -> dict[str, Any]:
    backend = {"service": {"name": "api", "port": port}}
    rule = {"http": {"paths": [{"path": path, "pathType": "Prefix", "backend": backend}]}}
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": {"name": "api"},
        "spec": {"rules": [rule]},
    }


PROBE = {"readinessProbe": {"httpGet": {"path": "/ready", "port": "web"}}}


@pytest.mark.parametrize(
    ("objects", "asked"),
    [
        pytest.param([_deployment()], [], id="nothing-says-that-it-speaks-http"),
        pytest.param(
            [_deployment(), _ingress({"number": 80})],
            [(80, "/api")],
            id="the-port-that-an-ingress-leads-to-and-not-the-debugger-beside-it",
        ),
        pytest.param(
            [_deployment(), _ingress({"name": "http"})],
            [(80, "/api")],
            id="a-port-that-an-ingress-calls-by-name",
        ),
        pytest.param([_deployment(**PROBE)], [(80, "/ready")], id="the-port-that-a-probe-asks"),
        pytest.param(
            [_deployment(), _ingress({"number": 80}, "/api(/|$)(.*)")],
            [(80, "/")],
            id="the-root-where-a-path-is-a-pattern",
        ),
    ],
)
def test_asked_is(objects: list[dict[str, Any]], asked: list[tuple[int, str]]) -> None:
    found = checks.http_checks(ManifestSet([_service(PORTS), *objects], namespace="shop"))
    assert [(each.port, each.path) for each in found] == asked
