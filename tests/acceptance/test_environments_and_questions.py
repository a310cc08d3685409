"""
Synmetrix and CPTM8 as their owners have them: all files of the repository beside one another.

Environments come from the names of the files, what is open is one short list with the services it
concerns, and a second conversion changes nothing and spares what was edited.  Statements 1 and 9 of
the acceptance list of Synmetrix, 1, 4 and 24 of that of CPTM8.
"""

import json
import os
import shutil
from pathlib import Path

import pytest
from tests.integration import stacks

from mooring import pipeline
from mooring.cli import main as entry
from mooring.cli import statuses
from mooring.compose.discovery import LoadRequest
from mooring.report import explanation, overview

pytestmark = pytest.mark.corpus


def _together(target: Path, *folders: str) -> Path:
    """Return ``target`` with the content of all ``folders`` of the corpus, as a repository."""
    if not stacks.CORPUS.is_dir():
        pytest.skip("the corpus of real stacks is not beside the clone")
    for folder in folders:
        shutil.copytree(stacks.CORPUS / folder, target, dirs_exist_ok=True)
    for path in (target, *target.rglob("*")):
        path.chmod(path.stat().st_mode | 0o600)
    return target


@pytest.fixture
def synmetrix(tmp_path: Path) -> Path:
    """The folder of Synmetrix: four whole files, one each for dev, stage, test and all-in-one."""
    names = ("dev", "stage", "test", "stack")
    folders = (f"synmetrix/root__docker-compose.{name}" for name in names)
    return _together(tmp_path / "synmetrix", *folders)


@pytest.fixture
def cptm8(tmp_path: Path) -> Path:
    """The folder of CPTM8: a backend and a frontend, each a whole project."""
    folders = (f"cptm8/root__docker-compose-{name}" for name in ("backend", "frontend"))
    return _together(tmp_path / "cptm8", *folders)


def _made(folder: Path) -> dict[str, pipeline.EnvironmentResult]:
    load = LoadRequest(directory=str(folder), environment={"HOME": str(folder)})
    found = pipeline.stack(pipeline.Request(load=load)).environments
    return {one.environment.name: one for one in found}


def _run(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str, str]:
    for name in [name for name in os.environ if name.startswith(("COMPOSE_", "MOORING_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PWD", str(folder))
    capsys.readouterr()
    status = entry.run(list(words))
    return (status, *capsys.readouterr())


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize(
    ("environment", "file", "services"),
    [
        pytest.param("dev", "docker-compose.dev.yml", 12, id="development"),
        pytest.param("test", "docker-compose.test.yml", 11, id="tests"),
        pytest.param("staging", "docker-compose.stage.yml", 10, id="staging"),
        pytest.param("production", "docker-compose.stage.yml", 10, id="production-as-staging"),
    ],
)
def test_synmetrix_each_environment_reads_its_file(
    synmetrix: Path, environment: str, file: str, services: int
) -> None:
    made = _made(synmetrix)[environment]
    assert [Path(path).name for path in made.environment.files] == [file]
    explained = explanation.explain_last([made])
    assert len(explained.services) == services
    assert explained.counts.unaccounted == 0
    for part in explained.services:
        assert part.becomes or part.decisions, part.name


def test_synmetrix_fixtures_of_tests_are_in_tests_alone(synmetrix: Path) -> None:
    made = _made(synmetrix)
    holding = [name for name, one in made.items() if "postgres_test" in one.project.services]
    assert holding == ["test"]


def test_synmetrix_production_says_whose_file_it_reads(synmetrix: Path) -> None:
    decisions = _made(synmetrix)["production"].translation.decisions
    (decision,) = (one for one in decisions if one.topic == "files")
    assert decision.choice == "production reads docker-compose.stage.yml"
    assert "no file of its own" in decision.evidence[0].statement


def test_synmetrix_the_file_of_no_environment_is_named(
    synmetrix: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = _run(synmetrix, monkeypatch, capsys, "init", "--stdout")
    assert "# No environment reads docker-compose.stack.yml." in out


def test_synmetrix_what_is_unset_is_one_list(synmetrix: Path) -> None:
    text = overview.text(explanation.explain_last([_made(synmetrix)["production"]]))
    heading, _, listed = text.partition(" variables are not set and count as empty; in .env:\n")
    names = {
        line.split("=")[0].strip()
        for line in listed.partition("\n  2. ")[0].splitlines()
        if "=<value>" in line
    }
    assert int(heading.rpartition(" ")[2]) == len(names)
    assert {"DOMAIN", "REGISTRY_HOST"} <= names
    assert len([name for name in names if name.startswith("SECRETS_")]) == 15


def test_synmetrix_what_is_open_stops_production_and_not_development(
    synmetrix: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("check", "--format", "json", "--select", "open-question", "-e")
    for environment, severity in (("production", "error"), ("dev", "info")):
        status, out, _ = _run(synmetrix, monkeypatch, capsys, *asked, environment, "--level", "all")
        found = json.loads(out)["findings"]
        assert {one["severity"] for one in found} == {severity}
        if severity == "error":
            assert status == statuses.FINDINGS
            assert any("variables.DOMAIN" in one["message"] for one in found)


def _variables(made: pipeline.EnvironmentResult) -> dict[str, str]:
    prefix = "variables."
    return {
        one.subject.removeprefix(prefix): one.question
        for one in made.translation.questions
        if one.subject.startswith(prefix)
    }


def _joined(folder: Path, *, only: str = "production") -> pipeline.EnvironmentResult:
    load = LoadRequest(directory=str(folder), environment={"HOME": str(folder)})
    request, _ = pipeline.proposed(pipeline.Request(load=load, only=only))
    return pipeline.stack(request).environments[-1]


def test_cptm8_is_proposed_as_two_projects_of_one_application(cptm8: Path) -> None:
    made = _joined(cptm8)
    assert [one.name for one in made.environment.projects] == ["backend", "frontend"]
    assert len(made.project.services) == 18


def test_cptm8_every_unset_variable_is_named_with_its_users(cptm8: Path) -> None:
    asked = _variables(_joined(cptm8))
    assert len(asked) == 29
    assert asked["COMPANY_NAME"] == "it is not set and counts as empty in reportingm8"
    assert asked["NEXT_DASHBOARD_URL"].endswith("in socketm8, dashboardm8")


@pytest.mark.parametrize(
    ("name", "former"),
    [
        pytest.param("POSTGRESQL_DB", "POSTGRESQL_POSTGRES_DB", id="a-word-was-left-out"),
        pytest.param(
            "NEXT_PUBLIC_SOCKET_URL", "NEXT_PUBLIC_SOCKET_SERVER", id="another-word-was-chosen"
        ),
        pytest.param("RABBITMQ_HOSTNAME", None, id="and-one-that-never-was-there"),
    ],
)
def test_cptm8_renamed_variables_are_suspected(cptm8: Path, name: str, former: str | None) -> None:
    question = _variables(_joined(cptm8))[name]
    if former is None:
        assert "renamed" not in question
    else:
        assert f".env sets {former}, which nothing uses: was it renamed?" in question


def test_cptm8_an_empty_alias_is_no_name(cptm8: Path) -> None:
    names = [one.metadata.name for one in _joined(cptm8).objects if one.kind == "Service"]
    assert names
    assert all(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("system", ["synmetrix", "cptm8"])
def test_the_road_of_a_newcomer(
    system: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder: Path = request.getfixturevalue(system)
    assert _run(folder, monkeypatch, capsys, "init")[0] == statuses.FINE
    status, out, _ = _run(folder, monkeypatch, capsys, "explain")
    assert status == statuses.FINE
    # A document, not a printout: some lines for each service, and a page or two beside.
    services = sum(1 for line in out.splitlines() if ".yml:" in line and line[:1] not in {" ", ""})
    assert len(out.splitlines()) < 10 * services + 150
    assert _run(folder, monkeypatch, capsys, "convert")[0] == statuses.FINE
    first = _tree(folder / "deploy")
    assert _run(folder, monkeypatch, capsys, "convert")[0] == statuses.FINE
    assert _tree(folder / "deploy") == first


def test_cptm8_edits_of_the_user_survive(
    cptm8: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _run(cptm8, monkeypatch, capsys, "init")[0] == statuses.FINE
    assert _run(cptm8, monkeypatch, capsys, "convert")[0] == statuses.FINE
    patches = cptm8 / "deploy" / "environments" / "production" / "patches"
    own = patches / "more-memory.yaml"
    own.write_text("# mine\n", encoding="utf-8")
    listed = patches / "kustomization.yaml"
    listed.write_text(listed.read_text(encoding="utf-8") + "# mine too\n", encoding="utf-8")
    generated = cptm8 / "deploy" / "base" / "asmm8" / "deployment.yaml"
    edited = generated.read_text(encoding="utf-8") + "# edited\n"
    generated.write_text(edited, encoding="utf-8")
    compose = cptm8 / "docker-compose-backend.yml"
    compose.write_text(
        compose.read_text(encoding="utf-8").replace("8000:8000", "8100:8100"), encoding="utf-8"
    )
    status, _, err = _run(cptm8, monkeypatch, capsys, "convert")
    assert status == statuses.USAGE
    assert "base/asmm8/deployment.yaml" in err
    assert generated.read_text(encoding="utf-8") == edited
    assert own.read_text(encoding="utf-8") == "# mine\n"
    assert listed.read_text(encoding="utf-8").endswith("# mine too\n")
