"""
`mooring` called in the tests' own process.

To start an interpreter and to load what a command needs takes longer than most commands do.  What
is lost is little and has its tests in `test_main.py`: how the process begins and ends.
"""

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mooring.cli import main


@dataclass(frozen=True, slots=True)
class Called:
    """What a call left: its exit status, and what it wrote to its two streams."""

    returncode: int
    stdout: str
    stderr: str


def mooring(
    *arguments: str, at: Path, stdin: str = "", environment: Mapping[str, str] | None = None
) -> Called:
    """Call the command line ``arguments`` in the folder ``at``, ``environment`` added to ours."""
    out, err = _stream(), _stream()
    with (
        contextlib.chdir(at),
        _surroundings({"PWD": str(at), **(environment or {})}, _stream(stdin)),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            status = main.run([*arguments])
        except SystemExit as end:  # what answers a shell's completion ends the process by itself
            status = int(end.code or 0)
    return Called(status, _written(out), _written(err))


@contextlib.contextmanager
def _surroundings(environment: Mapping[str, str], stdin: io.TextIOWrapper) -> Iterator[None]:
    variables, stream = dict(os.environ), sys.stdin
    os.environ |= environment
    sys.stdin = stdin
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= variables
        sys.stdin = stream


def _stream(text: str = "") -> io.TextIOWrapper:
    """Return a stream like those that `main.main` leaves to a command."""
    return io.TextIOWrapper(
        io.BytesIO(text.encode()), encoding="utf-8", errors="backslashreplace", newline=""
    )


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    written: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return written.decode()
