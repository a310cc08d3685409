"""What shells are offered when a key asks for the rest of a command line."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli import called

COFFEE = Path(__file__).parents[2] / "examples" / "coffee"
BIN = Path(sys.executable).parent


def _run(*words: str, at: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        [*words],
        cwd=at,
        env={**os.environ, "PATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def _offered(line: str, at: Path) -> list[str]:
    """Return what bash is offered for the last word of ``line``, which may be empty."""
    count = len(line.split(" ")) - 1
    asked = {
        "COMP_WORDS": line,
        "COMP_CWORD": str(count),
        "_MOORING_COMPLETE": "bash_complete",
    }
    done = called.mooring(at=at, environment=asked)
    assert not done.stderr
    return [one.partition(",")[2] for one in done.stdout.splitlines()]


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        pytest.param("mooring expl", ["explain"], id="commands"),
        pytest.param("mooring check --basel", ["--baseline"], id="options"),
        pytest.param("mooring check --level st", ["strict"], id="choices"),
        pytest.param("mooring check --format sar", ["sarif"], id="formats"),
        pytest.param("mooring check --to juni", ["junit="], id="forms-of-reports"),
        pytest.param("mooring check --select host-unk", ["host-unknown"], id="rules"),
        pytest.param(
            "mooring check --ignore secrets,host-unk",
            ["secrets,host-unknown"],
            id="the-last-of-several-rules",
        ),
        pytest.param("mooring check --ignore secrets,secre", [], id="nothing-twice-is-no-file"),
        pytest.param("mooring check --select network-p", ["network-policy"], id="groups"),
        pytest.param("mooring explain order_", ["order_worker"], id="services"),
        pytest.param("mooring explain budget-blo", ["budget-blocks-drain"], id="pages-of-rules"),
        pytest.param("mooring explain -e prod", ["production"], id="environments"),
        pytest.param("mooring -e prod", ["production"], id="before-the-command"),
        pytest.param("mooring completion f", ["fish"], id="shells"),
    ],
)
def test_what_is_offered(line: str, offered: list[str]) -> None:
    found = _offered(line, COFFEE)
    if offered:
        assert found == offered
    else:
        assert "secrets,secrets" not in found


def test_where_there_is_no_project_rules_are_offered_all_the_same(tmp_path: Path) -> None:
    assert _offered("mooring explain host-unk", tmp_path) == ["host-unknown"]


def test_a_broken_project_offers_nothing_and_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services: [")
    assert _offered("mooring explain webhook-serv", tmp_path) == ["webhook-service-missing"]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_takes_its_script(shell: str, tmp_path: Path) -> None:
    script = _run("mooring", "completion", shell, at=tmp_path)
    assert script.returncode == 0
    assert "_MOORING_COMPLETE" in script.stdout
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    (tmp_path / "script").write_text(script.stdout)
    done = _run(shell, "-n", "script", at=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not here")
def test_bash_completes_with_the_function_of_the_script(tmp_path: Path) -> None:
    program = """
        eval "$(mooring completion bash)"
        complete -p mooring
        COMP_WORDS=(mooring check --select host-unk) COMP_CWORD=3
        _mooring_completion mooring
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    done = _run("bash", "-c", program, at=tmp_path)
    assert done.stdout.splitlines()[-1] == "host-unknown"
    assert "_mooring_completion mooring" in done.stdout


def test_without_a_shell_that_of_the_user_is_meant(tmp_path: Path) -> None:
    done = _run("mooring", "completion", at=tmp_path, SHELL="/usr/bin/fish")
    assert done.stdout.startswith("function _mooring_completion")
    unknown = _run("mooring", "completion", "tcsh", at=tmp_path)
    assert unknown.returncode == 2
    assert "name one of bash, zsh, fish" in unknown.stderr
