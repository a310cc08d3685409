"""
The documents of a file of manifests: plain values, and where each document stands.

A fault in one document hides no other: what the parser refuses is read again document by document,
and each that is at fault is told by itself.  Places inside a document are found only for what is
reported (see `places`), so reading costs no more than the values themselves.

Sources: https://yaml.org/spec/1.1/ as kubectl reads it; JSON is a part of it.
"""

import re
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from mooring.compose.libyaml import (
    AliasEvent,
    CollectionEndEvent,
    CParser,
    DocumentStartEvent,
    MarkedYAMLError,
    ReaderError,
    ScalarEvent,
    StreamEndEvent,
    YAMLError,
)
from mooring.compose.libyaml import MappingStartEvent as _MappingStart
from mooring.manifests import scalars
from mooring.sources import Position

MAX_DEPTH = 200
"""Collections inside one another; no manifest comes near."""

_SEPARATOR = re.compile(rb"^---(?=[ \t\r\n]|$)", re.MULTILINE)
_TEXT_TAGS = ("tag:yaml.org,2002:str", "!")


class Document(msgspec.Struct, frozen=True):
    """
    One document of a file.

    ``value`` is what it holds, ``line`` the line (from 1) at which its text begins, ``content``
    that text in bytes, ``first`` the line at which its value begins, and ``file`` the file's name
    as it is shown to the user.
    """

    file: str
    line: int
    value: Any
    content: bytes
    first: int
    repeated: tuple["RepeatedKey", ...] = ()

    @property
    def position(self) -> Position:
        """Where the document begins."""
        return Position(self.file, self.first, 1)


class RepeatedKey(msgspec.Struct, frozen=True, gc=False):
    """A key that stands twice in one mapping; whoever reads it keeps one of the values."""

    key: str
    position: Position


class Fault(msgspec.Struct, frozen=True, gc=False):
    """What is wrong with a document that cannot be read."""

    message: str
    position: Position


class Read(NamedTuple):
    """The documents of a file that can be read, in order, and the faults of those that cannot."""

    documents: tuple[Document, ...]
    faults: tuple[Fault, ...]


class _Fault(Exception):
    """A fault that libyaml does not see, at a line and column from 0."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


def read(content: bytes, file: str) -> Read:
    """Return the documents of ``content``; empty ones are left out, as kubectl leaves them out."""
    if content[:3] == b"\xef\xbb\xbf":
        content = content[3:]
    if b"\0" in content:
        return Read((), (Fault("this is no text", Position(file)),))
    if content[:1] in (b"{", b"["):
        quick = _json(content, file)
        if quick is not None:
            return quick
    try:
        return Read(tuple(_parsed(content, file, 0)), ())
    except (YAMLError, _Fault):
        return _one_by_one(content, file)


def _json(content: bytes, file: str) -> Read | None:
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return Read((Document(file, 1, value, content, 1),), ())


def _one_by_one(content: bytes, file: str) -> Read:
    starts = [0, *(match.start() for match in _SEPARATOR.finditer(content))]
    documents: list[Document] = []
    faults: list[Fault] = []
    line = 0
    for begin, end in zip(starts, [*starts[1:], len(content)], strict=True):
        piece = content[begin:end]
        try:
            documents.extend(_parsed(piece, file, line))
        except _Fault as fault:
            place = Position(file, line + fault.line + 1, fault.column + 1)
            faults.append(Fault(fault.message, place))
        except YAMLError as error:
            faults.append(_told(error, file, line))
        line += piece.count(b"\n")
    return Read(tuple(documents), tuple(faults))


def _told(error: YAMLError, file: str, line: int) -> Fault:
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        words = " ".join(part for part in (error.problem, error.context) if part)
        if mark is None:
            return Fault(f"this is no YAML: {words}", Position(file, line + 1, 1))
        where = Position(file, line + mark.line + 1, mark.column + 1)
        return Fault(f"this is no YAML: {words}", where)
    if isinstance(error, ReaderError):
        return Fault(f"this is no UTF-8 text: {error.reason}", Position(file, line + 1, 1))
    return Fault(f"this is no YAML: {error}", Position(file, line + 1, 1))


def _parsed(content: bytes, file: str, line: int) -> Iterator[Document]:
    """Yield the documents of ``content``, which begins ``line`` lines below the file's top."""
    reader = _Reader(CParser(content).get_event, file, line)
    begins: list[tuple[int, int, Any, tuple[RepeatedKey, ...]]] = []
    event = reader.next_event()
    while type(event) is not StreamEndEvent:
        if type(event) is DocumentStartEvent:
            start = event.start_mark.line  # type: ignore[union-attr]
            reader.start_document()
            root = reader.next_event()
            value = reader.node(root, 0)
            begins.append((start, root.start_mark.line, value, tuple(reader.repeated)))
        event = reader.next_event()
    lines = content.splitlines(keepends=True) if len(begins) > 1 else []
    for number, (start, first, value, repeated) in enumerate(begins):
        if value is None:
            continue
        if len(begins) == 1:
            text, start = content, 0
        else:
            end = begins[number + 1][0] if number + 1 < len(begins) else len(lines)
            text = b"".join(lines[start:end])
        yield Document(file, line + start + 1, value, text, line + first + 1, repeated)


class _Reader:
    """Composes plain values from the events of one stream."""

    def __init__(self, next_event: Callable[[], Any], file: str, line: int) -> None:
        self.next_event = next_event
        self._file, self._line = file, line
        self.start_document()

    def start_document(self) -> None:
        """Forget the anchors and repeated keys of the document before."""
        self._anchors: dict[str, Any] = {}
        self.repeated: list[RepeatedKey] = []

    def node(self, event: Any, depth: int) -> Any:
        """Return the value that begins with ``event``."""
        kind = type(event)
        if kind is ScalarEvent:
            value = _scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = value
            return value
        if kind is AliasEvent:
            if event.anchor not in self._anchors:
                mark = event.start_mark
                raise _Fault(f"the anchor &{event.anchor} is not defined", mark.line, mark.column)
            return self._anchors[event.anchor]
        if depth > MAX_DEPTH:
            mark = event.start_mark
            raise _Fault("this is nested too deeply", mark.line, mark.column)
        return self._mapping(event, depth) if kind is _MappingStart else self._list(event, depth)

    def _list(self, start: Any, depth: int) -> list[Any]:
        made: list[Any] = []
        if start.anchor:
            self._anchors[start.anchor] = made
        event = self.next_event()
        while not isinstance(event, CollectionEndEvent):
            made.append(self.node(event, depth + 1))
            event = self.next_event()
        return made

    def _mapping(self, start: Any, depth: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        merged: list[Any] = []
        if start.anchor:
            self._anchors[start.anchor] = made
        get_event, node = self.next_event, self.node
        event = get_event()
        while not isinstance(event, CollectionEndEvent):
            key = node(event, depth + 1)
            key = sys.intern(key) if type(key) is str else _key(key, event)
            value = node(get_event(), depth + 1)
            if key == "<<" and event.implicit[0]:
                merged.append(value)
            else:
                if key in made:
                    mark = event.start_mark
                    at = Position(self._file, self._line + mark.line + 1, mark.column + 1)
                    self.repeated.append(RepeatedKey(key, at))
                made[key] = value
            event = get_event()
        for value in merged:
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    for name, inherited in one.items():
                        made.setdefault(name, inherited)
        return made


def _scalar(event: Any) -> scalars.Value:
    text: str = event.value
    if event.implicit[0]:
        # The first letter decides for nearly all: few plain scalars are anything but texts.
        return scalars.resolved(text) if not text or text[0] in _MEANT else text
    if event.implicit[1] or event.tag is None or event.tag in _TEXT_TAGS:
        return text
    return scalars.resolved(text)


_MEANT = frozenset("0123456789+-.yYnNtTfFoO~")


def _key(key: object, event: Any) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int | float):
        return str(key)
    if key is None:
        return "null"
    mark = event.start_mark
    raise _Fault("a key must be a text", mark.line, mark.column)
