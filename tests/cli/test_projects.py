"""`config`, `explain` and `convert` of several projects, as a user runs them."""

import json
import os
from pathlib import Path

import pytest
from tests.compose import stacks

from mooring.cli import main as entry
from mooring.cli import statuses

BACK = """\
name: shop-back
services:
  db: {image: postgres:16, environment: {POSTGRES_PASSWORD: "${PASSWORD}"}, networks: [net]}
networks: {net: {}}
"""
FRONT = """\
name: shop-front
services:
  web: {image: nginx:1.27, environment: {DB: "db:5432"}, networks: [net]}
networks: {net: {external: true, name: shop-back_net}}
"""
SETTINGS = """\
projects:
  back: {files: [back/compose.yaml]}
  front: {directory: front}
environments:
  dev: {}
  production: {projects: {front: {profiles: [more]}}}
"""
OPTIONS = ("--project", "back=back/compose.yaml", "--project", "front=front")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two projects, in which the command runs."""
    for name in [name for name in os.environ if name.startswith(("COMPOSE_", "MOORING_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    files = {"back/compose.yaml": BACK, "back/.env": "PASSWORD=s3cr3t-Pa55\n"}
    return stacks.write(tmp_path, {**files, "front/compose.yaml": FRONT})


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = entry.run(list(arguments))
    return (status, *capsys.readouterr())


def test_the_command_line_names_projects(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = _run(capsys, "explain", *OPTIONS, "--format", "json")
    explained = json.loads(out)
    assert status == statuses.FINE
    assert explained["project"] == "shop"
    assert explained["counts"]["unaccounted"] == 0
    assert [(one["name"], one["project"]) for one in explained["services"]] == [
        ("db", "back"),
        ("web", "front"),
    ]


def test_an_explanation_tells_the_project_of_a_service(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = _run(capsys, "explain", "web", *OPTIONS)
    assert "  project       front\n" in out
    _, out, _ = _run(capsys, "explain", *OPTIONS)
    assert "web  front/compose.yaml:3, project front\n" in out


def test_mooring_yaml_names_projects(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mooring.yaml").write_text(SETTINGS)
    status, out, _ = _run(capsys, "convert", "--format", "json")
    made = json.loads(out)
    assert status == statuses.FINE
    namespaces = [one["namespace"] for one in made["environments"]]
    assert namespaces == ["shop-dev", "shop-staging", "shop-production"]
    base = folder / "deploy" / "base"
    assert {"db", "web"} <= {one.name for one in base.iterdir()}


def test_an_environment_without_a_project_keeps_the_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mooring.yaml").write_text(SETTINGS.replace("{profiles: [more]}", "none"))
    _, out, _ = _run(capsys, "convert", "--format", "json")
    namespaces = [one["namespace"] for one in json.loads(out)["environments"]]
    assert namespaces == ["shop-dev", "shop-staging", "shop-production"]
    assert "web" not in (folder / "deploy/environments/production/kustomization.yaml").read_text()


def test_a_command_below_finds_the_settings_above(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mooring.yaml").write_text(SETTINGS)
    (folder / "docs").mkdir()
    monkeypatch.chdir(folder / "docs")
    monkeypatch.setenv("PWD", str(folder / "docs"))
    status, out, _ = _run(capsys, "explain", "--format", "json")
    assert status == statuses.FINE
    assert json.loads(out)["services"][0]["position"]["file"] == "../back/compose.yaml"


def test_files_on_the_command_line_are_one_project(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "mooring.yaml").write_text(SETTINGS)
    _, out, _ = _run(capsys, "config", "-f", "front/compose.yaml", "--format", "json")
    assert json.loads(out)["name"] == "shop-front"


def test_config_prints_each_project(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = _run(capsys, "config", *OPTIONS, "--format", "json")
    assert status == statuses.FINE
    assert {name: one["name"] for name, one in json.loads(out).items()} == {
        "back": "shop-back",
        "front": "shop-front",
    }
    _, out, _ = _run(capsys, "config", *OPTIONS)
    assert out.startswith("---\n# back\nname: shop-back\n")
    assert "---\n# front\nname: shop-front\n" in out


def test_the_name_is_the_one_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "explain", *OPTIONS, "-p", "mine", "--format", "json")
    assert json.loads(out)["project"] == "mine"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ("-f", "back/compose.yaml"), "--file and --project exclude each other", id="files"
        ),
        pytest.param(
            ("--project-directory", "back"),
            "--project-directory and --project exclude each other",
            id="a-folder",
        ),
    ],
)
def test_options_for_a_single_project(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    status, _, err = _run(capsys, "explain", *OPTIONS, *arguments)
    assert status == statuses.USAGE
    assert message in err


def test_the_faults_of_all_projects_are_told_at_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("back", "front"):
        (folder / name / "compose.yaml").write_text("services: {a: {imag: x}}\n")
    status, _, err = _run(capsys, "convert", *OPTIONS)
    assert status == statuses.USAGE
    assert "back/compose.yaml:1:" in err
    assert "front/compose.yaml:1:" in err
