"""What undoes a task: said in mooring.yaml, and told by the Job that is made of it."""

from pathlib import Path

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.errors import InputErrors
from mooring.kube.labels import WAY_BACK

COMPOSE = """\
name: shop
services:
  migrate:
    image: shop/api:1
    {process}
    restart: "no"
  api:
    image: shop/api:1
    depends_on: {{migrate: {{condition: service_completed_successfully}}}}
"""


def _jobs(folder: Path, process: str, settings: str) -> dict[str, dict[str, str]]:
    """Return the annotations of the Jobs by their names."""
    (folder / "compose.yaml").write_text(COMPOSE.format(process=process))
    (folder / "mooring.yaml").write_text(settings)
    stack = pipeline.stack(
        pipeline.Request(load=LoadRequest(directory=str(folder)), only="production")
    )
    return {
        one.metadata.name: one.metadata.annotations or {}
        for one in stack.environments[0].objects
        if one.kind == "Job"
    }


@pytest.mark.parametrize(
    ("process", "told"),
    [
        pytest.param(
            "command: alembic upgrade head",
            '{"args":["alembic","downgrade","a b"]}',
            id="in-place-of-the-command",
        ),
        pytest.param(
            'entrypoint: ["python", "-m"]\n    command: alembic upgrade head',
            '{"command":["python","-m"],"args":["alembic","downgrade","a b"]}',
            id="behind-the-entrypoint",
        ),
        pytest.param(
            "entrypoint: []\n    command: alembic upgrade head",
            '{"command":["alembic","downgrade","a b"]}',
            id="all-of-it-where-the-entrypoint-is-emptied",
        ),
    ],
)
def test_a_job_tells_how_it_is_undone(tmp_path: Path, process: str, told: str) -> None:
    settings = "services: {migrate: {way_back: \"alembic downgrade 'a b'\"}}\n"
    (before,) = _jobs(tmp_path, process, "")
    ((name, notes),) = _jobs(tmp_path, process, settings).items()
    assert notes[WAY_BACK] == told
    assert name == before, "it is not run again for that"


@pytest.mark.parametrize(
    "settings",
    [
        pytest.param("services: {api: {way_back: a}}\n", id="a-workload"),
        pytest.param(
            'services: {migrate: {schedule: "@daily", way_back: a}}\n', id="a-task-by-the-clock"
        ),
    ],
)
def test_what_is_no_migration_has_no_way_back(tmp_path: Path, settings: str) -> None:
    with pytest.raises(InputErrors, match="is no task that runs once and ends"):
        _jobs(tmp_path, "command: a", settings)
