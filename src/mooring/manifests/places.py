"""
Where a field stands in its document: the file, line and column of a path such as ``spec.replicas``.

Only what is reported is looked up, so a document is walked again for its places instead of carrying
them all.  A field that is not there is placed at the nearest mapping that should hold it.
"""

from typing import Any, NamedTuple

from mooring.compose.libyaml import (
    CollectionEndEvent,
    CParser,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    YAMLError,
)
from mooring.manifests.documents import Document
from mooring.sources import Position

Step = str | int


class Place(NamedTuple):
    """
    Lines and columns of a value, from 0 within its document.

    ``key`` is where its key stands (None in a list); ``begin`` and ``end`` enclose the value;
    ``exact`` tells whether all of the path was found.
    """

    key: tuple[int, int] | None
    begin: tuple[int, int]
    end: tuple[int, int]
    exact: bool


def steps(field: str, value: object) -> tuple[Step, ...]:
    """
    Return the path that ``field`` means in ``value``: keys, and indexes of lists.

    Keys may hold dots themselves (``metadata.annotations.example.com/name``): the longest key that
    is there wins; ``["key"]`` says it without doubt.
    """
    found: list[Step] = []
    rest = field
    while rest:
        if rest.startswith('["'):
            key, _, rest = rest[2:].partition('"]')
            found.append(key)
            value = value.get(key) if isinstance(value, dict) else None
        elif rest.startswith("["):
            number, _, rest = rest[1:].partition("]")
            found.append(int(number) if number.isdigit() else number)
            inside = isinstance(value, list) and number.isdigit() and int(number) < len(value)
            value = value[int(number)] if inside and isinstance(value, list) else None
        else:
            key = _key(rest, value)
            rest = rest[len(key) :]
            found.append(key)
            value = value.get(key) if isinstance(value, dict) else None
        rest = rest.removeprefix(".")
    return tuple(found)


def _key(rest: str, value: object) -> str:
    """Return the key with which ``rest`` begins, the longest that ``value`` has."""
    if isinstance(value, dict):
        known: list[str] = [
            key
            for key in value
            if rest == key or (rest.startswith(key) and rest[len(key) :][:1] in (".", "["))
        ]
        if known:
            return max(known, key=len)
    ends = [end for end in (rest.find("."), rest.find("[")) if end > 0]
    return rest[: min(ends)] if ends else rest


def position(document: Document, field: str | None) -> Position:
    """Return where ``field`` of ``document`` stands, or what comes nearest to it."""
    if not field:
        return document.position
    found = place(document, steps(field, document.value))
    if found is None:
        return document.position
    line, column = found.key if found.key is not None else found.begin
    return Position(document.file, document.line + line, column + 1)


def place(document: Document, path: tuple[Step, ...]) -> Place | None:
    """Return where ``path`` stands in ``document``; None where its text cannot be walked."""
    try:
        parser = CParser(document.content)
        event = parser.get_event()
        while type(event) is not DocumentStartEvent:
            event = parser.get_event()
            if event is None:
                return None
        return _walk(parser, path)
    except YAMLError:
        return None


def _walk(parser: Any, path: tuple[Step, ...]) -> Place | None:
    event = parser.get_event()
    key: tuple[int, int] | None = None
    for number, step in enumerate(path):
        here = Place(key, _at(event.start_mark), _at(event.end_mark), exact=False)
        found = _into(parser, event, step)
        if found is None:
            # Not there: the mapping that should hold it, where its own key stands.
            return here if number else None
        key, event = found
    begin = _at(event.start_mark)
    return Place(key, begin, _end(parser, event), exact=True)


def _into(parser: Any, event: Any, step: Step) -> tuple[tuple[int, int] | None, Any] | None:
    """Return the place of the key and the first event of the value at ``step``, if it is there."""
    if isinstance(event, MappingStartEvent):
        inner = parser.get_event()
        while not isinstance(inner, CollectionEndEvent):
            is_it = type(inner) is ScalarEvent and inner.value == step
            key = _at(inner.start_mark)
            if not is_it:
                _skip(parser, inner)
            value = parser.get_event()
            if is_it:
                return key, value
            _skip(parser, value)
            inner = parser.get_event()
        return None
    if type(event) is ScalarEvent or not isinstance(step, int) or not hasattr(event, "flow_style"):
        return None
    inner = parser.get_event()
    index = 0
    while not isinstance(inner, CollectionEndEvent):
        if index == step:
            return None, inner
        _skip(parser, inner)
        index += 1
        inner = parser.get_event()
    return None


def _skip(parser: Any, event: Any) -> Any:
    """Read to the end of the value that begins with ``event``; return its last event."""
    depth = 0
    while True:
        if hasattr(event, "flow_style"):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth == 0:
            return event
        event = parser.get_event()


def _end(parser: Any, event: Any) -> tuple[int, int]:
    return _at(_skip(parser, event).end_mark)


def _at(mark: Any) -> tuple[int, int]:
    return mark.line, mark.column
