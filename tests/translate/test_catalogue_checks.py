"""Health checks that the catalogue knows, where nobody wrote one."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.app.health import Health, HttpCheck
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


@pytest.mark.parametrize(
    ("attributes", "port"),
    [
        pytest.param("", 3000, id="the-port-of-the-image"),
        pytest.param("environment: {GF_SERVER_HTTP_PORT: 3030}", 3030, id="a-variable-moves-it"),
        pytest.param("ports: ['80:3000']", 3000, id="it-is-published"),
        pytest.param("ports: ['80:3030']", 3030, id="a-file-that-is-not-seen-moved-it"),
    ],
)
def test_where_grafana_is_asked(tmp_path: Path, attributes: str, port: int | None) -> None:
    found = health(tmp_path, f"image: 'grafana/grafana:11.0.0', {attributes}")
    assert (None if found is None or found.asked is None else found.asked.port) == port


@pytest.mark.parametrize(
    ("service", "path"),
    [
        pytest.param("image: 'minio/minio:latest', command: server /data",
                     "/minio/health/live", id="an-image-that-tells-of-itself"),
        pytest.param("image: 'minio/minio:latest', healthcheck: {test: [CMD, mc, ready, local]}",
                     "/minio/health/live", id="beside-a-check-of-the-file"),
        pytest.param("image: 'minio/minio:latest', healthcheck: {disable: true}", None,
                     id="all-checks-are-switched-off"),
        pytest.param("image: 'minio/minio:latest', x-mooring: {liveness: false}", None,
                     id="the-user-wants-none"),
        pytest.param("image: 'postgres:16'", None, id="nobody-knows-a-safe-question"),
        pytest.param("image: 'example.com/own:1', healthcheck: {test: [CMD, x]}", None,
                     id="a-check-of-the-file-restarts-nothing"),
    ],
)  # fmt: skip
def test_what_is_restarted_when_it_hangs(tmp_path: Path, service: str, path: str | None) -> None:
    (tmp_path / "compose.yaml").write_text(f"services:\n  it: {{{service}}}\n")
    stack = pipeline.stack(pipeline.Request(load=LoadRequest(directory=str(tmp_path))))
    (part,) = stack.environments[0].translation.application.parts
    liveness = part.containers[0].liveness
    asked = liveness.asked if liveness is not None else None
    assert (asked.path if isinstance(asked, HttpCheck) else None) == path


@pytest.mark.parametrize("test", ["[CMD, mc, ready, local]", "mc ready local || exit 1"])
def test_a_command_that_is_known_to_ask_the_same(tmp_path: Path, test: str) -> None:
    found = health(tmp_path, f"image: 'minio/minio:latest', healthcheck: {{test: {test}}}")
    assert found is not None
    assert found.asked == HttpCheck(port=9000, path="/minio/health/ready")
