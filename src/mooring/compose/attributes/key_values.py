"""
``environment``, labels, options: names with values, as a mapping or as ``KEY=value`` texts.

All values are texts in the end.  Only variables may stand without a value (null), which is not the
same as an empty one: it takes away what an env file says.

Source: Compose Specification, "environment", "labels".
"""

from mooring.compose import scalar_text
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.errors import InputError
from mooring.sources import Position


class SpaceAfterName(InputError):
    """A variable whose name ends with a space, which no program would find."""

    def __init__(self, name: str, position: Position | None) -> None:
        super().__init__(
            f'the variable "{name}" has a space at the end of its name',
            position=position,
            remedy=f'remove the space before "=", as in "{name.rstrip()}=value"',
        )


def variables(node: Node) -> Node | None:
    """
    Return the mapping from name to text, null where there is no value; None where empty.

    Raises:
        InputError: a name ends with a space.
    """
    return _mapping(node, unset=None)


def texts(node: Node) -> Node | None:
    """Return the mapping from name to text, empty where there is no value; None where empty."""
    return _mapping(node, unset="")


def strict_texts(node: Node) -> Node | None:
    """
    Return the mapping from name to text, where each value is a text or an integer; as `texts`.

    Raises:
        InputError: a value is a boolean, a number with a fraction, a list or a mapping.
    """
    if isinstance(node, Mapping):
        for value in node.entries.values():
            if not isinstance(value, Scalar) or isinstance(value.value, bool | float):
                raise InputError(
                    "a value here must be a text",
                    position=value.position or node.position,
                    remedy="put it in quotes",
                )
    return texts(node)


def _mapping(node: Node, *, unset: str | None) -> Node | None:
    entries: dict[str, Node] = {}
    keys: dict[str, Position] = {}
    if isinstance(node, Mapping):
        keys = node.keys
        for name, value in node.entries.items():
            if isinstance(value, Scalar) and type(value.value) is str:
                entries[name] = value
            elif isinstance(value, Scalar) and value.value is None:
                entries[name] = Scalar(unset, value.position, value.variables)
            else:
                entries[name] = _as_text(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            text = _as_text(item)
            name, equals, rest = str(text.value).partition("=")
            if unset is None and name and name[-1].isspace():
                raise SpaceAfterName(name, item.position)
            value_text = rest if equals else unset
            entries[name] = Scalar(value_text, text.position, text.variables)
            if text.position:
                keys[name] = text.position
    return Mapping(entries, node.position, keys) if entries else None


def _as_text(node: Node) -> Scalar:
    found = node.variables if isinstance(node, Scalar) else ()
    return Scalar(scalar_text.text(node), node.position, found)
