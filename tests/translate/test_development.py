"""Which parts only development needs."""

from pathlib import Path

import pytest
from tests.translate.whole import decided, part, translation


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
