"""`mooring init` writes a mooring.yaml, changes nothing by that, and overwrites nothing."""

import os
from pathlib import Path

import pytest
from tests.support.golden import CompareText

from mooring.cli import main as entry
from mooring.cli import statuses

COFFEE = Path(__file__).parents[2] / "examples" / "coffee"
GOLDEN = Path(__file__).parents[1] / "golden" / "coffee" / "mooring.yaml"

DEV = "services: {web: {image: nginx, command: watch}, mail: {image: 'axllent/mailpit:v1.20'}}\n"
STAGE = "services: {web: {image: '${REGISTRY}/web:1'}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a file for each of two environments, in which the command runs."""
    for name in [name for name in os.environ if name.startswith(("COMPOSE_", "MOORING_"))]:
        monkeypatch.delenv(name)
    here = tmp_path / "shop"
    here.mkdir()
    monkeypatch.setenv("PWD", str(here))
    monkeypatch.chdir(here)
    (here / "docker-compose.dev.yml").write_text(DEV)
    (here / "docker-compose.stage.yml").write_text(STAGE)
    return here


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = entry.run(list(arguments))
    return (status, *capsys.readouterr())


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_conversion_stays_what_it_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, "convert", "-o", "before")[0] == statuses.FINE
    status, out, _ = _run(capsys, "init")
    assert (status, out.splitlines()[0]) == (
        statuses.FINE,
        "mooring.yaml: dev, staging, production",
    )
    assert _run(capsys, "convert", "-o", "after")[0] == statuses.FINE
    before, after = _tree(folder / "before"), _tree(folder / "after")
    for tree in (before, after):
        del tree["mooring.lock"], tree["README.md"]  # they name the folder, and why
    assert after == before


def test_a_file_that_is_there_stays(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mooring.yaml").write_text("project: mine\n")
    status, out, err = _run(capsys, "init")
    assert (status, out) == (statuses.USAGE, "")
    assert "mooring.yaml is there already" in err
    assert (folder / "mooring.yaml").read_text() == "project: mine\n"


def test_force_keeps_a_copy_every_time(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number, copy in enumerate(("mooring.yaml.bak", "mooring.yaml.bak2")):
        (folder / "mooring.yaml").write_text(f"project: mine{number}\n")
        assert _run(capsys, "init", "--force")[0] == statuses.FINE
        assert (folder / copy).read_text() == f"project: mine{number}\n"
    assert "project: shop\n" in (folder / "mooring.yaml").read_text()


def test_the_file_may_be_looked_at_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mooring.yaml").write_text("project: mine\n")
    status, out, _ = _run(capsys, "init", "--stdout")
    assert status == statuses.FINE
    assert "project: shop\n" in out
    assert (folder / "mooring.yaml").read_text() == "project: mine\n"


def test_another_folder(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder.parent)
    monkeypatch.setenv("PWD", str(folder.parent))
    status, out, _ = _run(capsys, "init", "shop")
    assert (status, out.partition(":")[0]) == (statuses.FINE, "shop/mooring.yaml")
    assert "files: [docker-compose.dev.yml]" in (folder / "mooring.yaml").read_text()
    assert _run(capsys, "init", "nowhere")[0] == statuses.USAGE


def test_files_of_several_projects_are_written_down_as_such(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("dev", "stage"):
        (folder / f"docker-compose.{name}.yml").unlink()
    for name in ("backend", "frontend"):
        (folder / f"docker-compose-{name}.yml").write_text(
            f"name: {name}\nservices: {{{name}: {{image: 'nginx:1.27'}}}}\n"
        )
    assert _run(capsys, "convert")[0] == statuses.USAGE
    assert _run(capsys, "init")[0] == statuses.FINE
    assert (
        "  backend: {files: [docker-compose-backend.yml]}\n"
        in (folder / "mooring.yaml").read_text()
    )
    assert _run(capsys, "convert")[0] == statuses.FINE


def test_a_single_file_of_another_name_is_the_stack(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "docker-compose.dev.yml").unlink()
    (folder / "docker-compose.stage.yml").rename(folder / "docker-compose-app.yml")
    assert _run(capsys, "explain")[0] == statuses.USAGE
    assert _run(capsys, "init")[0] == statuses.FINE
    assert _run(capsys, "explain")[0] == statuses.FINE


def test_without_compose_files_nothing_is_written(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in folder.iterdir():
        path.unlink()
    status, _, err = _run(capsys, "init")
    assert status == statuses.USAGE
    assert "there is no compose file" in err
    assert list(folder.iterdir()) == []


def test_the_file_of_the_example(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    assert_golden: CompareText,
) -> None:
    monkeypatch.chdir(COFFEE)
    monkeypatch.setenv("PWD", str(COFFEE))
    _, out, _ = _run(capsys, "init", "--stdout")
    assert_golden(out, GOLDEN)
