"""Ports of debuggers are open in development alone."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, translation

from mooring.settings.choices import Choices, ServiceChoices


@pytest.mark.parametrize(
    ("service", "closed"),
    [
        pytest.param("ports: ['9231:9229', '80:3000']", [9229], id="the-inspector-of-node"),
        pytest.param(
            "ports: ['5005:5005'], environment: {JAVA_TOOL_OPTIONS: "
            "'-agentlib:jdwp=transport=dt_socket,server=y,address=*:5005'}",
            [5005],
            id="a-variable-starts-it",
        ),
        pytest.param(
            "ports: ['5678:5678'], command: python -m debugpy --listen 0.0.0.0:5678 app.py",
            [5678],
            id="the-command-starts-it",
        ),
        pytest.param("ports: ['5005:5005']", [], id="the-port-alone-says-nothing"),
        pytest.param("ports: ['9229:9229/udp']", [], id="no-debugger-speaks-udp"),
    ],
)
def test_the_ports_that_close(tmp_path: Path, service: str, closed: list[int]) -> None:
    made = translation(tmp_path, f"services: {{it: {{image: 'own:1', {service}}}}}")
    found = [one.port for one in container(made, "it").endpoints if one.development_only]
    assert found == closed
    assert list(decided(made, "debugger")) == (["services.it"] if closed else [])


def test_the_port_of_a_known_program_is_its_own(tmp_path: Path) -> None:
    made = translation(
        tmp_path, "services: {it: {image: 'n8nio/n8n:1', ports: ['5678:5678'], command: debugpy}}"
    )
    assert not any(one.development_only for one in container(made, "it").endpoints)


def test_mooring_yaml_keeps_it_open(tmp_path: Path) -> None:
    made = translation(
        tmp_path,
        "services: {it: {image: 'own:1', expose: [9229]}}",
        choices=Choices(services={"it": ServiceChoices(debugger=True)}),
    )
    assert not any(one.development_only for one in container(made, "it").endpoints)
