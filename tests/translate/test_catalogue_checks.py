"""Health checks that the catalogue knows, where nobody wrote one."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.app.health import Health
from mooring.compose.discovery import LoadRequest


def health(folder: Path, service: str) -> Health | None:
    (folder / "compose.yaml").write_text(f"services:\n  it: {{{service}}}\n")
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(folder))))
    (part,) = stack.environments[0].translation.application.parts
    return part.containers[0].health


@pytest.mark.parametrize(
    ("service", "has_check"),
    [
        pytest.param("image: 'postgres:16'", True, id="a-database"),
        pytest.param("image: 'postgres:16', command: [-c, work_mem=8MB]", True,
                     id="a-database-with-arguments"),
        pytest.param("image: 'postgres:16', healthcheck: {disable: true}", False,
                     id="a-check-that-was-switched-off"),
        pytest.param("image: 'example.com/own:1'", False, id="an-unknown-image"),
        pytest.param("image: 'n8nio/n8n:1.60.0', command: worker", False,
                     id="another-mode-of-an-application"),
    ],
)  # fmt: skip
def test_a_check_is_known(service: str, has_check: bool, tmp_path: Path) -> None:
    assert (health(tmp_path, service) is not None) is has_check
