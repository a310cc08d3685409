"""A second replica in production has to be argued for, and what speaks against it is told."""

from pathlib import Path

import pytest
from tests.translate.whole import decided, part, translation

from mooring.app.workloads import Workload
from mooring.settings.choices import AutoscaleChoices, Choices, ServiceChoices
from mooring.translate.project import Translation

HTTP = "healthcheck: {test: [CMD, curl, -f, 'http://localhost:8080/health']}, expose: ['8080']"
APP = "FROM python:3.13\nCMD [python, app.py]\n"
TWICE = "2 replicas in production"
ONCE = "1 replica, in production too"


def made(folder: Path, service: str, name: str = "api", **more: object) -> Translation:
    """Return what a stack means whose service ``name`` is built from a Dockerfile, or else."""
    dockerfile = more.pop("dockerfile", APP)
    text = f"services:\n  {name}: {{{service}}}\nvolumes: {{data: {{}}}}\n"
    return translation(folder, text, {"Dockerfile": str(dockerfile)}, **more)  # type: ignore[arg-type]


def in_production(found: Translation, name: str = "api") -> int | None:
    """Return the replicas of the part ``name`` in production where they differ."""
    workload = part(found, name)
    assert isinstance(workload, Workload)
    return workload.replicas_in_production


@pytest.mark.parametrize(
    "service",
    [
        pytest.param(f"build: ., {HTTP}", id="the-stack-s-own-program-that-answers-http"),
        pytest.param("image: 'nginx:1.27', ports: ['80:80']", id="a-program-known-to-bear-it"),
        pytest.param(
            f"build: ., {HTTP}, tmpfs: ['/tmp:size=16m']", id="what-is-in-memory-is-no-storage"
        ),
        pytest.param(f"build: ., container_name: shop_api, {HTTP}", id="a-name-for-its-container"),
        pytest.param(
            "build: ., expose: ['8080'], labels: {traefik.enable: 'true', "
            "traefik.http.routers.api.rule: Host(`a.example.com`)}",
            id="what-is-reached-from-outside",
        ),
    ],
)
def test_twice(tmp_path: Path, service: str) -> None:
    found = made(tmp_path, service)
    assert in_production(found) == 2
    assert decided(found, "replicas") == {"services.api": TWICE}
    assert next(one for one in found.decisions if one.topic == "replicas").overrule == (
        "services: {api: {replicas: 1}}"
    )


@pytest.mark.parametrize(
    ("service", "name", "dockerfile", "against"),
    [
        pytest.param(
            f"build: ., {HTTP}, volumes: ['data:/var/lib/app']",
            "api",
            APP,
            "it writes to /var/lib/app",
            id="it-keeps-something",
        ),
        pytest.param(
            f"image: example.com/api, {HTTP}",
            "api",
            APP,
            "nothing is known of whether copies of its image get along",
            id="an-unknown-image",
        ),
        pytest.param(
            f"build: ., {HTTP}", "scheduler", APP, 'its name says "scheduler"', id="its-name"
        ),
        pytest.param(
            f"build: ., {HTTP}", "socket-api", APP, 'its name says "socket"', id="open-connections"
        ),
        pytest.param(
            f"build: ., command: celery -A app beat, {HTTP}",
            "api",
            APP,
            'its command says "beat"',
            id="its-command",
        ),
        pytest.param(
            f"build: ., {HTTP}",
            "api",
            "FROM python:3.13\nCMD alembic upgrade head && uvicorn app\n",
            'it starts with "alembic", which two would do at once',
            id="it-migrates-before-it-serves",
        ),
        pytest.param(
            f"build: ., {HTTP}, environment: {{DATABASE_URL: 'sqlite:///app.db'}}",
            "api",
            APP,
            "DATABASE_URL names a database in a file",
            id="a-database-in-a-file",
        ),
        pytest.param(
            f"build: ., {HTTP}, environment: {{SCHEDULED_REFRESH: 'true'}}",
            "api",
            APP,
            "SCHEDULED_REFRESH has it do scheduled work too",
            id="scheduled-work",
        ),
        pytest.param(
            f"build: ., hostname: api-1, {HTTP}",
            "api",
            APP,
            "it has a name of its own, api-1",
            id="a-name-of-its-own",
        ),
        pytest.param(
            f"build: ., network_mode: host, {HTTP}",
            "api",
            APP,
            "it takes ports of its node",
            id="the-network-of-its-node",
        ),
        pytest.param(
            f"build: ., {HTTP}, gpus: all",
            "api",
            APP,
            "it takes a device for itself",
            id="a-device",
        ),
    ],
)
def test_once(tmp_path: Path, service: str, name: str, dockerfile: str, against: str) -> None:
    found = made(tmp_path, service, name, dockerfile=dockerfile)
    assert in_production(found, name) is None
    (decision,) = (one for one in found.decisions if one.topic == "replicas")
    assert decision.choice == ONCE
    assert decision.evidence[1].statement == against
    assert decision.overrule == f"services: {{{name}: {{replicas: 2}}}}"


@pytest.mark.parametrize(
    ("service", "choices"),
    [
        pytest.param(f"build: ., scale: 1, {HTTP}", {}, id="the-compose-file-says-scale"),
        pytest.param(
            f"build: ., deploy: {{replicas: 1}}, {HTTP}", {}, id="the-compose-file-says-replicas"
        ),
        pytest.param(f"build: ., deploy: {{mode: global}}, {HTTP}", {}, id="one-for-each-node"),
        pytest.param(f"build: ., {HTTP}", {"replicas": {"*": 1}}, id="mooring-yaml-says-replicas"),
        pytest.param(
            f"build: ., {HTTP}",
            {"autoscale": {"production": AutoscaleChoices()}},
            id="an-autoscaler-decides",
        ),
        pytest.param("build: ., expose: ['8080']", {}, id="nothing-says-that-it-speaks-http"),
        pytest.param("image: 'postgres:17', volumes: ['data:/data']", {}, id="a-data-store"),
    ],
)
def test_nothing_is_guessed(tmp_path: Path, service: str, choices: dict[str, object]) -> None:
    settled = Choices(services={"api": ServiceChoices(**choices)})  # type: ignore[arg-type]
    found = made(tmp_path, service, choices=settled)
    assert in_production(found) is None
    assert decided(found, "replicas") == {}
