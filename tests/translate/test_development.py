"""Which parts only development needs."""

from pathlib import Path

import pytest
from tests.translate.whole import decided, part, translation

from mooring.settings.choices import Choices
from mooring.settings.environments import Environment, Tier
from mooring.translate.in_environment import in_environment


@pytest.mark.parametrize(
    ("services", "name", "is_left_out"),
    [
        pytest.param(
            "{db: {image: 'postgres:16'}, db_test: {image: 'postgres:16'}}",
            "db-test",
            True,
            id="a-second-database-for-tests",
        ),
        pytest.param(
            "{db: {image: 'postgres:16'}, db_test: {image: 'postgres:16'}}",
            "db",
            False,
            id="not-the-first",
        ),
        pytest.param("{test_db: {image: 'postgres:16'}}", "test-db", False, id="the-only-one"),
        pytest.param(
            "{db: {image: 'postgres:16'}, test_api: {image: 'own:1'}}",
            "test-api",
            False,
            id="a-program-of-the-team",
        ),
        pytest.param(
            "{db: {image: 'postgres:16'}, latest: {image: 'postgres:16'}}",
            "latest",
            False,
            id="letters-are-no-word",
        ),
    ],
)
def test_servers_for_tests(tmp_path: Path, services: str, name: str, is_left_out: bool) -> None:
    made = translation(tmp_path, f"services: {services}")
    assert part(made, name).development_only is is_left_out
    subject = f"services.{name.replace('-', '_')}"
    assert (subject in decided(made, "environments")) is is_left_out


@pytest.mark.parametrize(
    ("tier", "asked"),
    [
        pytest.param(Tier.PRODUCTION, ["services.db"], id="production-does-not-run-it"),
        pytest.param(Tier.DEV, ["services.db", "services.db_test"], id="development-does"),
    ],
)
def test_nothing_is_asked_of_what_an_environment_does_not_run(
    tmp_path: Path, tier: Tier, asked: list[str]
) -> None:
    server = "{image: 'postgres:16', environment: {POSTGRES_PASSWORD: changeme}}"
    made = translation(tmp_path, f"services: {{db: {server}, db_test: {server}}}")
    there = in_environment(made, Environment(name="it", tier=tier), Choices())
    subjects = [one.subject for one in there.questions if "POSTGRES" in one.subject]
    assert subjects == [f"{name}.environment.POSTGRES_PASSWORD" for name in asked]


def test_a_file_of_both_is_still_asked_for(tmp_path: Path) -> None:
    server = "{image: 'postgres:16', secrets: [%s]}"
    files = {"one.txt": "changeme", "two.txt": "changeme"}
    compose = f"""\
services: {{db: {server % "one"}, db_test: {server % "one, two"}}}
secrets: {{one: {{file: one.txt}}, two: {{file: two.txt}}}}
"""
    made = translation(tmp_path, compose, files)
    there = in_environment(made, Environment(name="it", tier=Tier.PRODUCTION), Choices())
    subjects = {one.subject for one in there.questions if one.subject.startswith("secrets.")}
    assert subjects == {"secrets.one"}
