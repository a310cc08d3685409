"""
The lines of a Dockerfile as instructions, before anything is known of their meaning.

Decides what one instruction is: parser directives, comments, continuation lines, flags and
here-documents, as BuildKit's parser takes them.  An instruction keeps where each of its characters
stands, so that a port in the third line of an EXPOSE is reported in that line.

Source: https://docs.docker.com/reference/dockerfile/#format
"""

from bisect import bisect_right
from collections.abc import Callable

import msgspec

from mooring.compose.dockerfile import expansion, words
from mooring.compose.dockerfile.facts import DOUBTFUL, SYNTAX
from mooring.findings import Finding
from mooring.patterns import LazyPattern
from mooring.sources import Position

_BLANKS = LazyPattern(r"[\t\v\f\r ]+")
_DIRECTIVE = LazyPattern(r"([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$")
_DIRECTIVES = ("syntax", "escape", "check")
_HEREDOC = LazyPattern(r"(\d*)<<(-?)\s*([^<]*)$")
_HEREDOC_INSTRUCTIONS = ("ADD", "COPY", "RUN")
_LONGEST_LINE = 65535
_LONGEST_FILE = 1024 * 1024
_FRONTENDS = ("docker/dockerfile", "docker.io/docker/dockerfile")

Place = Callable[[int, int], Position]
"""Gives the position of a line and column of the Dockerfile, both counted from 1."""


class Span(msgspec.Struct, frozen=True, gc=False):
    """Where the text of an instruction from ``offset`` on stands in the file."""

    offset: int
    line: int
    column: int


class Instruction(msgspec.Struct, frozen=True):
    """
    One instruction: its name in capitals, its ``--flags``, and the text after them.

    ``text`` has no continuation characters and comments; ``heredocs`` are the names of its
    here-documents, whose contents are not kept.
    """

    name: str
    flags: tuple[str, ...]
    text: str
    spans: tuple[Span, ...]
    place: Place
    position: Position
    heredocs: tuple[str, ...] = ()

    def at(self, offset: int) -> Position:
        """Return where the character of ``text`` at ``offset`` stands."""
        span = _span_at(self.spans, offset)
        return self.place(span.line, span.column + offset - span.offset)

    def trigger(self, escape: str) -> "Instruction":
        """Return the instruction that the text of an ONBUILD is."""
        return _split_command(self.text, escape, self.spans, self.place, self.heredocs)


class Lines(msgspec.Struct, frozen=True):
    """A Dockerfile cut into instructions, with its directives and what is wrong in its lines."""

    instructions: tuple[Instruction, ...]
    syntax: str | None
    escape: str
    findings: tuple[Finding, ...]


def read(content: bytes, file: str, place: Place) -> Lines:
    """Return the instructions in ``content``; ``place`` says where its lines stand for the user."""
    return _Reader(file, place).read(content)


def json_list(text: str) -> tuple[str, ...] | None:
    """
    Return the texts of a JSON array, or None where ``text`` is none.

    Raises:
        TypeError: it is a JSON array, but holds something else than texts.
    """
    if not text.startswith("["):
        return None
    try:
        items = msgspec.json.decode(text, type=list[object])
    except (msgspec.DecodeError, RecursionError):
        return None
    texts = tuple([item for item in items if isinstance(item, str)])
    if len(texts) != len(items):
        raise TypeError("an argument that is no text")
    return texts


def heredoc_name(word: str) -> str | None:
    """Return the name in a word like ``<<EOF`` or ``<<-"EOF"``, or None where it is another."""
    match = _HEREDOC.match(word)
    if match is None or not match[3]:
        return None
    names = expansion.unquoted(match[3])
    return names[0] if len(names) == 1 else None


class _Reader:
    """The state of one reading: which line is next, and what the directives said."""

    def __init__(self, file: str, place: Place) -> None:
        self.file = file
        self.place = place
        self.lines: list[str] = []
        self.next = 0
        self.escape = words.DEFAULT_ESCAPE
        self.directives: dict[str, str] = {}
        self.findings: list[Finding] = []

    def read(self, content: bytes) -> Lines:
        self.lines = self._text(content)
        instructions: list[Instruction] = []
        directives_may_follow = True
        while self.next < len(self.lines):
            number = self.next + 1
            line = self.lines[self.next].rstrip("\r\n")
            self.next += 1
            start = line.lstrip(words.SPACES)
            if start.startswith("#"):
                directives_may_follow = directives_may_follow and self._directive(start, number)
                continue
            directives_may_follow = False
            if start:
                instruction = self._instruction(start, number, len(line) - len(start) + 1)
                if instruction is not None:
                    instructions.append(instruction)
        return Lines(
            tuple(instructions),
            self.directives.get("syntax"),
            self.escape,
            tuple(self.findings),
        )

    def _text(self, content: bytes) -> list[str]:
        """Return the lines of ``content`` without their line feeds."""
        if content.startswith(b"\xef\xbb\xbf"):
            content = content[3:]
        if b"\0" in content or content.startswith((b"\xff\xfe", b"\xfe\xff")):
            self._broken(1, 1, "the file is not text", "save it as UTF-8 text")
            return []
        if len(content) > _LONGEST_FILE:
            size = len(content) // 1024
            self._broken(1, 1, f"the file has {size} KiB: more than 1 MiB is not read", None)
            return []
        try:
            text = content.decode()
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            text = content.decode(errors="replace")
            self.findings.append(
                DOUBTFUL.finding(
                    self.place(line, 1),
                    f"byte 0x{content[error.start]:02x} is not UTF-8 text and reads as �",
                    remedy="save the file as UTF-8 text",
                )
            )
        lines = text.split("\n")
        if not lines[-1]:
            lines.pop()
        if len(content) > _LONGEST_LINE:
            for number, text in enumerate(lines, start=1):
                if len(text) > _LONGEST_LINE:
                    self._broken(
                        number, 1, f"the line is longer than {_LONGEST_LINE} characters", None
                    )
        return lines

    def _directive(self, comment: str, number: int) -> bool:
        """Take a parser directive; return whether another one may follow."""
        match = _DIRECTIVE.match(comment[1:].lstrip(words.SPACES))
        name = match[1].lower() if match else ""
        if match is None or name not in _DIRECTIVES:
            return False
        value = match[2]
        if name in self.directives:
            self._broken(number, 1, f"the directive {name} is given twice", "keep one of them")
            return True
        if name == "escape" and value not in words.ESCAPES:
            self._broken(
                number,
                1,
                f'"{value}" cannot be the escape character',
                r"use \ or `, the two that Dockerfiles know",
            )
            return True
        if name == "escape":
            self.escape = value
        elif name == "syntax" and not value.startswith(_FRONTENDS):
            self.findings.append(
                DOUBTFUL.finding(
                    self.place(number, 1),
                    f"the file is written for the frontend {value}, and read as a Dockerfile here",
                )
            )
        self.directives[name] = value.split(" ", 1)[0] if name == "syntax" else value
        return True

    def _instruction(self, start: str, number: int, column: int) -> Instruction | None:
        logical, spans = self._logical_line(start, number, column)
        stripped = logical.strip(words.SPACES)
        if not stripped:
            self._broken(number, column, "a continuation with no instruction", "delete the line")
            return None
        offset = len(logical) - len(logical.lstrip(words.SPACES))
        heredocs: tuple[str, ...] = ()
        if "<<" in stripped and _may_hold_heredoc(stripped, self.escape):
            heredocs = self._heredocs(stripped, number)
        return _split_command(stripped, self.escape, _moved(spans, offset), self.place, heredocs)

    def _logical_line(self, start: str, number: int, column: int) -> tuple[str, tuple[Span, ...]]:
        """Return the line at hand with its continuation lines, and where its pieces stand."""
        piece, continues = self._cut(start)
        if not continues:
            return piece, (Span(0, number, column),)
        pieces = [piece]
        spans = [Span(0, number, column)]
        length = len(piece)
        while continues and self.next < len(self.lines):
            line = self.lines[self.next].rstrip("\r\n")
            self.next += 1
            content = line.lstrip(words.SPACES)
            if not content or content.startswith("#"):
                continue
            piece, continues = self._cut(line)
            spans.append(Span(length, self.next, 1))
            pieces.append(piece)
            length += len(piece)
        return "".join(pieces), tuple(spans)

    def _cut(self, line: str) -> tuple[str, bool]:
        """Return ``line`` without its continuation character, and whether it had one."""
        end = line.rstrip("\t ")
        if not end.endswith(self.escape) or end.endswith(self.escape * 2):
            return line, False
        return end[:-1], True

    def _heredocs(self, line: str, number: int) -> tuple[str, ...]:
        """Skip the here-documents that ``line`` starts; return their names."""
        names: list[str] = []
        for word in expansion.shell_words(line):
            name = heredoc_name(word)
            if name is None:
                continue
            names.append(name)
            tabs = "\t" if "<<-" in word else ""
            for index in range(self.next, len(self.lines)):
                if self.lines[index].rstrip("\r\n").lstrip(tabs) == name:
                    self.next = index + 1
                    break
            else:
                self._broken(
                    number,
                    1,
                    f"the here-document {name} has no end",
                    f"end it with a line that is just {name}",
                )
                self.next = len(self.lines)
                break
        return tuple(names)

    def _broken(self, line: int, column: int, message: str, remedy: str | None) -> None:
        self.findings.append(SYNTAX.finding(self.place(line, column), message, remedy=remedy))


def _split_command(
    text: str, escape: str, spans: tuple[Span, ...], place: Place, heredocs: tuple[str, ...]
) -> Instruction:
    blank = _BLANKS.search(text)
    name = text[: blank.start()] if blank else text
    offset = blank.end() if blank else len(text)
    rest = text[offset:]
    found: tuple[str, ...] = ()
    if rest.startswith("--"):
        found, skipped = words.flags(rest, escape)
        rest = rest[skipped:]
        offset += skipped
    arguments = rest.strip(words.SPACES)
    offset += len(rest) - len(rest.lstrip(words.SPACES))
    start = _span_at(spans, 0)
    return Instruction(
        name.upper(),
        found,
        arguments,
        _moved(spans, offset),
        place,
        place(start.line, start.column - start.offset),
        heredocs,
    )


def _moved(spans: tuple[Span, ...], offset: int) -> tuple[Span, ...]:
    """Return ``spans`` for the text that starts ``offset`` characters later."""
    if not offset:
        return spans
    return tuple([Span(span.offset - offset, span.line, span.column) for span in spans])


def _span_at(spans: tuple[Span, ...], offset: int) -> Span:
    if len(spans) == 1:
        return spans[0]
    return spans[max(0, bisect_right(spans, offset, key=lambda span: span.offset) - 1)]


def _may_hold_heredoc(text: str, escape: str) -> bool:
    here = Position("")
    instruction = _split_command(text, escape, (Span(0, 1, 1),), lambda *_: here, ())
    if instruction.name == "ONBUILD":
        instruction = instruction.trigger(escape)
    if instruction.name not in _HEREDOC_INSTRUCTIONS:
        return False
    try:
        return json_list(instruction.text) is None
    except TypeError:
        return False
