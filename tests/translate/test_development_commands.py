"""Commands of development are asked about where staging and production would run them."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

from mooring.decisions import OpenQuestion
from mooring.settings.choices import EVERYWHERE, Choices, ServiceChoices
from mooring.settings.environments import Environment, Tier
from mooring.translate.in_environment import in_environment

PRODUCTION = Environment(name="production", tier=Tier.PRODUCTION)
NOTHING = Choices()


def asked(
    folder: Path,
    service: str,
    files: dict[str, str] | None = None,
    *,
    environment: Environment = PRODUCTION,
    choices: Choices = NOTHING,
) -> list[OpenQuestion]:
    """Return the questions about the command of the service ``app``."""
    made = translation(folder, f"services:\n  app: {service}\n", files, choices=choices)
    there = in_environment(made, environment, choices)
    return [one for one in there.questions if one.subject == "services.app.command"]


@pytest.mark.parametrize(
    ("command", "is_asked"),
    [
        pytest.param("nodemon server.js", True, id="nodemon"),
        pytest.param("uvicorn app:app --reload", True, id="reload"),
        pytest.param("python manage.py runserver 0.0.0.0:8000", True, id="runserver"),
        pytest.param("yarn start.dev", True, id="a-script-by-its-name"),
        pytest.param("npm run dev -- --host", True, id="dev"),
        pytest.param("vite --host", True, id="vite"),
        pytest.param("air -c .air.toml", True, id="air"),
        pytest.param("sh -c 'npm ci && npm run dev'", True, id="in-a-shell"),
        pytest.param("node --watch a.js", True, id="watch"),
        pytest.param("start-dev --import-realm", True, id="a-server-s-own-development"),
        pytest.param("vault server -dev", True, id="a-server-in-memory"),
        pytest.param("server -config=/vault/dev.hcl", False, id="a-file-for-development"),
        pytest.param("vite build", False, id="a-build"),
        pytest.param("npm start", False, id="start"),
        pytest.param("yarn start", False, id="yarn"),
        pytest.param("gunicorn app:app", False, id="gunicorn"),
        pytest.param("uvicorn app:app", False, id="uvicorn"),
        pytest.param("npm run device-sync", False, id="a-word-that-begins-alike"),
        pytest.param("airflow webserver", False, id="a-program-that-begins-alike"),
        pytest.param("node server.js", False, id="node"),
    ],
)
def test_commands(tmp_path: Path, command: str, is_asked: bool) -> None:
    assert bool(asked(tmp_path, f'{{image: "a:1", command: "{command}"}}')) is is_asked


@pytest.mark.parametrize(
    ("service", "files", "answer"),
    [
        pytest.param(
            '{image: "a:1", command: nodemon a.js}', {}, "<command>", id="nobody-knows-another"
        ),
        pytest.param(
            '{image: "a:1", command: start-dev --import-realm}',
            {},
            "start --import-realm",
            id="the-same-server-in-production",
        ),
        pytest.param(
            "{build: ., command: nodemon a.js}",
            {"Dockerfile": 'FROM a:1\nCMD ["node", "a.js"]\n'},
            "node a.js",
            id="the-command-of-the-image",
        ),
        pytest.param(
            "{build: ., command: yarn start.dev}",
            {
                "Dockerfile": "FROM a:1\n",
                "package.json": '{"scripts": {"start.dev": "nodemon", "start": "node a.js"}}',
            },
            "yarn start",
            id="a-script-beside-it",
        ),
        pytest.param(
            "{build: .}",
            {
                "Dockerfile": 'FROM a:1\nCMD ["npm", "start"]\n',
                "package.json": '{"scripts": {"start": "react-scripts start"}}',
            },
            "<command>",
            id="a-script-that-is-one-of-development",
        ),
    ],
)
def test_what_runs_instead(
    tmp_path: Path, service: str, files: dict[str, str], answer: str
) -> None:
    (question,) = asked(tmp_path, service, files)
    assert question.answer == f"services: {{app: {{command: {{production: {answer}}}}}}}"
    assert question.position is not None


def test_another_stage_is_proposed(tmp_path: Path) -> None:
    dockerfile = 'FROM a:1 AS dev\nCMD ["nodemon"]\nFROM a:1\nCMD ["node", "a.js"]\n'
    (question,) = asked(tmp_path, "{build: {context: ., target: dev}}", {"Dockerfile": dockerfile})
    assert "leave `target: dev` out of its `build`" in question.answer


def test_development_asks_nothing(tmp_path: Path) -> None:
    environment = Environment(name="dev", tier=Tier.DEV)
    assert asked(tmp_path, '{image: "a:1", command: nodemon}', environment=environment) == []


@pytest.mark.parametrize("where", ["production", EVERYWHERE])
def test_an_answer_is_obeyed(tmp_path: Path, where: str) -> None:
    choices = Choices(services={"app": ServiceChoices(command={where: "node 'a b.js'"})})
    service = '{image: "a:1", command: nodemon a.js}'
    assert asked(tmp_path, service, choices=choices) == []
    made = translation(tmp_path, f"services:\n  app: {service}\n", choices=choices)
    (part,) = in_environment(made, PRODUCTION, choices).application.parts
    assert part.containers[0].process.arguments == ("node", "a b.js")
    staging = Environment(name="staging", tier=Tier.STAGING)
    (other,) = in_environment(made, staging, choices).application.parts
    expected = ("node", "a b.js") if where == EVERYWHERE else ("nodemon", "a.js")
    assert other.containers[0].process.arguments == expected
