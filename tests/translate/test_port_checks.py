"""What listens and has no check is asked for a connection."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.app.health import TcpCheck


def test_a_port_that_the_catalogue_knows_is_asked_where_somebody_dials_it(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        """
        services:
          flows: {image: "n8nio/n8n:1.60.0", command: start}
          web: {image: "web:1", environment: {FLOWS: "http://flows:5678"}}
        """,
    )
    health = container(made, "flows").health
    assert health is not None
    assert health.asked == TcpCheck(port=5678)


@pytest.mark.parametrize(
    ("service", "port"),
    [
        pytest.param("image: 'own:1', ports: ['80:8080']", 8080, id="a-published-port"),
        pytest.param("image: 'own:1', expose: [9000, 9001]", 9000, id="the-first-of-several"),
        pytest.param("image: 'own:1', expose: ['53/udp']", None, id="nobody-connects-by-udp"),
        pytest.param("image: 'own:1'", None, id="nobody-says-that-it-listens"),
        pytest.param(
            "image: 'own:1', expose: [9000], healthcheck: {disable: true}",
            None,
            id="a-check-that-was-switched-off",
        ),
        pytest.param(
            "image: 'own:1', expose: [9000, 8080], labels: {traefik.enable: 'true', "
            "traefik.http.routers.it.rule: Host(`a.example.com`), "
            "traefik.http.services.it.loadbalancer.server.port: '8080'}",
            8080,
            id="the-port-of-its-route",
        ),
        pytest.param(
            "image: 'n8nio/n8n:1.60.0', command: worker",
            None,
            id="a-port-that-only-the-catalogue-knows",
        ),
    ],
)
def test_the_port_that_is_asked(tmp_path: Path, service: str, port: int | None) -> None:
    made = translation(tmp_path, f"services: {{it: {{{service}}}}}")
    health = container(made, "it").health
    assert (None if health is None else health.asked) == (
        None if port is None else TcpCheck(port=port)
    )
    assert decided(made, "health") == (
        {} if port is None else {"services.it": f"serves when port {port} answers"}
    )
