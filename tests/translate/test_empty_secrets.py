"""A secret that is empty where a command is given it: asked for where the command has it from."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

GUARDED = """
services:
  cache: {image: "redis:8.0.0", command: "redis-server --requirepass ${CACHE_PASSWORD}"}
  api: {image: "example/api:1", environment: ["CACHE_PASSWORD=${CACHE_PASSWORD}"]}
"""
CHECKED = """
services:
  db:
    image: example/db:1
    healthcheck: {test: ["CMD-SHELL", "ask -p$DB_PASSWORD"]}
"""
IN_ENV = "CACHE_PASSWORD=<value> in .env"


@pytest.mark.parametrize(
    ("compose", "variables", "asked"),
    [
        pytest.param(
            GUARDED,
            "CACHE_PASSWORD=\n",
            [f"variables.CACHE_PASSWORD: it is set to nothing in cache, api -> {IN_ENV}"],
            id="in-a-command-and-once-for-all",
        ),
        pytest.param(
            GUARDED,
            "",
            [
                "variables.CACHE_PASSWORD: it is not set and counts as empty in cache, api -> "
                f"{IN_ENV}"
            ],
            id="not-set-at-all",
        ),
        pytest.param(GUARDED, "CACHE_PASSWORD=h8Gf4aQ2zPw7\n", [], id="it-has-a-value"),
        pytest.param(
            CHECKED,
            "DB_PASSWORD=\n",
            ["variables.DB_PASSWORD: it is set to nothing in db -> DB_PASSWORD=<value> in .env"],
            id="in-a-health-check",
        ),
        pytest.param(
            GUARDED.replace("redis-server --requirepass ${CACHE_PASSWORD}", "redis-server"),
            "CACHE_PASSWORD=\n",
            [
                "services.api.environment.CACHE_PASSWORD: the secret is empty -> CACHE_PASSWORD="
                "<value> in environments/<environment>/secrets.env"
            ],
            id="in-a-setting-alone-it-goes-where-secrets-go",
        ),
        pytest.param(
            CHECKED.replace("DB_PASSWORD", "DB_FLAGS"),
            "DB_FLAGS=\n",
            [],
            id="what-is-no-secret-may-be-empty",
        ),
    ],
)
def test_what_is_asked(tmp_path: Path, compose: str, variables: str, asked: list[str]) -> None:
    made = translation(tmp_path, compose, {".env": variables})
    assert [
        f"{one.subject}: {one.question} -> {one.answer}"
        for one in made.questions
        if "PASSWORD" in one.answer
    ] == asked
