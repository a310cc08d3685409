"""What nothing applies to a Hasura is applied by a Job, and its clients wait for that."""

from pathlib import Path

import pytest
from tests.translate.whole import decided, part, rules, translation

from mooring.app.dependencies import Condition
from mooring.app.workloads import Task

FILES = {
    "migrations/1_first/up.sql": "create table a();\n",
    "metadata/tables.yaml": "[]\n",
    "seeds/1_demo.sql": "insert into a default values;\n",
}
STACK = """
services:
  hasura:
    image: hasura/graphql-engine:v2.40.2
    environment: {HASURA_GRAPHQL_ADMIN_SECRET: s3cr3t-of-all}
    volumes:
      - ./migrations:/hasura-migrations
      - ./metadata:/hasura-metadata
      - ./seeds:/seeds
  api: {image: "api:1", environment: {HASURA_ENDPOINT: "http://hasura:8080/v1/graphql"}}
  db: {image: "postgres:16.4", environment: {HASURA_ENDPOINT: "http://hasura:8080/v1/graphql"}}
  other: {image: "other:1"}
"""


def waits(folder: Path, name: str) -> list[tuple[str, Condition]]:
    made = translation(folder, STACK, FILES)
    return [(one.on, one.condition) for one in part(made, name).dependencies]


def test_the_job_waits_for_the_engine_and_runs_the_cli_of_its_version(tmp_path: Path) -> None:
    made = translation(tmp_path, STACK, FILES)
    task = part(made, "hasura-migrate")
    assert isinstance(task, Task)
    assert not task.development_only
    assert [(one.on, one.condition) for one in task.dependencies] == [("hasura", Condition.HEALTHY)]
    (container,) = task.containers
    assert container.image.reference == "hasura/graphql-engine:v2.40.2.cli-migrations-v3"
    assert {mount.path for mount in container.documents} == {
        "/hasura-migrations",
        "/hasura-metadata",
        "/seeds",
    }
    names = {setting.name for setting in container.settings}
    assert names == {"HASURA_GRAPHQL_ADMIN_SECRET", "HASURA_GRAPHQL_ENDPOINT", "HOME"}
    (script,) = container.process.arguments or ()
    assert script.index("migrate apply") < script.index("metadata apply")
    assert "seed" not in script.replace("/seeds seeds", "")


def test_seeds_are_for_development(tmp_path: Path) -> None:
    task = part(translation(tmp_path, STACK, FILES), "hasura-seed")
    assert task.development_only
    assert ("hasura-migrate", Condition.COMPLETED) in waits(tmp_path, "hasura-seed")


@pytest.mark.parametrize(
    ("name", "does_wait"),
    [
        pytest.param("api", True, id="who-is-given-its-address"),
        pytest.param("db", False, id="a-database-does-not"),
        pytest.param("other", False, id="who-does-not-know-it-does-not"),
        pytest.param("hasura", False, id="the-engine-itself-does-not"),
    ],
)
def test_who_waits(tmp_path: Path, name: str, does_wait: bool) -> None:
    expected = [("hasura-migrate", Condition.COMPLETED)] if does_wait else []
    assert waits(tmp_path, name) == expected


@pytest.mark.parametrize(
    ("migration", "version", "command"),
    [
        pytest.param("migrations/1_a/up.sql", 2, "migrate apply --skip", id="side-by-side"),
        pytest.param("migrations/default/1_a/up.sql", 3, "--all-databases", id="for-each-database"),
    ],
)
def test_the_layout_of_the_project(
    tmp_path: Path, migration: str, version: int, command: str
) -> None:
    files = {migration: "select 1;\n", "metadata/a.yaml": "[]\n", "seeds/1.sql": "select 1;\n"}
    made = translation(tmp_path, STACK, files)
    (script,) = part(made, "hasura-migrate").containers[0].process.arguments or ()
    assert f"'version: {version}\\n" in script
    assert command in script


def test_an_engine_that_is_given_nothing_is_told_of(tmp_path: Path) -> None:
    made = translation(tmp_path, "services: {hasura: {image: 'hasura/graphql-engine:v2.40.2'}}")
    assert "hasura-without-migrations" in rules(made)
    assert decided(made, "migrations") == {}


def test_an_image_that_applies_them_itself_needs_no_job(tmp_path: Path) -> None:
    stack = STACK.replace("v2.40.2", "v2.40.2.cli-migrations-v3")
    made = translation(tmp_path, stack, FILES)
    assert not any(one.name == "hasura-migrate" for one in made.application.parts)
