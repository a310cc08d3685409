"""
Standard streams: who is reading, and what they can show.

Colour goes to a terminal only, unless NO_COLOR (https://no-color.org), `--no-color` or a dumb
terminal says no.  Excerpts of the user's files go to a terminal only, too: logs are kept.
"""

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import TextIO

from mooring.errors import OutputError
from mooring.report.palette import Palette

_EXCERPT_LIMIT = 16 * 1024 * 1024  # bytes; a larger file is not worth reading twice


def is_terminal(stream: TextIO | None) -> bool:
    """Tell whether a person is reading ``stream``; a closed one has no reader."""
    return stream is not None and not stream.closed and stream.isatty()


def palette(stream: TextIO | None, arguments: Sequence[str] = ()) -> Palette:
    """Return the palette for ``stream``, where ``arguments`` are the whole command line."""
    return Palette(
        coloured=is_terminal(stream)
        and "--no-color" not in arguments
        and not os.environ.get("NO_COLOR")
        and os.environ.get("TERM") != "dumb"
    )


def print_result(text: str) -> None:
    """
    Write a command's result to standard output, ended by a line break.

    Raises:
        OutputError: the output cannot be written, as on a full disk.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text if text.endswith("\n") else f"{text}\n")
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"cannot write the output: {error.strerror}") from error


def say(text: str) -> None:
    """Write progress or a finding to the error stream, which nobody may be reading."""
    if text and sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(f"{text}\n")


def lines_of(stream: TextIO | None) -> Callable[[str], Sequence[str] | None] | None:
    """Return what reads the user's files for excerpts, or None where nobody should see them."""
    if not is_terminal(stream):
        return None
    read: dict[str, list[str] | None] = {}

    def lines(file: str) -> list[str] | None:
        if file not in read:
            read[file] = _read(file)
        return read[file]

    return lines


def _read(file: str) -> list[str] | None:
    try:
        if not os.path.isfile(file) or os.path.getsize(file) > _EXCERPT_LIMIT:
            return None
        with open(file, encoding="utf-8-sig", errors="replace", newline="") as opened:
            return opened.read().split("\n")
    except OSError:
        return None
