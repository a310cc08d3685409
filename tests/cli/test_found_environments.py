"""The environments of a folder, as a command finds them."""

import json
import os
from pathlib import Path

import pytest

from mooring.cli import main as entry
from mooring.cli import statuses

WEB = "services: {web: {image: 'nginx:1.27'}}\n"
WEB_AND_MAIL = "services: {web: {image: 'nginx:1.27'}, mail: {image: 'axllent/mailpit:v1.20'}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the command runs."""
    for name in [name for name in os.environ if name.startswith(("COMPOSE_", "MOORING_"))]:
        monkeypatch.delenv(name)
    here = tmp_path / "shop"
    here.mkdir()
    monkeypatch.setenv("PWD", str(here))
    monkeypatch.chdir(here)
    return here


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = entry.run(list(arguments))
    return (status, *capsys.readouterr())


def _services(capsys: pytest.CaptureFixture[str], environment: str) -> list[str]:
    _, out, _ = _run(capsys, "explain", "-e", environment, "--format", "json")
    return [service["name"] for service in json.loads(out)["services"]]


def test_whole_files_beside_one_another(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "docker-compose.dev.yml").write_text(WEB_AND_MAIL)
    (folder / "docker-compose.stage.yml").write_text(WEB)
    assert _services(capsys, "dev") == ["web", "mail"]
    assert _services(capsys, "staging") == _services(capsys, "production") == ["web"]


def test_production_says_that_it_reads_what_is_made_for_development(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "docker-compose.dev.yml").write_text(WEB_AND_MAIL)
    for arguments in ((), ("-f", "docker-compose.dev.yml")):
        status, out, _ = _run(capsys, "explain", *arguments)
        assert status == statuses.FINE
        assert "which files are for production?" in out
        assert "environments: {production: {files: [docker-compose.dev.yml]}} if that" in out


def test_an_answer_in_mooring_yaml_is_no_question(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "docker-compose.dev.yml").write_text(WEB_AND_MAIL)
    (folder / "real.yaml").write_text(WEB)
    (folder / "mooring.yaml").write_text("environments: {production: {files: [real.yaml]}}\n")
    assert _services(capsys, "production") == ["web"]
    assert _services(capsys, "dev") == ["web", "mail"]
    _, out, _ = _run(capsys, "explain")
    assert "which files" not in out


def test_files_that_nothing_tells_apart_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "docker-compose-backend.yml").write_text(WEB)
    (folder / "docker-compose-frontend.yml").write_text(WEB)
    status, out, err = _run(capsys, "explain")
    assert (status, out) == (statuses.USAGE, "")
    assert "docker-compose-backend.yml, docker-compose-frontend.yml" in err
    assert "-f docker-compose-backend.yml" in err


def test_compose_file_in_dotenv_names_the_files_of_all(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "compose.yaml").write_text(WEB)
    (folder / "compose.prod.yaml").write_text("services: {web: {command: prod}}\n")
    (folder / "other.yaml").write_text(WEB_AND_MAIL)
    (folder / ".env").write_text("COMPOSE_FILE=other.yaml\n")
    assert _services(capsys, "production") == ["web", "mail"]


def test_variables_of_an_environment(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "compose.yaml").write_text("services: {web: {image: 'nginx:${TAG}'}}\n")
    (folder / ".env").write_text("TAG=1.27\n")
    (folder / ".env.production").write_text("TAG=1.26\n")
    for environment, image in (("dev", "nginx:1.27"), ("production", "nginx:1.26")):
        _, out, _ = _run(capsys, "explain", "-e", environment, "web")
        assert f"image {image}" in out


def test_the_picture_of_the_stack(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "compose.yaml").write_text(WEB_AND_MAIL)
    status, out, _ = _run(capsys, "explain", "--graph", "stack.svg")
    assert (status, out.partition("\n")[0]) == (
        statuses.FINE,
        "shop in production (namespace shop-production)",
    )
    assert (folder / "stack.svg").read_text().startswith("<svg ")
    assert _run(capsys, "explain", "--graph", "compose.yaml")[0] == statuses.USAGE
    assert (folder / "compose.yaml").read_text() == WEB_AND_MAIL
    assert _run(capsys, "explain", "--graph", "nowhere/stack.svg")[0] == statuses.USAGE


def test_config_prints_what_an_environment_reads(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "docker-compose.dev.yml").write_text(WEB_AND_MAIL)
    (folder / "docker-compose.stage.yml").write_text(WEB)
    status, _, err = _run(capsys, "config")
    assert status == statuses.USAGE
    assert "as in -e dev: there are dev, staging, production" in err
    for environment, services in (("dev", ["mail", "web"]), ("staging", ["web"])):
        _, out, _ = _run(capsys, "config", "-e", environment, "--format", "json")
        assert sorted(json.loads(out)["services"]) == services


def test_config_finds_what_compose_finds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "compose.yaml").write_text(WEB)
    (folder / "compose.production.yaml").write_text("services: {web: {command: serve}}\n")
    _, out, _ = _run(capsys, "config", "--format", "json")
    assert json.loads(out)["services"]["web"].get("command") is None
    _, out, _ = _run(capsys, "config", "-e", "production", "--format", "json")
    assert json.loads(out)["services"]["web"]["command"] == ["serve"]
