"""The Compose files of the example shop: Docker Compose takes them, and they show what they say."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from tests.support.oracle import Answer, Request

from mooring.compose import dockerfile

COFFEE = Path(__file__).parents[2] / "examples" / "coffee"
PRODUCTION = ("compose.yaml", "compose.production.yaml")
UNSET = 'The "SMTP_PASSWORD" variable is not set. Defaulting to a blank string.'
EVERYWHERE = ["api", "migrate", "order_worker", "postgres", "proxy", "redis", "storage", "web"]

Oracle = Callable[[Sequence[Request]], list[Answer]]


@pytest.mark.real
@pytest.mark.parametrize(
    ("files", "profiles", "warnings", "services"),
    [
        pytest.param((), (), (), sorted([*EVERYWHERE, "mail"]), id="development"),
        pytest.param(("compose.yaml",), (), (), EVERYWHERE, id="base-alone"),
        pytest.param(
            ("compose.yaml",), ("tools",), (), sorted([*EVERYWHERE, "psql"]), id="base-with-tools"
        ),
        pytest.param(PRODUCTION, (), (UNSET,), EVERYWHERE, id="production"),
        pytest.param(
            (*PRODUCTION, "compose.override.yaml"),
            ("*",),
            (UNSET,),
            sorted([*EVERYWHERE, "mail", "psql"]),
            id="all-files-at-once",
        ),
    ],
)
def test_docker_compose_takes_it(
    oracle: Oracle,
    files: tuple[str, ...],
    profiles: tuple[str, ...],
    warnings: tuple[str, ...],
    services: list[str],
) -> None:
    (answer,) = oracle([Request(directory=str(COFFEE), files=files, profiles=profiles)])
    assert answer.error == ""
    assert answer.warnings == warnings
    assert sorted(answer.project["services"]) == services


@pytest.mark.parametrize(
    ("folder", "target", "ports", "command"),
    [
        pytest.param(
            "backend", "api", [8000], ("python3", "-m", "coffee.api"), id="api-exposes-its-port"
        ),
        pytest.param(
            "backend",
            "api-dev",
            [8000, 5678],
            ("python3", "-m", "debugpy", "--listen", "0.0.0.0:5678", "-m", "coffee.api"),
            id="development-adds-the-debugger",
        ),
        pytest.param(
            "backend", "worker", [9100], ("python3", "-m", "coffee.worker"), id="worker-has-its-own"
        ),
        pytest.param("migrate", None, [], ("migrations",), id="migrate-exposes-nothing"),
        pytest.param("web", None, [8080], ("python3", "server.py"), id="web"),
    ],
)
def test_dockerfiles(
    folder: str, target: str | None, ports: list[int], command: tuple[str, ...]
) -> None:
    content = (COFFEE / "services" / folder / "Dockerfile").read_bytes()
    facts = dockerfile.read(content, "Dockerfile", target=target)
    assert facts.findings == ()
    image = facts.image
    assert image.base is not None
    assert image.base.value == "debian:12-slim"
    assert [port.first for port in image.ports] == ports
    assert image.command is not None
    assert image.command.words == command
    assert image.user is not None
    assert image.user.value == "10001:10001"


def test_only_api_and_web_check_their_health_in_their_dockerfiles() -> None:
    checked = {
        (folder, target): dockerfile.read(
            (COFFEE / "services" / folder / "Dockerfile").read_bytes(), "Dockerfile", target=target
        ).image.healthcheck
        is not None
        for folder, target in (
            ("backend", "api"),
            ("backend", "worker"),
            ("migrate", None),
            ("web", None),
        )
    }
    assert [name for name, found in checked.items() if found] == [("backend", "api"), ("web", None)]


def test_sources_that_images_copy_are_there() -> None:
    for folder in ("backend", "migrate", "web"):
        context = COFFEE / "services" / folder
        facts = dockerfile.read((context / "Dockerfile").read_bytes(), "Dockerfile")
        sources = [source for copy in facts.image.copies for source in copy.sources]
        assert sources
        assert [source for source in sources if not (context / source).exists()] == []
