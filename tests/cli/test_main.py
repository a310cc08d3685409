"""One place turns whatever happens into an exit status and a few lines of text."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mooring.cli import main as entry
from mooring.cli import statuses
from mooring.compose.project import Loaded
from mooring.errors import (
    ClusterError,
    IncompleteKnowledge,
    InputError,
    InputErrors,
    OutputError,
    UsageError,
)
from mooring.pipeline import Request
from mooring.sources import Position

SOURCE = Path(__file__).parents[2] / "src"


class Failing:
    """Stages that raise what they are given."""

    def __init__(self, error: BaseException) -> None:
        self._error = error

    def load_each(self, request: Request) -> dict[str, Loaded]:
        raise self._error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(InputError("bad"), 2, id="a-fault-of-the-input-is-2"),
        pytest.param(InputErrors([InputError("bad")]), 2, id="faults-of-the-input-are-2"),
        pytest.param(UsageError("bad"), 2, id="a-fault-of-usage-is-2"),
        pytest.param(OutputError("bad"), 2, id="a-place-that-is-not-ours-is-2"),
        pytest.param(ClusterError("bad"), 3, id="an-unreachable-cluster-is-3"),
        pytest.param(IncompleteKnowledge("bad"), 4, id="incomplete-knowledge-is-4"),
        pytest.param(KeyError("bad"), 70, id="a-bug-is-70"),
        pytest.param(MemoryError(), 70, id="too-little-memory-is-70"),
        pytest.param(RecursionError(), 70, id="too-deep-recursion-is-70"),
        pytest.param(KeyboardInterrupt(), 130, id="an-interrupt-is-130"),
        pytest.param(BrokenPipeError(), 141, id="a-reader-that-left-is-141"),
    ],
)
def test_status_of_an_error(error: BaseException, status: int) -> None:
    assert entry.run(["config"], Failing(error)) == status
    assert status in statuses.MEANINGS


def test_all_input_errors_are_told_with_place_and_remedy(
    capsys: pytest.CaptureFixture[str],
) -> None:
    faults = [
        InputError("two", position=Position("compose.yaml", 9, 1)),
        InputError("one", position=Position("compose.yaml", 2, 3), remedy="do this"),
    ]
    entry.run(["config"], Failing(InputErrors(faults)))
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "error: compose.yaml:2:3: one\n  help: do this\nerror: compose.yaml:9:1: two\n2 errors\n"
    )


def test_a_bug_is_told_without_traceback_and_without_values(
    capsys: pytest.CaptureFixture[str],
) -> None:
    entry.run(["config"], Failing(KeyError("hunter2")))
    err = capsys.readouterr().err
    assert err.startswith("error: a bug of mooring, not of your files: KeyError")
    assert "--debug" in err
    assert "Traceback" not in err
    assert "hunter2" not in err


def test_debug_shows_the_traceback_of_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["--debug", "config"], Failing(KeyError("hunter2"))) == statuses.BUG
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "hunter2" in err


def test_a_broken_pipe_is_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    entry.run(["config"], Failing(BrokenPipeError()))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["confgi"],
            "error: no such command: confgi\n  help: did you mean config?\n",
            id="an-unknown-command-that-looks-like-one",
        ),
        pytest.param(
            ["deploy-all"],
            "error: no such command: deploy-all\n  help: mooring --help lists what there is\n",
            id="an-unknown-command-that-looks-like-none",
        ),
        pytest.param(
            ["config", "--fromat", "json"],
            "error: no such option '--fromat'\n  help: did you mean --format?\n",
            id="an-unknown-option",
        ),
        pytest.param(
            ["--fiel", "x", "config"],
            "error: no such option '--fiel'\n  help: did you mean --file?\n",
            id="an-unknown-option-before-the-command",
        ),
        pytest.param(
            ["config", "--format", "xml"],
            "error: invalid value for '--format': 'xml' is not one of 'yaml', 'json'\n"
            "  help: mooring config --help lists what there is\n",
            id="a-format-that-does-not-exist",
        ),
        pytest.param(
            ["config", "-f"],
            "error: option '-f' requires an argument\n  help: mooring --help lists what there is\n",
            id="an-option-without-its-value",
        ),
    ],
)
def test_a_fault_of_usage_names_what_was_meant(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert entry.run(arguments) == statuses.USAGE
    assert capsys.readouterr() == ("", message)


def test_no_command_shows_the_help_page_as_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run([]) == statuses.USAGE
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("Usage: mooring")


def test_help_is_a_result(capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(["--help"]) == statuses.FINE
    out, err = capsys.readouterr()
    assert "Commands:" in out
    assert err == ""


@pytest.mark.parametrize(
    "arguments", [["--version"], ["-V"], ["-q", "--version"]], ids=["long", "short", "with-others"]
)
def test_version(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.run(arguments) == statuses.FINE
    assert capsys.readouterr() == (f"{entry.version()}\n", "")


def test_a_full_disk_is_an_error_of_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full(io.StringIO):
        def flush(self) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(sys, "stdout", Full())
    assert entry.run(["--version"]) == statuses.USAGE
    assert capsys.readouterr().err == "error: cannot write the output: No space left on device\n"


def _mooring(arguments: list[str], **options: object) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "LC_ALL": "C", "PYTHONUTF8": "0"}
    return subprocess.run(
        [sys.executable, "-m", "mooring", *arguments],
        capture_output=True,
        encoding="utf-8",
        env=environment,
        timeout=60,
        check=False,
        **options,  # type: ignore[call-overload]
    )


def test_the_process_ends_with_the_status_and_writes_utf8_in_any_locale(tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text("services:\n  wéb: {image: a}\n", encoding="utf-8")
    done = _mooring(["-f", str(tmp_path / "compose.yaml"), "config"])
    assert done.returncode == statuses.USAGE
    assert "wéb" in done.stderr


def test_a_reader_that_leaves_is_no_fault() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "mooring", "--help"],
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            stdout=closed,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (statuses.BROKEN_PIPE, b"")


def test_closed_streams_are_no_bug() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "{sys.executable}" -m mooring nothing >&- 2>&-'],
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
        timeout=60,
        check=False,
    )
    assert done.returncode == statuses.USAGE
