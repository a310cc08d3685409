"""
What go-yaml, which Docker Compose reads with, takes and libyaml refuses.

Three such things stand in real files: an escaped single quote in double quotes, dots and slashes in
the names of anchors, a comment indented with a tab below another comment.  Where libyaml
stops at one of them, that one place is rewritten to mean the same in libyaml's dialect and the
file is read again; nothing else of the text changes.  The rest of the differences were looked for
by comparing both readers on mutated files, and are faults that a user should repair.

Source: go-yaml 4.0.0-rc.4 (internal/libyaml/scanner.go).
"""

import re

from mooring.compose.libyaml import MarkedYAMLError, YAMLError

_ANCHOR = re.compile(r"&([!-+./0-9;-Z\\^-z|~-]+)(?=[\s,\]}]|$)")
_ALIAS = re.compile(r"\*([!-+./0-9;-Z\\^-z|~-]+)(?=[\s,\]}]|$)")

_MAX_BYTES_READ_AGAIN = 20_000_000


class Dialect:
    """The rewriting of one file."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._bytes_left = _MAX_BYTES_READ_AGAIN

    def rewritten(self, content: bytes, error: YAMLError) -> bytes | None:
        """Return ``content`` without the cause of ``error``, or None where that is a fault."""
        self._bytes_left -= len(content)
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        if mark is None or not isinstance(error, MarkedYAMLError) or self._bytes_left < 0:
            return None
        lines = content.decode(errors="surrogateescape").splitlines(keepends=True)
        if mark.line >= len(lines):
            return None
        start = mark if error.context_mark is None else error.context_mark
        # A byte order mark does not count as a column.
        shift = 1 if mark.line == 0 and lines[0].startswith("\ufeff") else 0
        line = self._line(
            error.problem or "",
            lines[mark.line],
            mark.column + shift,
            start.column + shift,
            follows_comment=mark.line > 0 and lines[mark.line - 1].lstrip(" \t").startswith("#"),
        )
        if line is None:
            return None
        lines[mark.line] = line
        return "".join(lines).encode(errors="surrogateescape")

    def _line(
        self, problem: str, line: str, column: int, start_column: int, *, follows_comment: bool
    ) -> str | None:
        if problem == "found unknown escape character" and line.startswith("\\'", column):
            return line[:column] + line[column + 1 :]
        if problem == "found character that cannot start any token" and follows_comment:
            rest = line.lstrip(" \t")
            if rest.startswith("#"):
                return " " * (len(line) - len(rest)) + rest
        if problem == "did not find expected alphabetic or numeric character":
            anchor = _ANCHOR.match(line, start_column)
            if anchor is not None:
                name = self._names.setdefault(anchor[1], f"mooring-anchor-{len(self._names)}")
                return f"{line[:start_column]}&{name}{line[anchor.end() :]}"
            alias = _ALIAS.match(line, start_column)
            if alias is not None and alias[1] in self._names:
                return f"{line[:start_column]}*{self._names[alias[1]]}{line[alias.end() :]}"
        return None
