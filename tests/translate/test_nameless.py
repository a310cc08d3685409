"""Workers that nobody dials have no Service."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.kube.objects.network import Service


@pytest.mark.parametrize(
    ("worker", "peer", "has_service"),
    [
        pytest.param("", "", False, id="nobody-speaks-of-it"),
        pytest.param("expose: [8080]", "", True, id="it-listens"),
        pytest.param("", "environment: {URL: http://worker}", True, id="a-peer-dials-it"),
        pytest.param("", "command: work --peer worker", True, id="a-command-speaks-of-it"),
        pytest.param("", "depends_on: [worker]", True, id="a-peer-waits-for-it"),
        pytest.param(
            "networks: {default: {aliases: [jobs]}}",
            "environment: {URL: http://jobs:9000}",
            True,
            id="a-peer-dials-another-of-its-names",
        ),
    ],
)
def test_who_has_a_service(tmp_path: Path, worker: str, peer: str, has_service: bool) -> None:
    services = {"worker": worker, "peer": peer}
    lines = [
        f"  {name}: {{{', '.join(filter(None, (f'image: {name}:1', said)))}}}"
        for name, said in services.items()
    ]
    (tmp_path / "compose.yaml").write_text("\n".join(["services:", *lines, ""]))
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    made = stack.environments[-1]
    names = {service.metadata.name for service in made.objects.of(Service)}
    assert ("worker" in names) is has_service
    decided = [one.subject for one in made.translation.decisions if one.topic == "name"]
    assert ("services.worker" in decided) is not has_service


@pytest.mark.parametrize(
    ("peer", "has_service"),
    [
        pytest.param("{image: 'own:1', expose: [80]}", False, id="its-image-listens-elsewhere"),
        pytest.param("{image: 'other:1', expose: [80]}", True, id="nothing-tells-what-it-is"),
        pytest.param("{image: 'other:1', command: work}", True, id="nobody-else-listens"),
    ],
)
def test_what_makes_a_worker(tmp_path: Path, peer: str, has_service: bool) -> None:
    (tmp_path / "compose.yaml").write_text(
        f"services: {{refresh: {{image: 'own:1'}}, peer: {peer}}}\n"
    )
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    made = stack.environments[-1]
    names = {service.metadata.name for service in made.objects.of(Service)}
    assert ("refresh" in names) is has_service


def test_the_port_of_another_mode_of_a_known_image_is_none_of_a_worker(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services: {worker: {image: 'n8nio/n8n:1.60.0', command: worker}}\n"
    )
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    assert stack.environments[-1].objects.of(Service) == ()


def test_a_known_program_that_stands_alone_has_a_service(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: {prom: {image: 'prom/prometheus:v3.0.0'}}\n")
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    names = {one.metadata.name for one in stack.environments[-1].objects.of(Service)}
    assert "prom" in names
