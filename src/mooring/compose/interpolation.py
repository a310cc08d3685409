"""
Variables in a Compose document, written out.

Only texts are touched, never keys; what a text becomes stays a text, and `casts` makes it a number
where its place asks for one.  A value that several aliases share is written out once.

Source: Compose Specification, "Interpolation"; compose-go 2.16.2, interpolation/interpolation.go.
"""

from collections.abc import Callable

from mooring.compose import template
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.template import Lookup, Variable, variables
from mooring.errors import InputError, InputErrors
from mooring.sources import Position

__all__ = ["Lookup", "OnUnset", "Variable", "interpolate", "substitute", "variables"]

MAX_LENGTH = 100_000_000
"""Characters in all the texts of a document that hold variables, once these are written out."""

OnUnset = Callable[[str, Position | None], None]
"""Told of each variable without a value or default, and of where it stands."""


def interpolate(
    root: Node, lookup: Lookup, *, on_unset: OnUnset | None = None, source: bytes = b""
) -> Node:
    """
    Return ``root`` with its variables written out; what holds none is the same node.

    ``lookup`` gives the value of a variable, or None.  With ``source``, the content of the file,
    positions lead to the variable inside a text; otherwise to where the text begins.

    Raises:
        InputErrors: required variables without a value and malformed expressions, all at once.
    """
    walk = _Walk(lookup, on_unset, source)
    try:
        result = walk.node(root)
    except InputError as error:
        raise InputErrors([*walk.errors, error]) from None
    if walk.errors:
        raise InputErrors(walk.errors)
    return result


def substitute(
    text: str,
    lookup: Lookup,
    *,
    on_unset: OnUnset | None = None,
    position: Position | None = None,
) -> str:
    """
    Return ``text`` with its variables written out.

    Raises:
        InputErrors: as `interpolate`, all at ``position``.
    """
    expansion = template.expand(text, lookup)
    if on_unset is not None:
        for name, _ in expansion.unset:
            on_unset(name, position)
    if expansion.faults:
        raise InputErrors(
            InputError(fault.message, position=position, remedy=fault.remedy)
            for fault in expansion.faults
        )
    return expansion.text


class _Walk:
    """One pass over a document."""

    def __init__(self, lookup: Lookup, on_unset: OnUnset | None, source: bytes) -> None:
        self.errors: list[InputError] = []
        self._lookup = lookup
        self._on_unset = on_unset
        self._places = _Places(source)
        self._length = 0
        self._done: dict[int, Node] = {}  # by the identity of collections below the root

    def node(self, node: Node) -> Node:
        if isinstance(node, Scalar):
            value = node.value
            return self._text(node, value) if isinstance(value, str) and "$" in value else node
        done = self._done.get(id(node))
        if done is None:
            done = self._mapping(node) if isinstance(node, Mapping) else self._sequence(node)
            self._done[id(node)] = done
        return done

    def _mapping(self, node: Mapping) -> Mapping:
        entries = node.entries
        for name, value in node.entries.items():
            written = self.node(value)
            if written is not value:
                if entries is node.entries:
                    entries = dict(entries)
                entries[name] = written
        return node if entries is node.entries else Mapping(entries, node.position, node.keys)

    def _sequence(self, node: Sequence) -> Sequence:
        items = tuple([self.node(item) for item in node.items])
        if all(new is old for new, old in zip(items, node.items, strict=True)):
            return node
        return Sequence(items, node.position)

    def _text(self, node: Scalar, text: str) -> Scalar:
        expansion = template.expand(text, self._lookup)
        self._length += len(expansion.text)
        if self._length > MAX_LENGTH:
            raise InputError(
                f"variables make this document more than {MAX_LENGTH:,} characters long",
                position=node.position,
                remedy="look for a variable with a very long value",
            )
        if self._on_unset is not None:
            for name, offset in expansion.unset:
                self._on_unset(name, self._places.find(node.position, text, offset))
        for fault in expansion.faults:
            position = self._places.find(node.position, text, fault.offset)
            self.errors.append(InputError(fault.message, position=position, remedy=fault.remedy))
        if expansion.text == text and not expansion.variables:
            return node
        return Scalar(expansion.text, node.position, expansion.variables)


class _Places:
    """Finds the place of a dollar sign in a file, where only the text around it has a position."""

    def __init__(self, source: bytes) -> None:
        self._source = source
        self._lines: list[str] | None = None

    def find(self, start: Position | None, text: str, offset: int) -> Position | None:
        """
        Return where ``text[offset]``, a dollar sign, stands; else ``start``, where ``text`` does.

        Quotes, folding and indentation change a text, but the n-th dollar sign of a text is the
        n-th of its source, unless it is written as an escape.
        """
        if start is None or not self._source:
            return start
        if self._lines is None:
            decoded = self._source.decode(errors="replace").removeprefix("\ufeff")
            self._lines = decoded.splitlines()
        to_skip = text.count("$", 0, offset)
        column = start.column - 1
        for number in range(start.line - 1, len(self._lines)):
            line = self._lines[number]
            in_line = line.count("$", column)
            if to_skip < in_line:
                for _ in range(to_skip + 1):
                    column = line.index("$", column) + 1
                return Position(start.file, number + 1, column)
            to_skip -= in_line
            column = 0
        return start
