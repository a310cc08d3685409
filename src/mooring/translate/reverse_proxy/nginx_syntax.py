"""
The syntax of nginx's configuration: directives, blocks, words and where each stands.

A template that a program fills in before nginx reads it (`{{ .Host }}`) is no configuration yet
and is not read; `${NAME}`, as envsubst writes it, is a part of a word.

Source: https://nginx.org/en/docs/beginners_guide.html#conf_structure, ngx_conf_file.c
"""

from collections.abc import Iterator

import msgspec

_SPACE = frozenset(" \t\r\n")
_ENDS_WORD = frozenset(" \t\r\n;{}")
_MOST_DEPTH = 32


class Word(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A word without its quotes.

    ``start`` and ``end`` are where it stands in the text, quotes included; ``line`` counts from 1.
    """

    text: str
    start: int
    end: int
    line: int


class Directive(msgspec.Struct, frozen=True, kw_only=True):
    """A directive with its words; ``block`` is None where a semicolon ends it."""

    name: Word
    words: tuple[Word, ...] = ()
    block: tuple["Directive", ...] | None = None

    @property
    def line(self) -> int:
        """The line in which it begins."""
        return self.name.line

    @property
    def value(self) -> str:
        """Its first word, "" where it has none."""
        return self.words[0].text if self.words else ""


class NotNginx(Exception):
    """The text is no configuration of nginx; ``line`` is where that shows."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def parse(text: str) -> tuple[Directive, ...]:
    """
    Return the directives of ``text``.

    Raises:
        NotNginx: a block or a string is not closed, or the text is a template of another program.
    """
    if "{{" in text or "{%" in text:
        raise NotNginx("it is a template that is filled in before nginx reads it", 1)
    return _Parser(text).block(0)


class _Parser:
    """A pass over one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1

    def block(self, depth: int) -> tuple[Directive, ...]:
        """Return the directives up to the end of the block, or of the text at depth 0."""
        if depth > _MOST_DEPTH:
            raise NotNginx("blocks are nested too deeply", self._line)
        opened_at = self._line
        found: list[Directive] = []
        while True:
            self._skip()
            if self._at >= len(self._text):
                if depth:
                    raise NotNginx("a block is not closed", opened_at)
                return tuple(found)
            if self._text[self._at] == "}":
                if not depth:
                    raise NotNginx('"}" closes no block', self._line)
                self._at += 1
                return tuple(found)
            found.append(self._directive(depth))

    def _directive(self, depth: int) -> Directive:
        words: list[Word] = []
        while True:
            self._skip()
            if self._at >= len(self._text):
                raise NotNginx('a directive does not end with ";"', self._line)
            letter = self._text[self._at]
            if letter == ";":
                self._at += 1
                if not words:
                    raise NotNginx('";" ends no directive', self._line)
                return Directive(name=words[0], words=tuple(words[1:]))
            if letter == "{":
                if not words:
                    raise NotNginx('"{" begins a block without a name', self._line)
                self._at += 1
                inner: tuple[Directive, ...] = ()
                if words[0].text.endswith("_by_lua_block"):
                    self._skip_foreign_block()
                else:
                    inner = self.block(depth + 1)
                return Directive(name=words[0], words=tuple(words[1:]), block=inner)
            if letter == "}":
                raise NotNginx('a directive does not end with ";"', self._line)
            words.append(self._word())

    def _word(self) -> Word:
        start, line = self._at, self._line
        quote = self._text[start] if self._text[start] in "\"'" else ""
        letters = "".join(self._quoted(quote) if quote else self._bare())
        return Word(text=letters, start=start, end=self._at, line=line)

    def _bare(self) -> Iterator[str]:
        text = self._text
        while self._at < len(text):
            letter = text[self._at]
            if letter == "\\" and self._at + 1 < len(text):
                yield text[self._at : self._at + 2]
                self._at += 2
                continue
            if letter == "$" and text.startswith("${", self._at):
                end = text.find("}", self._at)
                if end < 0:
                    raise NotNginx('"${" is not closed', self._line)
                yield text[self._at : end + 1]
                self._at = end + 1
                continue
            if letter in _ENDS_WORD:
                return
            yield letter
            self._at += 1

    def _quoted(self, quote: str) -> Iterator[str]:
        opened_at = self._line
        self._at += 1
        while self._at < len(self._text):
            letter = self._text[self._at]
            if letter == "\\" and self._at + 1 < len(self._text):
                following = self._text[self._at + 1]
                yield following if following in "\"'" else letter + following
                self._line += following == "\n"
                self._at += 2
                continue
            self._at += 1
            if letter == quote:
                return
            self._line += letter == "\n"
            yield letter
        raise NotNginx("a string is not closed", opened_at)

    def _skip(self) -> None:
        """Pass over spaces and comments."""
        text = self._text
        while self._at < len(text):
            letter = text[self._at]
            if letter == "#":
                end = text.find("\n", self._at)
                self._at = len(text) if end < 0 else end
            elif letter in _SPACE:
                self._line += letter == "\n"
                self._at += 1
            else:
                return

    def _skip_foreign_block(self) -> None:
        """Pass over a block in another language, to the brace that closes it."""
        opened_at, depth = self._line, 1
        while self._at < len(self._text) and depth:
            letter = self._text[self._at]
            depth += (letter == "{") - (letter == "}")
            self._line += letter == "\n"
            self._at += 1
        if depth:
            raise NotNginx("a block is not closed", opened_at)
