"""
Whether a Compose model has the shape that the Compose Specification asks for.

What is refused is exactly what the specification's JSON schema refuses: the tables in `grammar`
say the same in another form.  All faults are found in one pass, each with its position, what it is
and what to do about it.

Docker Compose checks each file after interpolation, casts (`casts`), merge with the files before
it and `unicity`, and before long forms (`canonical`); a text that became a number or a list entry
that stood there twice is no fault then.
"""

from collections.abc import Callable

from mooring.compose import suggest
from mooring.compose.grammar.project import PROJECT
from mooring.compose.grammar.shapes import Entries, Items, Scalars, Shape
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence, path_text
from mooring.errors import InputError
from mooring.sources import Position


class ShapeError(InputError):
    """A value at a place where the Compose Specification does not allow it."""


class UnknownAttribute(ShapeError):
    """A name that the Compose Specification does not know at this place."""


class MissingAttribute(ShapeError):
    """An attribute that must stand beside the others is absent."""


class WrongType(ShapeError):
    """A text, number, list or mapping where another kind of value belongs."""


class ValueNotAllowed(ShapeError):
    """A value of the right type that the specification does not allow."""


def check(root: Node) -> list[InputError]:
    """Return every fault of shape below ``root``, in the order of the file."""
    return check_against(PROJECT, root)


def check_against(shape: Shape, node: Node) -> list[InputError]:
    """Return every fault of ``node`` against ``shape``, in the order of the file."""
    walk = _Walk()
    walk.check(node, shape, None)
    return walk.errors


class _Walk:
    """One pass over a model: where it stands, and what it found."""

    __slots__ = ("errors", "trail")

    def __init__(self) -> None:
        self.errors: list[InputError] = []
        self.trail: list[str | int] = []

    def check(self, node: Node, shape: Shape, key: Position | None) -> None:
        """Check ``node``; ``key`` is where its name stands, for values without a position."""
        if isinstance(node, Scalar):
            scalars = shape.scalars
            if scalars is None or not _has_type(node.value, scalars.types):
                self._wrong_type(node, shape, key)
            elif scalars.is_constrained:
                self._check_constraints(node, scalars, key)
        elif isinstance(node, Mapping):
            if shape.entries is None:
                self._wrong_type(node, shape, key)
            else:
                self._check_entries(node, shape.entries, key)
        elif shape.items is None:
            self._wrong_type(node, shape, key)
        else:
            self._check_items(node, shape.items)

    def _check_entries(self, node: Mapping, entries: Entries, key: Position | None) -> None:
        fields = entries.fields
        names, values = entries.names, entries.values
        trail = self.trail
        for name, value in node.entries.items():
            shape = fields.get(name)
            if shape is None:
                if values is not None and names is not None and names.allows(name):
                    shape = values
                else:
                    if not entries.open and not (entries.extensions and name.startswith("x-")):
                        self._unknown(name, node, entries)
                    continue
            scalars = shape.scalars
            if (
                scalars is not None
                and isinstance(value, Scalar)
                and type(value.value) in scalars.types
                and not scalars.is_constrained
            ):
                continue
            trail.append(name)
            self.check(value, shape, node.keys.get(name))
            trail.pop()
        for name in entries.required:
            if name not in node.entries:
                self._missing((name,), node, key)
        one_of = entries.one_of_required
        if one_of and not any(name in node.entries for name in one_of):
            self._missing(one_of, node, key)

    def _check_items(self, node: Sequence, items: Items) -> None:
        trail = self.trail
        for index, item in enumerate(node.items):
            trail.append(index)
            self.check(item, items.shape, None)
            trail.pop()
        if items.unique and len(node.items) > 1:
            self._check_unique(node)

    def _check_unique(self, node: Sequence) -> None:
        seen: dict[object, Node] = {}
        for item in node.items:
            first = seen.setdefault(_identity(item), item)
            if first is not item:
                where = f", first at {first.position}" if first.position else ""
                self._add(
                    ValueNotAllowed,
                    f"{_shown(item)} stands there twice{where}",
                    item.position or node.position,
                    "remove one of the two",
                )

    def _check_constraints(self, node: Scalar, scalars: Scalars, key: Position | None) -> None:
        value = node.value
        if isinstance(value, str):
            if scalars.choices and value not in scalars.choices:
                self._add(
                    ValueNotAllowed,
                    f'must be {suggest.one_of(scalars.choices)}, not "{value}"',
                    node.position or key,
                    suggest.did_you_mean(value, scalars.choices),
                )
            elif scalars.matches and not scalars.matches(value):
                self._add(
                    ValueNotAllowed,
                    f'cannot be "{value}"',
                    node.position or key,
                    f"use {scalars.example}",
                )
        elif isinstance(value, int | float) and scalars.minimum is not None:
            if value < scalars.minimum:
                limit = f"must be at least {scalars.minimum}, not {value}"
            elif scalars.maximum is not None and value > scalars.maximum:
                limit = f"must be at most {scalars.maximum}, not {value}"
            else:
                return
            self._add(ValueNotAllowed, limit, node.position or key, None)

    def _wrong_type(self, node: Node, shape: Shape, key: Position | None) -> None:
        if isinstance(node, Scalar) and node.value is None:
            message = f"has no value; it must be {describe(shape)}"
            remedy: str | None = "give it a value, or remove the line"
        else:
            message = f"must be {describe(shape)}, not {kind_of(node)}"
            remedy = _remedy(node, shape)
            if _is_number(node) and self.trail and self.trail[-1] in _DURATIONS:
                remedy = f'write it with its unit: "{_shown(node)}s"'
        self._add(WrongType, message, node.position or key, remedy)

    def _unknown(self, name: str, node: Mapping, entries: Entries) -> None:
        position = node.key_position(name)
        self.trail.append(name)
        if entries.names is not None and not entries.fields:
            message = f"a name here must be {entries.names.description}"
            self._add(ValueNotAllowed, message, position, None)
        else:
            message = "is no attribute that Compose knows here"
            self._add(UnknownAttribute, message, position, _meant(name, entries))
        self.trail.pop()

    def _missing(self, names: tuple[str, ...], node: Mapping, key: Position | None) -> None:
        wanted = suggest.one_of(names)
        self._add(
            MissingAttribute,
            f"{wanted} is missing",
            key or node.position,
            f"add {wanted}",
        )

    def _add(
        self,
        error: Callable[..., ShapeError],
        message: str,
        position: Position | None,
        remedy: str | None,
    ) -> None:
        place = path_text(tuple(self.trail)) or "the file"
        self.errors.append(error(f"{place}: {message}", position=position, remedy=remedy))


def describe(shape: Shape) -> str:
    """Return what ``shape`` allows in a user's words: "a text or a list of texts"."""
    parts: list[str] = []
    if shape.scalars is not None:
        types = shape.scalars.types
        if str in types:
            parts.append("a text")
        if float in types:
            parts.append("a number")
        elif int in types:
            parts.append("an integer")
        if bool in types:
            parts.append("true or false")
    if shape.items is not None:
        scalars = shape.items.shape.scalars
        only_texts = scalars is not None and scalars.types == {str}
        parts.append("a list of texts" if only_texts else "a list")
    if shape.entries is not None:
        parts.append("a mapping")
    return " or ".join(parts)


def kind_of(node: Node) -> str:
    """Return what kind of value ``node`` is in a user's words: "a list", "the number 5"."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    value = node.value
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return f"the boolean {_shown(node)}"
    if isinstance(value, str):
        return f"the text {_shown(node)}"
    return f"the number {value}"


def _has_type(value: object, types: frozenset[type]) -> bool:
    kind = type(value)
    if kind in types:
        return True
    # JSON knows no difference between 1 and 1.0.
    return isinstance(value, float) and int in types and value.is_integer()


def _identity(node: Node) -> object:
    """Return a value that is the same for nodes that JSON cannot tell apart."""
    if isinstance(node, Scalar):
        value = node.value
        return (value,) if isinstance(value, bool) else value
    if isinstance(node, Mapping):
        return frozenset((name, _identity(value)) for name, value in node.entries.items())
    return ("a list", *map(_identity, node.items))


def _shown(node: Node) -> str:
    """Return ``node`` short enough for a message."""
    if not isinstance(node, Scalar):
        return kind_of(node)
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        first, *more = value.split("\n")
        return f'"{first[:60]}…"' if more or len(first) > 60 else f'"{first}"'
    return str(value)


_DURATIONS = frozenset(
    {"interval", "timeout", "start_period", "start_interval", "stop_grace_period", "delay",
     "monitor", "window"}
)  # fmt: skip
"""Attributes whose text is a duration, which always has a unit."""


def _is_number(node: Node) -> bool:
    return (
        isinstance(node, Scalar)
        and isinstance(node.value, int | float)
        and not isinstance(node.value, bool)
    )


def _remedy(node: Node, shape: Shape) -> str | None:
    types = shape.scalars.types if shape.scalars else frozenset()
    if isinstance(node, Scalar):
        if str in types and node.value is not None:
            return f'put it in quotes: "{_shown(node)}"'
        if shape.items is not None and not types:
            return 'write it as a list: put "- " before it on a line of its own'
        if shape.entries is not None and not types:
            return "write it as a mapping: attributes with values, indented below"
        if bool in types:
            return "write true or false"
    elif isinstance(node, Sequence) and shape.items is None and shape.entries is not None:
        return 'write it as a mapping: remove the "- " before the names'
    elif isinstance(node, Mapping) and shape.entries is None and shape.items is not None:
        return 'write it as a list: put "- " before each entry'
    return None


def _meant(name: str, entries: Entries) -> str | None:
    """Return what to do about the unknown ``name``: the name meant, or where it belongs."""
    remedy = suggest.did_you_mean(name, entries.fields)
    if remedy is None:
        deeper = _found_below(name, entries)
        if deeper is not None:
            remedy = f'"{name}" belongs under "{deeper}"'
        elif entries.extensions:
            remedy = f'remove it; a name of your own begins with "x-", as in "x-{name}"'
        else:
            remedy = f"known here: {suggest.one_of(entries.fields)}" if entries.fields else None
    return remedy


def _found_below(name: str, entries: Entries) -> str | None:
    """Return where an attribute called ``name`` stands two or three levels below, if it does."""
    levels: list[tuple[str, Entries]] = [("", entries)]
    for _ in range(3):
        deeper: list[tuple[str, Entries]] = []
        for place, known in levels:
            for field, shape in known.fields.items():
                if shape.entries is not None:
                    path = f"{place}.{field}" if place else field
                    if name in shape.entries.fields:
                        return path
                    deeper.append((path, shape.entries))
        levels = deeper
    return None
