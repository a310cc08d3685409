"""Secret values that whoever reads the project knows."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

from mooring.settings.choices import Choices, Secrecy, ServiceChoices

NO_CHOICES = Choices()


def told(folder: Path, compose: str, files: dict[str, str], choices: Choices = NO_CHOICES) -> str:
    made = translation(folder, compose, files, choices=choices)
    return "; ".join(one.message for one in made.findings if one.rule == "secret-in-project")


@pytest.mark.parametrize(
    ("service", "files", "names"),
    [
        pytest.param("environment: {TOKEN: x8dCq2}", {}, "TOKEN", id="in-the-compose-file"),
        pytest.param("env_file: a.env", {"a.env": "TOKEN=x8dCq2\n"}, "TOKEN", id="in-an-env-file"),
        pytest.param("environment: {TOKEN: changeme}", {}, "", id="a-placeholder-is-asked-for"),
        pytest.param("environment: {LEVEL: debug}", {}, "", id="no-secret"),
        pytest.param(
            "environment: {TOKEN: '${T}'}", {".env": "T=x8dCq2\n"}, "", id="from-a-variable"
        ),
        pytest.param(
            "env_file: a.env",
            {"a.env": "TOKEN=x8dCq2\n", ".gitignore": "*.env\n"},
            "",
            id="in-a-file-that-git-ignores",
        ),
        pytest.param(
            "env_file: env/a.env",
            {"env/a.env": "TOKEN=x8dCq2\n", ".gitignore": "# own\n/env/\n"},
            "",
            id="in-a-folder-that-git-ignores",
        ),
        pytest.param(
            "env_file: a.env",
            {"a.env": "TOKEN=x8dCq2\n", ".gitignore": "b.env\n"},
            "TOKEN",
            id="git-ignores-another",
        ),
    ],
)
def test_where_values_are_known(
    tmp_path: Path, service: str, files: dict[str, str], names: str
) -> None:
    said = told(tmp_path, f"services: {{it: {{image: 'own:1', {service}}}}}", files)
    expected = f"whoever reads the project knows the values of {names}" if names else ""
    assert said == expected


SECRETS = """
services: {it: {image: "own:1", secrets: [token]}}
secrets: {token: {file: secrets/token.txt}}
"""


@pytest.mark.parametrize(
    ("files", "names"),
    [
        pytest.param({"secrets/token.txt": "x8dCq2"}, "the secret token", id="a-file-of-a-secret"),
        pytest.param({"secrets/token.txt": "changeme"}, "", id="a-placeholder"),
        pytest.param(
            {"secrets/token.txt": "x8dCq2", ".gitignore": "secrets/\n"}, "", id="that-git-ignores"
        ),
    ],
)
def test_files_of_secrets(tmp_path: Path, files: dict[str, str], names: str) -> None:
    assert (
        told(tmp_path, SECRETS, files).removeprefix(
            "whoever reads the project knows the values of "
        )
        == names
    )


def test_a_key_that_is_mounted(tmp_path: Path) -> None:
    compose = "services: {it: {image: 'own:1', volumes: ['./rs_keyfile:/etc/keyfile:ro']}}"
    assert "rs-keyfile" in told(tmp_path, compose, {"rs_keyfile": "Zm9vYmFyYmF6cXV4\n"})


def test_what_mooring_yaml_calls_plain_is_no_secret(tmp_path: Path) -> None:
    plain = Choices(services={"it": ServiceChoices(settings={"TOKEN": Secrecy.PLAIN})})
    compose = "services: {it: {image: 'own:1', environment: {TOKEN: x8dCq2}}}"
    assert told(tmp_path, compose, {}, plain) == ""
