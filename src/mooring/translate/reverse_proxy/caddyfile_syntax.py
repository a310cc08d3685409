"""
The syntax of a Caddyfile: lines of words, and blocks in braces at the end of a line.

Source: https://caddyserver.com/docs/caddyfile/concepts
"""

from collections.abc import Iterator, Mapping

import msgspec

from mooring.patterns import LazyPattern

_VARIABLE = LazyPattern(r"\{\$([A-Za-z_]\w*)(?::([^{}]*))?\}")
_MOST_DEPTH = 32


class Word(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A word, where it stands in the text (quotes included), and its line, from 1 on."""

    text: str
    start: int
    end: int
    line: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A line: its words, and the entries of the block that it opens, or None."""

    words: tuple[Word, ...]
    line: int
    block: tuple["Entry", ...] | None = None

    @property
    def name(self) -> str:
        """Its first word, "" where it has none."""
        return self.words[0].text if self.words else ""

    @property
    def rest(self) -> tuple[str, ...]:
        """The words after the first."""
        return tuple(word.text for word in self.words[1:])


class NotCaddy(Exception):
    """The text is no Caddyfile; ``line`` is where that shows."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse(text: str, environment: Mapping[str, str]) -> tuple[Entry, ...]:
    """
    Return the entries of ``text``, with `{$NAME}` filled in from ``environment``.

    Raises:
        NotCaddy: a block or a string is not closed.
    """
    lines = _lines(tuple(_words(text, environment)))
    entries, rest = _block(lines, 0, 0)
    if rest < len(lines):
        raise NotCaddy('"}" closes no block', lines[rest][0].line)
    return entries


def _words(text: str, environment: Mapping[str, str]) -> Iterator[Word]:
    at, line = 0, 1
    while at < len(text):
        letter = text[at]
        if letter in " \t\r":
            at += 1
        elif letter == "\n":
            at, line = at + 1, line + 1
        elif letter == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
        elif letter in '"`':
            end = at + 1
            while end < len(text) and text[end] != letter:
                end += 2 if text[end] == "\\" and letter == '"' else 1
            if end >= len(text):
                raise NotCaddy("a string is not closed", line)
            inside = text[at + 1 : end]
            yield Word(text=_filled(inside, environment), start=at, end=end + 1, line=line)
            line += inside.count("\n")
            at = end + 1
        else:
            end = at
            while end < len(text) and text[end] not in " \t\r\n":
                end += 1
            filled = _filled(text[at:end], environment)
            yield Word(text=filled, start=at, end=end, line=line)
            at = end


def _filled(text: str, environment: Mapping[str, str]) -> str:
    if "{$" not in text:
        return text
    return _VARIABLE.sub(lambda found: environment.get(found[1], found[2] or ""), text)


def _lines(words: tuple[Word, ...]) -> list[tuple[Word, ...]]:
    """Return the words line by line; a comma at the end of a line goes on in the next."""
    lines: list[list[Word]] = []
    for word in words:
        goes_on = bool(lines) and lines[-1][-1].text.endswith(",")
        if lines and (lines[-1][-1].line == word.line or goes_on):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [tuple(line) for line in lines]


def _block(lines: list[tuple[Word, ...]], at: int, depth: int) -> tuple[tuple[Entry, ...], int]:
    """Return the entries from line ``at`` on, and the line that closes their block."""
    if depth > _MOST_DEPTH:
        raise NotCaddy("blocks are nested too deeply", lines[at - 1][0].line)
    entries: list[Entry] = []
    while at < len(lines):
        words = lines[at]
        if words[0].text == "}":
            return tuple(entries), at
        if words[-1].text == "{":
            block, end = _block(lines, at + 1, depth + 1)
            if end >= len(lines):
                raise NotCaddy("a block is not closed", words[0].line)
            entries.append(Entry(words=words[:-1], line=words[0].line, block=block))
            at = end + 1
        else:
            entries.append(Entry(words=words, line=words[0].line))
            at += 1
    return tuple(entries), at
