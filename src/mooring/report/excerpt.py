"""
The line of the user's file that an error is about, with a caret below the place.

An excerpt must never bring a secret into a log: a line that may hold one is not shown, and no
line of an env file, whose every line is a value.  The caller shows excerpts on a terminal only.
"""

import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeAlias

from mooring.patterns import LazyPattern
from mooring.report import printable
from mooring.sources import Position
from mooring.translate import secrecy

LinesOf: TypeAlias = Callable[[str], Sequence[str] | None]
"""Returns the lines of the file that a position names, or None where it cannot be read."""

_WIDTH = 96
_WORD = LazyPattern(r"[\w.-]+")
_COMPOSE_ENDINGS = (".yaml", ".yml", ".json")


def excerpt(position: Position, lines_of: LinesOf) -> str | None:
    """
    Return the line at ``position``, numbered, and a caret below its column.

    None where there is no line, the file cannot be read, or the line may hold a secret.
    """
    if position.line == 0 or not position.file.lower().endswith(_COMPOSE_ENDINGS):
        return None
    lines = lines_of(position.file)
    if lines is None or position.line > len(lines):
        return None
    line = lines[position.line - 1].rstrip("\r\n")
    if not line.strip() or _may_hold_secret(line):
        return None
    start, column = _window(line, position.column)
    shown = line[start : start + _WIDTH]
    number = str(position.line)
    caret = "".join(_blank(character) for character in shown[:column]) + "^"
    return f"{number} | {printable.one_line(shown)}\n{' ' * len(number)} | {caret}"


def _window(line: str, column: int) -> tuple[int, int]:
    """Return where the part of a long line begins that is shown, and the place within it."""
    place = min(max(column - 1, 0), len(line))
    if len(line) <= _WIDTH:
        return 0, place
    start = max(0, min(place - _WIDTH // 2, len(line) - _WIDTH))
    return start, place - start


def _blank(character: str) -> str:
    """Return blanks as wide as ``character`` is on a terminal; a tab stays a tab."""
    if character == "\t":
        return "\t"
    if unicodedata.combining(character):
        return ""
    if unicodedata.east_asian_width(character) in "WF":
        return "  "
    return " " * len(printable.one_line(character))


def _may_hold_secret(line: str) -> bool:
    return secrecy.is_secret_content(line) or any(
        secrecy.is_secret_name(word) or secrecy.is_secret_content(word)
        for word in _WORD.findall(line)
    )
