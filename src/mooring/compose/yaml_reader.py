"""
Compose files as YAML documents: every value with its position, aliases and merges resolved.

The events of libyaml are composed here rather than by PyYAML, because Compose needs what PyYAML
loses: positions, go-yaml's scalar types, ``!reset`` and ``!override``, duplicate keys, anchors that
hold for a whole file.  A value behind an alias is the same node as its anchor's, never a copy, so
that a document that repeats itself costs what it is long.

Sources: https://yaml.org/spec/1.2.2/ for the language; compose-go 2.16.2 (loader/reset.go) and
go-yaml 4.0.0-rc.4 for what they make of it.
"""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from mooring.compose import scalars, suggest
from mooring.compose.libyaml import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    CParser,
    DocumentStartEvent,
    MappingStartEvent,
    ScalarEvent,
    StreamEndEvent,
    YAMLError,
)
from mooring.compose.nodes import Node, Path, Scalar
from mooring.compose.yaml_anchors import Anchor, Tag, TagName, check_expansion
from mooring.compose.yaml_collection import Collection
from mooring.errors import InputError, InputErrors
from mooring.sources import Position

MAX_VALUES = 100_000
"""Values in one document; Docker Compose refuses a document that has more."""

MAX_DEPTH = 100
"""Collections inside one another.  Docker Compose takes 10,000; no stack comes near either."""

MAX_FAULTS = 100
"""Faults after which reading stops; nobody repairs more at a time."""


class Document(msgspec.Struct, frozen=True):
    """
    One YAML document; the root of an empty one is null.

    ``source`` is the content of the whole file, to find a place inside a value.
    """

    root: Node
    resets: tuple[Tag, ...] = ()
    source: bytes = b""


def read_documents(content: bytes, file: str) -> tuple[Document, ...]:
    """
    Return the documents in ``content``; none where it holds nothing but comments.

    ``file`` is the name that positions carry.  Nothing is read after a fault of syntax; all other
    faults are reported at once.

    Raises:
        InputErrors: ``content`` is not YAML that Docker Compose reads.
    """
    dialect = None
    text = content
    while True:
        reader = _Reader(text, file)
        documents: list[Document] = []
        try:
            for root, tags in reader.documents():
                documents.append(Document(root, tags, content))
        except YAMLError as error:
            # Nearly all files are without faults, and need neither of these.
            from mooring.compose import yaml_dialect, yaml_faults

            dialect = dialect or yaml_dialect.Dialect()
            rewritten = dialect.rewritten(text, error)
            if rewritten is not None:
                text = rewritten
                continue
            reader.errors.append(yaml_faults.explain(error, text, file))
        except InputError as error:
            reader.errors.append(error)
        if reader.errors:
            raise InputErrors(reader.errors)
        return tuple(documents)


class UnknownAnchor(InputError):
    """An alias stands before its anchor, or has none."""


class _Reader:
    """Composes the events of one file."""

    def __init__(self, content: bytes, file: str) -> None:
        self.errors: list[InputError] = []
        self._file = file
        self._next_event: Callable[[], Any] = CParser(content).get_event
        self._anchors: dict[str, Anchor] = {}
        self._used: list[Anchor] = []  # by aliases in the document being read
        self._start_document()

    def _report(self, error: InputError) -> None:
        self.errors.append(error)
        if len(self.errors) >= MAX_FAULTS:
            raise InputError(
                f"{MAX_FAULTS} faults are found up to here; the rest is not read",
                position=error.position,
            )

    def _start_document(self) -> None:
        # The first of the open collections holds the root; the last is the innermost.
        self._open = [Collection(Position(self._file), is_mapping=False)]
        self._tags: list[Tag] = []
        self._tagged = 0  # open collections that have a tag
        self._values = 0
        self._size = 0  # values and keys, those behind aliases as often as they are used
        self._aliased = 0  # those behind aliases
        self._deepest = 0  # collections inside one another, where they are most
        for anchor in self._used:
            anchor.forget_uses()
        self._used.clear()

    def documents(self) -> Iterator[tuple[Node, tuple[Tag, ...]]]:
        """
        Yield the root and the tags of each document; ``errors`` has what is wrong with them.

        Raises:
            YAMLError: the text is not YAML.
            InputError: the rest cannot be read.
        """
        while not isinstance(event := self._next_event(), StreamEndEvent):
            if isinstance(event, DocumentStartEvent):
                if event.version not in (None, (1, 1)):
                    self._unknown_version(event)
                self._start_document()
                root = self._root()
                yield root, tuple(self._tags)

    def _unknown_version(self, event: DocumentStartEvent) -> None:
        mark = event.start_mark
        position = Position(self._file, mark.line + 1, mark.column + 1) if mark else None
        self._report(
            InputError(
                "Docker Compose reads no document that asks for another version of YAML than 1.1",
                position=position,
                remedy="remove the line that begins with %YAML",
            )
        )

    def _root(self) -> Node:
        """Return the root of a document whose start has been read."""
        next_event, file, open_ = self._next_event, self._file, self._open
        other_types = scalars.FIRST_CHARACTERS_OF_OTHER_TYPES
        here = open_[-1]
        while True:
            event = next_event()
            mark = event.start_mark
            position = Position(file, mark.line + 1, mark.column + 1)
            at_key = here.name is None and here.entries is not None
            if isinstance(event, ScalarEvent):
                self._size += 1
                text = event.value
                is_text = (
                    event.tag is None
                    and event.anchor is None
                    and (event.style or (text and text[0] not in other_types))
                )
                if at_key:
                    if not is_text or text == "<<":
                        self._check_key(here, event, position)
                    self._name_next(here, text, position)
                elif is_text:
                    self._put(here, Scalar(text, position))
                else:
                    self._put(here, self._scalar_value(event, position))
            elif isinstance(event, CollectionStartEvent):
                here = self._start(event, position)
            elif isinstance(event, CollectionEndEvent):
                node = self._finish(open_.pop())
                here = open_[-1]
                self._put(here, node)
            elif isinstance(event, AliasEvent):
                self._size += 1
                if at_key:
                    self._name_next(here, self._alias_as_key(here, event, position), position)
                else:
                    self._put(here, self._alias_value(event, position))
            elif here.items:
                return here.items[0]
            else:
                raise InputError(
                    'the whole document is tagged "!reset", so nothing is left of it',
                    position=self._tags[-1].position if self._tags else position,
                    remedy="remove the tag, or the document",
                )

    # Keys

    def _name_next(self, here: Collection, name: str, position: Position) -> None:
        fault = here.name_next(name, position)
        if fault is not None:
            self._report(fault)

    def _check_key(self, here: Collection, event: ScalarEvent, position: Position) -> None:
        """Find out whether the key is a merge key, and whether it is a text."""
        tag = None if event.tag == "!" else event.tag
        if tag == _MERGE_TAG or (tag is None and event.value == "<<" and not event.style):
            here.merging = True
        else:
            self._check_text_key(here, self._scalar(event, position), event.value, position)

    def _alias_as_key(self, here: Collection, event: AliasEvent, position: Position) -> str:
        anchor = self._anchors.get(event.anchor or "")
        if anchor is None:
            self._unknown_anchor(event, position)
            return f"*{event.anchor}"
        if not isinstance(anchor.node, Scalar):
            raise _not_a_key(position)
        name = str(anchor.node.value)
        self._check_text_key(here, anchor.node, name, position)
        return name

    def _check_text_key(
        self, here: Collection, node: Scalar, text: str, position: Position
    ) -> None:
        # Below a merge key, go-yaml takes any key as the text that it is written as.
        if here.is_base or (type(node) is Scalar and isinstance(node.value, str)):
            return
        self._report(
            InputError(
                f'the key "{text}" is not a text' if text else "a key is missing",
                position=position,
                remedy=f'write it in quotes: "{text}"' if text else "write a name before the colon",
            )
        )

    # Values

    def _put(self, here: Collection, node: Node | None) -> None:
        """Make ``node`` the next value in ``here``; None stands for a value that is reset."""
        self._values += 1
        if self._values > MAX_VALUES:
            raise InputError(
                f"this document has more than {MAX_VALUES:,} values, "
                "more than Docker Compose reads",
                position=here.position,
                remedy="split it into several files",
            )
        if here.merging:
            for fault in here.merge(node):
                self._report(fault)
        else:
            here.put(node)

    def _scalar_value(self, event: ScalarEvent, position: Position) -> Scalar | None:
        """Return the scalar of ``event``, or None where it is reset."""
        tag = _compose_tag(event.tag)
        if tag is not None and not self._tagged:
            self._tags.append(Tag(self._path(), tag, position))
            if tag == "!reset":
                if event.anchor is not None:
                    self._anchors[event.anchor] = Anchor(removed=True)
                return None
        return self._scalar(event, position)

    def _scalar(self, event: ScalarEvent, position: Position) -> Scalar:
        try:
            if event.tag is not None and event.tag != "!":
                node = scalars.tagged(event.tag, event.value, position)
            elif event.style:
                node = Scalar(event.value, position)
            else:
                node = scalars.untagged(event.value, position)
        except InputError as error:
            self._report(error)
            node = Scalar(event.value, position)
        if event.anchor is not None:
            anchor = self._anchors[event.anchor] = Anchor(node)
            if event.tag == "!override":
                anchor.tags = (Tag((), "!override", position),)
        return node

    def _alias_value(self, event: AliasEvent, position: Position) -> Node | None:
        """Return what ``event`` stands for, or None where that is reset."""
        anchor = self._anchors.get(event.anchor or "")
        if anchor is None:
            self._unknown_anchor(event, position)
            return Scalar(None, position)
        path = self._path()
        if anchor.removed:
            if not self._tagged:
                self._tags.append(Tag(path, "!reset", position))
            return None
        if anchor.node is None:
            raise InputError(
                f'"*{event.anchor}" stands inside the value that "&{event.anchor}" names, '
                "which would then hold itself",
                position=position,
                remedy="move the anchor to a smaller value, or write the value out",
            )
        self._size += anchor.size
        self._aliased += anchor.size
        check_expansion(self._size, self._aliased, position)
        self._deepen(len(self._open) - 1 + anchor.depth, position)
        if not self._tagged:
            anchor.use(path, event.anchor or "", position)
            self._used.append(anchor)
            self._replay(anchor.tags, path, position)
        return anchor.node

    def _replay(self, tags: tuple[Tag, ...], path: Path, position: Position) -> None:
        if len(self._tags) + len(tags) > MAX_VALUES:
            raise InputError(
                f'aliases repeat "!reset" and "!override" more than {MAX_VALUES:,} times',
                position=position,
                remedy="repeat less: an alias of a value that holds aliases multiplies them",
            )
        self._tags += [Tag((*path, *tag.path), tag.name, tag.position) for tag in tags]

    def _unknown_anchor(self, event: AliasEvent, position: Position) -> None:
        self._report(
            UnknownAnchor(
                f'"*{event.anchor}" has no "&{event.anchor}" before it',
                position=position,
                remedy=suggest.did_you_mean(str(event.anchor), self._anchors)
                or f'put "&{event.anchor}" before the value that is meant',
            )
        )

    # Collections

    def _start(self, event: CollectionStartEvent, position: Position) -> Collection:
        parent = self._open[-1]
        if parent.entries is not None and parent.name is None:
            raise _not_a_key(position)
        started = Collection(
            position,
            is_mapping=isinstance(event, MappingStartEvent),
            is_base=parent.merging or (parent.is_base and parent.entries is None),
        )
        started.size_before = self._size
        started.deepest_before = self._deepest
        started.tags_before = len(self._tags)
        started.errors_before = len(self.errors)
        self._size += 1
        self._deepest = 0
        self._deepen(len(self._open), position)
        if event.anchor is not None:
            started.anchor = self._anchors[event.anchor] = Anchor()
        if not self._tagged:
            started.tag = _compose_tag(event.tag)
        if started.tag is not None:
            self._tagged += 1
        self._open.append(started)
        return started

    def _finish(self, done: Collection) -> Node | None:
        """Return the node of ``done``, which is open no more, or None where it is reset."""
        node = done.finished()
        if done.tag is not None:
            self._tagged -= 1
            self._tags.append(Tag(self._path(), done.tag, done.position))
        if done.anchor is not None:
            self._name(done.anchor, node, done)
        self._deepest = max(self._deepest, done.deepest_before)
        if done.tag != "!reset":
            return node
        # Docker Compose does not look into what is reset, except that its YAML must be whole.
        inside = self.errors[done.errors_before :]
        self.errors[done.errors_before :] = [e for e in inside if isinstance(e, UnknownAnchor)]
        return None

    def _name(self, anchor: Anchor, node: Node, done: Collection) -> None:
        anchor.node = node
        anchor.removed = done.tag == "!reset"
        anchor.size = self._size - done.size_before
        anchor.depth = self._deepest - len(self._open) + 1
        within = len(self._path())
        anchor.tags = tuple(
            Tag(tag.path[within:], tag.name, tag.position) for tag in self._tags[done.tags_before :]
        )

    def _deepen(self, depth: int, position: Position) -> None:
        self._deepest = max(self._deepest, depth)
        if depth > MAX_DEPTH:
            raise InputError(
                f"values are nested more than {MAX_DEPTH} deep here",
                position=position,
                remedy="no Compose file needs that; is a bracket or an indentation wrong?",
            )

    def _path(self) -> Path:
        """Return the path of the value that comes next, merge keys left out."""
        root_and_below = self._open[1:]
        return tuple(
            collection.next_part
            for collection in root_and_below
            if not collection.merging or collection is root_and_below[0]
        )


_MERGE_TAG = "tag:yaml.org,2002:merge"


def _compose_tag(tag: str | None) -> TagName | None:
    if tag == "!reset":
        return "!reset"
    return "!override" if tag == "!override" else None


def _not_a_key(position: Position) -> InputError:
    return InputError(
        "a mapping or a list stands where a key belongs",
        position=position,
        remedy='write a text before the colon; quote "{" and "[" where they are meant literally',
    )
