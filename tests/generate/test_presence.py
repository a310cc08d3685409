"""What only development needs is left out of staging and production."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.kube.objects.network import Service

STACK = """
services:
  mail: {image: mailhog/mailhog, volumes: [caught:/maildir, shared:/shared]}
  web: {image: example.com/web:1, volumes: [shared:/shared], depends_on: [mail]}
volumes: {caught: {}, shared: {}}
"""


def refs(folder: Path, settings: str = "") -> dict[str, set[str]]:
    (folder / "compose.yaml").write_text(STACK)
    if settings:
        (folder / "mooring.yaml").write_text(settings)
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(folder))))
    return {
        result.environment.name: {str(item.ref) for item in result.objects}
        for result in stack.environments
    }


@pytest.mark.parametrize(
    ("ref", "environments"),
    [
        pytest.param("Deployment/mail", {"dev"}, id="its-workload"),
        pytest.param("Service/mail", {"dev"}, id="its-name"),
        pytest.param("PersistentVolumeClaim/caught", {"dev"}, id="storage-of-its-own"),
        pytest.param(
            "PersistentVolumeClaim/shared",
            {"dev", "staging", "production"},
            id="not-storage-that-others-mount",
        ),
        pytest.param("Deployment/web", {"dev", "staging", "production"}, id="not-the-others"),
    ],
)
def test_where_an_object_is(ref: str, environments: set[str], tmp_path: Path) -> None:
    found = refs(tmp_path)
    assert {name for name, objects in found.items() if ref in objects} == environments


def test_the_users_word_keeps_it_everywhere(tmp_path: Path) -> None:
    found = refs(tmp_path, "services: {mail: {kind: workload}}\n")
    assert all("Deployment/mail" in objects for objects in found.values())


def test_the_port_of_a_debugger_is_open_in_development_only(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(
        "services: {web: {image: 'web:1', ports: ['9229:9229', '80:3000']}}\n"
    )
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    ports = {
        result.environment.name: [
            port.port for service in result.objects.of(Service) for port in service.spec.ports
        ]
        for result in stack.environments
    }
    assert ports == {"dev": [9229, 3000], "staging": [3000], "production": [3000]}
