"""Commands for developers are told of."""

from pathlib import Path

import pytest
from tests.translate.whole import rules, translation


@pytest.mark.parametrize(
    ("command", "is_told"),
    [
        pytest.param("yarn start.dev", True, id="a-script-for-development"),
        pytest.param("npm run dev", True, id="npm-run-dev"),
        pytest.param("pnpm dev", True, id="pnpm-dev"),
        pytest.param("nodemon index.js", True, id="nodemon"),
        pytest.param("uvicorn app:app --host 0.0.0.0 --reload", True, id="reloading"),
        pytest.param("python manage.py runserver 0.0.0.0:8000", True, id="runserver-of-django"),
        pytest.param("flask --app web run --debug", True, id="flask-debugging"),
        pytest.param("yarn start", False, id="a-plain-start"),
        pytest.param("node dev/null.js", False, id="a-folder-called-dev"),
        pytest.param("npm run deploy", False, id="another-script"),
        pytest.param("gunicorn app:app", False, id="a-server-for-production"),
    ],
)
def test_what_is_for_developers(tmp_path: Path, command: str, is_told: bool) -> None:
    made = translation(tmp_path, f"services: {{it: {{image: 'own:1', command: '{command}'}}}}")
    assert ("development-command" in rules(made)) is is_told
