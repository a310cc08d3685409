"""What Compose fills in."""

import pytest
from tests.compose.documents import at, service

from mooring.compose import defaults
from mooring.compose.nodes import Plain, plain


@pytest.mark.parametrize(
    ("attributes", "filled"),
    [
        pytest.param("build: {}", {"build": {"context": "."}}, id="a-build-context"),
        pytest.param(
            "ports: [{target: 80}]",
            {"ports": [{"target": 80, "protocol": "tcp", "mode": "ingress"}]},
            id="protocol-and-mode-of-a-port",
        ),
        pytest.param(
            "ports: [{target: 80, protocol: udp, mode: host}]",
            {"ports": [{"target": 80, "protocol": "udp", "mode": "host"}]},
            id="what-is-said-stays",
        ),
        pytest.param(
            "secrets: [{source: s}, {source: t, target: u}]",
            {
                "secrets": [
                    {"source": "s", "target": "/run/secrets/s"},
                    {"source": "t", "target": "u"},
                ]
            },
            id="the-place-of-a-secret",
        ),
        pytest.param(
            "configs: [{source: c}]", {"configs": [{"source": "c"}]}, id="not-of-a-config"
        ),
        pytest.param(
            "gpus: [{driver: d}, {count: 1}, {device_ids: [a]}]",
            {"gpus": [{"driver": "d", "count": "all"}, {"count": 1}, {"device_ids": ["a"]}]},
            id="all-devices",
        ),
        pytest.param(
            "deploy: {resources: {reservations: {devices: [{capabilities: [gpu]}]}}}",
            {
                "deploy": {
                    "resources": {
                        "reservations": {"devices": [{"capabilities": ["gpu"], "count": "all"}]}
                    }
                }
            },
            id="all-reserved-devices",
        ),
        pytest.param(
            "volumes: [{type: bind, bind: {selinux: z}}, {type: bind}]",
            {
                "volumes": [
                    {"type": "bind", "bind": {"selinux": "z", "create_host_path": True}},
                    {"type": "bind"},
                ]
            },
            id="a-bind-with-options-creates-its-source",
        ),
        pytest.param("deploy:", {"deploy": None}, id="nothing-where-nothing-stands"),
    ],
)
def test_defaults(attributes: str, filled: dict[str, Plain]) -> None:
    made = defaults.with_defaults(service(attributes))
    assert plain(at(made, "services", "web")) == filled


def test_a_default_has_no_position() -> None:
    made = defaults.with_defaults(service("ports: [{target: 80}]"))
    assert at(made, "services", "web", "ports", 0, "protocol").position is None
