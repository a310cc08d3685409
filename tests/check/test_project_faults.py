"""What Docker would stumble over, and what it would not."""

from pathlib import Path

import pytest

from mooring.check import project_faults
from mooring.compose.discovery import LoadRequest
from mooring.settings import loading


def _told(folder: Path, text: str) -> list[str]:
    (folder / "compose.yaml").write_text(text)
    project = loading.load(LoadRequest(directory=str(folder))).project
    return [one.rule for one in project_faults.findings(project)]


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        pytest.param("8080:80", "8080:8000", ["published-port-taken"], id="one-port-twice"),
        pytest.param("8080:80", "8081:80", [], id="two-ports-to-the-same-inside"),
        pytest.param("53:53/udp", "53:53/tcp", [], id="two-protocols"),
        pytest.param("127.0.0.1:80:80", "127.0.0.2:80:80", [], id="two-addresses"),
        pytest.param(
            "127.0.0.1:80:80", "80:80", ["published-port-taken"], id="one-address-and-all-of-them"
        ),
        pytest.param("80", "80", [], id="ports-that-docker-chooses"),
    ],
)
def test_ports_of_the_machine(tmp_path: Path, first: str, second: str, told: list[str]) -> None:
    text = (
        f'services:\n  web: {{image: nginx:1.27.3, ports: ["{first}"]}}\n'
        f'  api: {{image: nginx:1.27.3, ports: ["{second}"]}}\n'
    )
    assert _told(tmp_path, text) == told


def test_a_service_of_a_profile_that_is_not_active_takes_no_port(tmp_path: Path) -> None:
    text = (
        'services:\n  web: {image: nginx:1.27.3, ports: ["80:80"]}\n'
        '  debug: {image: nginx:1.27.3, ports: ["80:80"], profiles: [debug]}\n'
    )
    assert _told(tmp_path, text) == []


@pytest.mark.parametrize(
    ("needed", "told"),
    [
        pytest.param("image: postgres:17.4", ["health-condition-without-check"], id="no-check"),
        pytest.param(
            "image: postgres:17.4, healthcheck: {disable: true}",
            ["health-condition-without-check"],
            id="a-check-that-is-off",
        ),
        pytest.param(
            "image: postgres:17.4, healthcheck: {test: [CMD, pg_isready]}", [], id="a-check"
        ),
        pytest.param("image: ghcr.io/example/db:1.0", [], id="an-image-that-may-have-one"),
        pytest.param("build: ./db", [], id="an-image-that-is-built"),
    ],
)
def test_what_is_waited_for_has_a_check(tmp_path: Path, needed: str, told: list[str]) -> None:
    text = (
        "services:\n  web:\n    image: nginx:1.27.3\n"
        "    depends_on: {db: {condition: service_healthy}}\n"
        f"  db: {{{needed}}}\n"
    )
    assert _told(tmp_path, text) == told
