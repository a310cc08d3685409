"""What the options and the place ask to load."""

import io
import os
import sys
from pathlib import Path

import pytest

from mooring.cli.invocation import Invocation


def test_the_shell_names_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    monkeypatch.chdir(tmp_path / "real")
    for named, directory in (
        (tmp_path / "link", tmp_path / "link"),
        (tmp_path, tmp_path / "real"),
        (tmp_path / "missing", tmp_path / "real"),
    ):
        monkeypatch.setenv("PWD", str(named))
        assert Invocation([]).request().directory == os.fspath(directory)


@pytest.mark.parametrize(
    ("files", "compose_file", "read"),
    [
        pytest.param(("-",), None, b"x", id="a-dash-is-standard-input"),
        pytest.param((), "a.yaml:-", b"x", id="in-COMPOSE_FILE-too"),
        pytest.param(("a.yaml",), "-", None, id="the-command-line-wins"),
        pytest.param((), None, None, id="otherwise-it-is-left-alone"),
    ],
)
def test_standard_input(
    files: tuple[str, ...],
    compose_file: str | None,
    read: bytes | None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x")))
    monkeypatch.delenv("COMPOSE_PATH_SEPARATOR", raising=False)
    monkeypatch.setenv("COMPOSE_FILE", compose_file or "")
    invocation = Invocation([])
    invocation.files = files
    assert invocation.request().stdin == read
