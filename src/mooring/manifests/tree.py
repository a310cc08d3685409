"""
A document as a tree of nodes that know where their text stands, for changing it in place.

Lines and columns count from 0.  ``end`` is where a node's own text ends: comments and blank lines
after it belong to whatever follows.
"""

from typing import Any

import msgspec

from mooring.compose.libyaml import (
    AliasEvent,
    CollectionEndEvent,
    CParser,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    YAMLError,
)
from mooring.manifests.places import Step

Mark = tuple[int, int]


class Node(msgspec.Struct, frozen=True):
    """A scalar (or an alias): its text stands between ``begin`` and ``end``."""

    begin: Mark
    end: Mark


class Sequence(Node, frozen=True):
    """A list, in brackets where it is ``flow``."""

    items: tuple[Node, ...]
    flow: bool


class Mapping(Node, frozen=True):
    """A mapping, in braces where it is ``flow``; each entry is key, node of the key, value."""

    entries: tuple[tuple[str, Node, Node], ...]
    flow: bool

    def get(self, key: str) -> Node | None:
        """Return the value of ``key``; of one that is repeated the last, which counts."""
        found = [value for name, _, value in self.entries if name == key]
        return found[-1] if found else None


def tree(content: bytes) -> Node | None:
    """Return the root of the first document in ``content``; None where it cannot be read."""
    try:
        parser = CParser(content)
        event: Any = parser.get_event()
        while event is not None and type(event) is not DocumentStartEvent:
            event = parser.get_event()
        return None if event is None else _node(parser, parser.get_event())
    except YAMLError:
        return None


def at(root: Node, path: tuple[Step, ...]) -> Node | None:
    """Return the node at ``path`` below ``root``, None where there is none."""
    node: Node | None = root
    for step in path:
        if isinstance(node, Mapping) and isinstance(step, str):
            node = node.get(step)
        elif isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step] if 0 <= step < len(node.items) else None
        else:
            return None
    return node


def _node(parser: Any, event: Any) -> Node:
    begin = _mark(event.start_mark)
    if type(event) in (ScalarEvent, AliasEvent):
        return Node(begin, _end_of_scalar(event))
    flow = bool(event.flow_style)
    end = _mark(event.end_mark)
    if isinstance(event, MappingStartEvent):
        entries: list[tuple[str, Node, Node]] = []
        inner = parser.get_event()
        while not isinstance(inner, CollectionEndEvent):
            name = inner.value if type(inner) is ScalarEvent else ""
            key = _node(parser, inner)
            value = _node(parser, parser.get_event())
            entries.append((name, key, value))
            end = max(end, key.end, value.end)
            inner = parser.get_event()
        return Mapping(begin, _mark(inner.end_mark) if flow else end, tuple(entries), flow)
    items: list[Node] = []
    inner = parser.get_event()
    while not isinstance(inner, CollectionEndEvent):
        items.append(_node(parser, inner))
        end = max(end, items[-1].end)
        inner = parser.get_event()
    return Sequence(begin, _mark(inner.end_mark) if flow else end, tuple(items), flow)


def _end_of_scalar(event: Any) -> Mark:
    """Return where the text of a scalar ends; a block scalar's last line break is part of it."""
    line, column = _mark(event.end_mark)
    if getattr(event, "style", None) in ("|", ">") and column == 0 and line > 0:
        return line - 1, 1 << 30
    return line, column


def _mark(mark: Any) -> Mark:
    return mark.line, mark.column
