"""
Env files: ``.env``, ``env_file`` and ``label_file`` in the dialect of Docker Compose.

The dialect is that of a parser more than of a specification, and people rely on its corners: a
comment needs a blank before its ``#``, ``KEY: value`` is an assignment, quoted values run over
lines, backslashes mean something in double quotes only, and the process's environment wins over the
file when a value refers to a variable.  So the parser's steps are followed one by one.

Sources: compose-go 2.16.2, dotenv/parser.go; for ``format: raw``, docker/cli 29.9, pkg/kvfile.
"""

import re
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose import template
from mooring.compose.interpolation import OnUnset
from mooring.compose.template import Lookup
from mooring.errors import InputError, InputErrors
from mooring.patterns import LazyPattern
from mooring.sources import Position

__all__ = ["EnvEntry", "Lookup", "parse"]

# Go's unicode.IsSpace; the parser's own notion of a blank lacks line breaks and the wide ones.
_SPACES = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(
    map(chr, range(0x2000, 0x200B))
)
_BLANKS = "\t\v\f\r \x85\xa0"

_EXPORT = "export"
_KEY_END = LazyPattern(r"[=:\n]")
_IN_PLAIN_KEY = f"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-[]{_BLANKS}"
_QUOTED = {
    quote: LazyPattern(rf"{quote}((?:[^{quote}\\]++|\\.)*+){quote}", re.DOTALL) for quote in "\"'"
}
_PAIR = LazyPattern(r"\\(.)", re.DOTALL)
_ESCAPE = LazyPattern(r'\\(?:([abcfnrtv$"\\])|0([0-9]{0,3}))')
_ESCAPES = {
    "a": "\a",
    "b": "\b",
    "c": "\\c",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "$": "$$",
    '"': '"',
    "\\": "\\",
}

MAX_FAULTS = 100
"""Faults after which reading stops; nobody repairs more at a time."""

MAX_LENGTH = 100_000_000
"""Characters in all the values that hold variables, once these are written out."""


class EnvEntry(msgspec.Struct, frozen=True, gc=False):
    """
    What an env file says of one name.

    A ``value`` of None is that of a bare ``KEY`` which nothing around the file gives a value.
    ``position`` is that of the name; ``variables`` are those that decided the value.
    """

    value: str | None
    position: Position | None = None
    variables: tuple[str, ...] = ()


def parse(
    content: bytes,
    file: str,
    lookup: Lookup,
    *,
    raw: bool = False,
    known: ReadOnly[str, str] | None = None,
    on_unset: OnUnset | None = None,
) -> dict[str, EnvEntry]:
    """
    Return what the env file ``content`` says of each name; the last word on a name counts.

    Where a value refers to a variable, ``lookup`` has the first word, then what the file said
    before, then ``known`` (what earlier files said).  A bare ``KEY`` asks ``lookup`` only.
    ``raw`` takes each line as it is: no quotes, comments after values, or variables.

    Docker Compose reads a last line without "=" or a line break as the value of a variable
    without a name, and so it is here: an entry named "".

    Raises:
        InputErrors: lines that Docker Compose refuses, malformed variables, and values that are
            not UTF-8; all of them at once.
    """
    reader = (_RawLines if raw else _Statements)(content, file, lookup, known or {}, on_unset)
    reader.read()
    if reader.errors:
        raise InputErrors(reader.errors)
    return reader.entries


class _Reader:
    """The text of one file and what was found in it."""

    def __init__(
        self,
        content: bytes,
        file: str,
        lookup: Lookup,
        known: ReadOnly[str, str],
        on_unset: OnUnset | None,
    ) -> None:
        # Docker Compose never minds what encoding a comment has.
        self._text = content.decode(errors="surrogateescape").removeprefix("\ufeff")
        self._file = file
        self._lookup = lookup
        self._known = known
        self._on_unset = on_unset
        self._line, self._line_start = 1, 0  # of the last position asked for
        self._length = 0
        self.entries: dict[str, EnvEntry] = {}
        self.errors: list[InputError] = []

    def _position(self, at: int) -> Position:
        """Return the position of ``at``, which is never before that of the last call."""
        text = self._text
        newline = text.find("\n", self._line_start, at)
        while newline >= 0:
            self._line += 1
            self._line_start = newline + 1
            newline = text.find("\n", self._line_start, at)
        return Position(self._file, self._line, at - self._line_start + 1)

    def _inherit(self, name: str, position: Position) -> None:
        """Take in a bare ``KEY``."""
        value = self._lookup(name)
        if value is not None:
            self.entries[name] = EnvEntry(value, position, (name,))
        elif name and name not in self.entries and name not in self._known:
            self.entries[name] = EnvEntry(None, position)

    def _set(
        self, name: str, value: str, position: Position, variables: tuple[str, ...] = ()
    ) -> None:
        if not value.isascii() and any("\ud800" <= c <= "\udfff" for c in value):
            self._fault(
                f'the value of "{name}" is not encoded in UTF-8',
                position,
                "save the file in UTF-8",
            )
        self.entries[name] = EnvEntry(value, position, variables)

    def _fault(self, message: str, position: Position, remedy: str) -> None:
        self.errors.append(InputError(message, position=position, remedy=remedy))


class _Statements(_Reader):
    """The usual dialect: statements that may be quoted, span lines, and refer to variables."""

    def read(self) -> None:
        """Read the file to its end."""
        text, at = self._text, 0
        while True:
            at = _after(_SPACES, text, at)
            too_long = self._length > MAX_LENGTH
            if at == len(text) or too_long or len(self.errors) >= MAX_FAULTS:
                return
            at = self._next_line(at) if text[at] == "#" else self._statement(at)

    def _next_line(self, at: int) -> int:
        newline = self._text.find("\n", at)
        return len(self._text) if newline < 0 else newline + 1

    def _statement(self, at: int) -> int:
        """Read the statement that begins at ``at``; return where it ends."""
        text = self._text
        end = at + len(_EXPORT)
        if text.startswith(_EXPORT, at) and text[end : end + 1] in ("\t", "\n", "\f", "\r", " "):
            at = _after(_BLANKS, text, end)
        key_end = _KEY_END.search(text, at)
        written = text[at : key_end.start() if key_end else len(text)]
        position = self._position(at)
        if at == len(text):
            self._fault('nothing follows "export"', position, 'write "export NAME=value"')
            return at
        if written.strip(_IN_PLAIN_KEY) and not self._is_key(written, at):
            return self._next_line(at)
        name = written.rstrip(_SPACES) if key_end else ""
        if " " in name:
            self._fault(
                f'the name "{name}" holds a blank',
                position,
                'write NAME=value, or "#" before a comment',
            )
            return self._next_line(at)
        if key_end is None:
            return self._value(name, at, position)
        if key_end[0] == "\n":
            self._inherit(name, position)
            return key_end.end()
        return self._value(name, _after(_BLANKS, text, key_end.end()), position)

    def _is_key(self, written: str, at: int) -> bool:
        """Tell whether ``written``, at ``at``, can be a name; say where it cannot."""
        for offset, character in enumerate(written):
            if not (character.isalnum() or character in "_.-[]" or character in _BLANKS):
                self._fault(
                    f'"{character}" cannot be part of a name'
                    if character.isprintable()
                    else "a name holds a character that cannot be printed",
                    self._position(at + offset),
                    'write NAME=value, or "#" before a comment; quote values that span lines',
                )
                return False
        return True

    def _value(self, name: str, at: int, position: Position) -> int:
        """Read the value at ``at``; return where what follows it begins."""
        text = self._text
        quote = text[at : at + 1]
        if quote not in ("'", '"'):
            end = self._next_line(at)
            value = text[at:end].partition("\n")[0].partition(" #")[0].rstrip(_SPACES)
            self._expand(name, value, position, at)
            return end
        quoted = _QUOTED[quote].match(text, at)
        if quoted is None:
            self._fault(
                f"the value of {name} is not closed ({quote} is missing)",
                self._position(at),
                "close the quote, or put the value in the other kind of quotes",
            )
            return len(text)
        value = quoted[1]
        if "\\" in value:
            value = _PAIR.sub(lambda pair: pair[1] if pair[1] == quote else pair[0], value)
        if quote == "'":
            self._set(name, value, position)
        else:
            if "\\" in value:
                value = _ESCAPE.sub(_unescaped, value)
            self._expand(name, value, position, None)
        return quoted.end()

    def _expand(self, name: str, value: str, position: Position, at: int | None) -> None:
        """Set ``name`` to ``value``, which stands at ``at`` letter by letter, if that is given."""
        if "$" not in value:
            self._set(name, value, position)
            return
        expansion = template.expand(value, self._variable)
        self._length += len(expansion.text)
        if self._length > MAX_LENGTH:
            self._fault(
                f"variables make the values more than {MAX_LENGTH:,} characters long",
                position,
                "look for variables whose values repeat one another",
            )
        if self._on_unset is not None:
            for variable, offset in expansion.unset:
                self._on_unset(variable, self._within(at, offset, position))
        for fault in expansion.faults:
            self._fault(fault.message, self._within(at, fault.offset, position), fault.remedy)
        self._set(name, expansion.text, position, expansion.variables)

    def _within(self, at: int | None, offset: int, position: Position) -> Position:
        if at is None:
            return position
        line_start = self._text.rfind("\n", 0, at) + 1
        return Position(self._file, position.line, at + offset - line_start + 1)

    def _variable(self, name: str) -> str | None:
        value = self._lookup(name)
        if value is None:
            entry = self.entries.get(name)
            value = entry.value if entry is not None else None
        return self._known.get(name) if value is None else value


class _RawLines(_Reader):
    """``format: raw``: the lines of ``docker run --env-file``."""

    def read(self) -> None:
        """Read the file to its end."""
        start = 0
        for line in self._text.split("\n"):
            self._read_line(line.removesuffix("\r"), start)
            if len(self.errors) >= MAX_FAULTS:
                return
            start += len(line) + 1

    def _read_line(self, line: str, start: int) -> None:
        statement = line.lstrip(_SPACES)
        if not statement or statement.startswith("#"):
            return
        position = self._position(start + len(line) - len(statement))
        name, equals, value = statement.partition("=")
        if not name or " " in name or "\t" in name:
            self._fault(
                f'the name "{name}" holds a blank' if name else 'a name is missing before "="',
                position,
                'write NAME=value, or "#" at the beginning of a comment',
            )
        elif equals:
            self._set(name, value, position)
        else:
            self._inherit(name, position)


def _after(characters: str, text: str, at: int) -> int:
    """Return the first place from ``at`` on that holds none of ``characters``."""
    while at < len(text) and text[at] in characters:
        at += 1
    return at


def _unescaped(escape: re.Match[str]) -> str:
    """
    Return what an escape in double quotes stands for.

    ``\\0`` needs three octal digits of a value up to 377; with others, only the 0 goes away.
    """
    character, digits = escape.groups()
    if character is not None:
        return _ESCAPES[character]
    if re.fullmatch("[0-3][0-7]{2}", digits):
        return chr(int(digits, 8))
    return f"\\{digits}"
