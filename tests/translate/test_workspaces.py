"""Containers that somebody works in stay out of staging and production, with a reason."""

from pathlib import Path

import pytest
from tests.compose import stacks
from tests.translate.whole import NO_CHOICES, container, decided, part, rules, translation

from mooring import pipeline
from mooring.compose import loader
from mooring.compose.discovery import LoadRequest
from mooring.settings import reader
from mooring.settings.choices import Choices, Kind, ServiceChoices
from mooring.translate.project import Translation, translate

WORK = "services: {work: {image: 'swift:6', command: %s, volumes: ['./src:/workspace']}}\n"


def is_left_out(made: Translation, name: str = "work") -> bool:
    return part(made, name).development_only


@pytest.mark.parametrize(
    "command",
    [
        pytest.param("sleep infinity", id="sleep"),
        pytest.param("tail -f /dev/null", id="tail"),
        pytest.param('["/bin/sh", "-c", "while sleep 1000; do :; done"]', id="a-loop"),
        pytest.param('["bash", "-c", "npm install && exec sleep infinity"]', id="after-some-work"),
        pytest.param('["sh", "-c", "trap : TERM INT; sleep infinity & wait"]', id="with-a-trap"),
        pytest.param("sleep 86400", id="a-day"),
        pytest.param(
            '["sh", "-c", "npm install >log 2>&1 && sleep infinity"]', id="after-work-with-a-log"
        ),
    ],
)
def test_what_waits_on_mounted_sources_is_a_workspace(tmp_path: Path, command: str) -> None:
    made = translation(tmp_path, WORK % command, {"src/main.swift": "print(1)"})
    assert is_left_out(made)
    assert container(made, "work").storage == ()
    assert container(made, "work").documents == ()
    assert decided(made, "environments")["services.work"].startswith("only in development")


@pytest.mark.parametrize(
    "service",
    [
        pytest.param("{image: 'i:1', command: sleep infinity}", id="nothing-to-work-on"),
        pytest.param("{image: 'i:1', command: serve, volumes: ['./src:/w']}", id="it-runs"),
        pytest.param(
            "{image: 'i:1', command: 'sh -c \"sleep 5 && serve\"', volumes: ['./src:/w']}",
            id="it-waits-before-it-runs",
        ),
        pytest.param("{image: 'i:1', volumes: ['./src:/w']}", id="the-image-s-own-command"),
        pytest.param(
            "{image: 'i:1', command: sleep infinity, volumes: ['./a.conf:/etc/a.conf']}",
            id="a-file-is-nothing-to-work-on",
        ),
        pytest.param(
            "{image: 'i:1', command: ['sh', '-c', \"install\\n/run &\\nsleep infinity\"], "
            "volumes: ['./src:/w']}",
            id="what-runs-in-the-background-runs",
        ),
        pytest.param(
            "{image: 'i:1', command: ['sh', '-c', 'service cron start && tail -f /dev/null'], "
            "volumes: ['./src:/w']}",
            id="a-service-of-the-system-runs",
        ),
    ],
)
def test_what_is_no_workspace(tmp_path: Path, service: str) -> None:
    files = {"src/main.swift": "x", "a.conf": "x"}
    assert not is_left_out(translation(tmp_path, f"services: {{work: {service}}}\n", files))


def test_an_image_made_for_development_is_enough(tmp_path: Path) -> None:
    image = "mcr.microsoft.com/devcontainers/go:1"
    compose = f"services: {{work: {{image: '{image}', command: sleep infinity}}}}\n"
    assert is_left_out(translation(tmp_path, compose))


def test_mooring_yaml_says_that_it_is_none(tmp_path: Path) -> None:
    choices = Choices(services={"work": ServiceChoices(kind=Kind.WORKLOAD)})
    made = translation(tmp_path, WORK % "sleep infinity", {"src/a.conf": "x"}, choices=choices)
    assert not is_left_out(made)
    assert container(made, "work").documents != ()


DEVCONTAINER = """
services:
  work: {image: 'swift:6', command: sleep infinity, volumes: ['..:/workspace'], privileged: true}
  db: {image: 'postgres:16', volumes: ['data:/var/lib/postgresql/data']}
volumes: {data: {}}
"""


def _devcontainer(folder: Path, files: dict[str, str]) -> Translation:
    stacks.write(folder, {"app/.devcontainer/compose.yaml": DEVCONTAINER, **files})
    request = LoadRequest(directory=str(folder), files=("app/.devcontainer/compose.yaml",))
    project = loader.load(request).project
    return translate(project, choices=NO_CHOICES, folder="app/.devcontainer")


def test_what_stands_beside_a_development_container_is_for_it(tmp_path: Path) -> None:
    made = _devcontainer(tmp_path, {})
    assert is_left_out(made)
    assert is_left_out(made, "db")
    assert "developed-and-not-run" not in rules(made)


def test_a_program_that_is_developed_and_not_run_is_found(tmp_path: Path) -> None:
    made = _devcontainer(tmp_path, {"app/Dockerfile": "FROM scratch\n"})
    (finding,) = [one for one in made.findings if one.rule == "developed-and-not-run"]
    assert "work" in finding.message
    assert "build:" in (finding.remedy or "")


def test_staging_and_production_are_made_without_it(tmp_path: Path) -> None:
    stacks.write(tmp_path, {"app/.devcontainer/compose.yaml": DEVCONTAINER})
    load = LoadRequest(directory=str(tmp_path), files=("app/.devcontainer/compose.yaml",))
    for result in pipeline.stack(pipeline.Request(load=load)).environments:
        kinds = {one.kind for one in result.objects}
        assert ("Deployment" in kinds) is (result.environment.name == "dev")


def test_the_answer_of_the_decision_works(tmp_path: Path) -> None:
    stacks.write(tmp_path, {"compose.yaml": WORK % "sleep infinity", "src/a.swift": "x"})
    load = LoadRequest(directory=str(tmp_path))
    result = pipeline.stack(pipeline.Request(load=load)).environments[-1]
    (decision,) = [one for one in result.translation.decisions if one.topic == "environments"]
    settled = reader.read(decision.overrule.encode(), "mooring.yaml")
    again = pipeline.stack(pipeline.Request(load=load, settings=settled)).environments[-1]
    assert "Deployment" in {one.kind for one in again.objects}
