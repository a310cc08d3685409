"""`config`, `explain` and `convert` on a small stack, as a user runs them."""

import json
import os
from pathlib import Path

import pytest

from mooring import pipeline
from mooring.cli import convert, statuses
from mooring.cli import main as entry

COMPOSE = """\
name: shop
services:
  web:
    image: nginx:1.25
    ports: ["8080:80"]
    depends_on: [db]
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: postgres
    volumes: ["data:/var/lib/postgresql/data"]
    ulimits: {nofile: 1024}
  debug:
    image: busybox
    profiles: [debug]
volumes:
  data: {}
"""


@pytest.fixture
def stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a compose file, in which the command runs."""
    for name in [name for name in os.environ if name.startswith(("COMPOSE_", "MOORING_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PWD", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "compose.yaml").write_text(COMPOSE, encoding="utf-8")
    return tmp_path


def _run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = entry.run(list(arguments))
    return (status, *capsys.readouterr())


def test_config_prints_the_loaded_project(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = _run(capsys, "config", "--format", "json")
    assert (status, err) == (statuses.FINE, "")
    project = json.loads(out)
    assert project["name"] == "shop"
    assert sorted(project["services"]) == ["db", "web"]
    assert project["services"]["web"]["ports"][0]["target"] == 80


def test_config_prints_yaml_by_default(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = _run(capsys, "config")
    assert status == statuses.FINE
    assert out.splitlines()[0] == "name: shop"


def test_a_profile_brings_its_services(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "--profile", "debug", "config", "--format", "json")
    assert "debug" in json.loads(out)["services"]


def test_explain_accounts_for_every_value(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = _run(capsys, "explain", "--format", "json")
    explained = json.loads(out)
    assert status == statuses.FINE
    assert explained["environment"] == "production"
    assert explained["counts"]["unaccounted"] == 0
    assert [service["name"] for service in explained["services"]] == ["web", "db"]
    assert all(service["becomes"] for service in explained["services"])
    assert explained["inactive"] == ["debug"]
    assert not list(stack.glob("deploy*"))


def test_explain_tells_of_losses_and_questions_in_text(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = _run(capsys, "explain", "db")
    assert out.startswith("shop in production (namespace shop-production)\n")
    assert "dropped" in out
    assert "1 open question" in out
    assert "POSTGRES_PASSWORD" in out
    assert "\nweb" not in out


def test_strict_counts_losses(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(capsys, "explain", "--strict")[0] == statuses.FINDINGS
    assert _run(capsys, "convert", "--strict")[0] == statuses.FINDINGS


@pytest.mark.parametrize(
    ("service", "message"),
    [
        pytest.param("wbe", 'did you mean "web"?', id="a-slip"),
        pytest.param("nothing-alike", "the services are web, db", id="something-else"),
        pytest.param("debug", "switch its profile on with --profile", id="an-inactive-one"),
    ],
)
def test_explain_of_a_service_that_is_not_there(
    service: str, message: str, stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = _run(capsys, "explain", service)
    assert (status, out) == (statuses.USAGE, "")
    assert message in err


def test_convert_writes_a_tree_for_each_environment(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, _ = _run(capsys, "convert")
    assert status == statuses.FINE
    assert out.startswith("deploy: ")
    environments = sorted(path.name for path in (stack / "deploy" / "environments").iterdir())
    assert environments == ["dev", "production", "staging"]
    assert (stack / "mooring.lock").is_file()
    assert "postgres" not in (stack / "mooring.lock").read_text(encoding="utf-8").split("db")[0]


def test_a_second_conversion_changes_nothing(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(capsys, "convert")
    _, out, _ = _run(capsys, "convert", "--format", "json")
    again = json.loads(out)
    assert (again["written"], again["removed"]) == ([], [])
    assert again["unchanged"] > 0


def test_an_edited_file_is_never_overwritten_silently(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _run(capsys, "convert")
    edited = stack / "deploy" / "base" / "web" / "deployment.yaml"
    edited.write_text(edited.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    (stack / "compose.yaml").write_text(COMPOSE.replace("nginx:1.25", "nginx:1.27"))
    status, out, err = _run(capsys, "convert")
    assert (status, out) == (statuses.USAGE, "")
    assert "base/web/deployment.yaml" in err
    assert edited.read_text(encoding="utf-8").endswith("# mine\n")
    assert _run(capsys, "convert", "--force")[0] == statuses.FINE
    assert not edited.read_text(encoding="utf-8").endswith("# mine\n")


def test_two_outputs_do_not_fight_over_one_lock(
    stack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for output in ("one", "two", "one"):
        assert _run(capsys, "convert", "--to", "plain", "-o", output)[0] == statuses.FINE
    assert (stack / "one" / "mooring.lock").is_file()


def test_one_environment_alone(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = _run(capsys, "-e", "dev", "convert", "--format", "json")
    assert [each["name"] for each in json.loads(out)["environments"]] == ["dev"]


def test_an_environment_that_is_not_there(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = _run(capsys, "explain", "-e", "prodution")
    assert status == statuses.USAGE
    assert "production" in err


def test_no_secret_reaches_the_terminal(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (stack / "compose.yaml").write_text(COMPOSE.replace(": postgres\n", ": s3cr3t-Pa55w0rd\n"))
    for arguments in (["explain"], ["explain", "--format", "json"], ["convert"]):
        _, out, err = _run(capsys, *arguments)
        assert "s3cr3t-Pa55w0rd" not in out + err


def test_no_compose_file(stack: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (stack / "compose.yaml").unlink()
    status, out, err = _run(capsys, "config")
    assert (status, out) == (statuses.USAGE, "")
    assert err.startswith("error: ")
    assert "help: " in err


def test_the_forms_of_convert_are_those_of_the_pipeline() -> None:
    assert convert.FORMS == pipeline.FORMATS
