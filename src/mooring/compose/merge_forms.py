"""
The forms in which one value can be written, brought to the one that merging needs.

A list of ``key=value`` texts and a mapping mean the same, as do a list of names and a mapping from
each name to nothing, and a build context alone and a build with nothing but a context.
"""

from collections.abc import Iterable

from mooring.compose import scalar_text
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.sources import Position


def is_null(node: Node) -> bool:
    """Tell whether ``node`` is a null."""
    return isinstance(node, Scalar) and node.value is None


def kind(node: Node) -> str:
    """Return what ``node`` is, in words for a message."""
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Sequence):
        return "a list"
    return "nothing" if node.value is None else "a single value"


def key_values(node: Node) -> Sequence:
    """
    Return ``node`` as a list: of ``key=value`` texts, sorted, where it is a mapping.

    A key with several values (as in ``extra_hosts``) gives one entry for each; a null value
    leaves the key alone.
    """
    if isinstance(node, Sequence):
        return node
    if isinstance(node, Mapping):
        found: list[Scalar] = []
        for name, value in node.entries.items():
            values = value.items if isinstance(value, Sequence) else (value,)
            found.extend(
                _key_value(name, one, one.position or node.key_position(name)) for one in values
            )
        found.sort(key=lambda entry: str(entry.value))
        return Sequence(tuple(found), node.position)
    if isinstance(node.value, str):
        return Sequence((node,), node.position)
    return Sequence((), node.position)


def _key_value(name: str, value: Node, position: Position | None) -> Scalar:
    if is_null(value):
        return Scalar(name, position)
    variables = value.variables if isinstance(value, Scalar) else ()
    return Scalar(f"{name}={scalar_text.text(value)}", position, variables)


def build_context(node: Node) -> Mapping | None:
    """Return the build that ``node`` is, where a text is its context; None for a list."""
    if isinstance(node, Mapping):
        return node
    if isinstance(node, Sequence):
        return None
    if node.value is None:
        return Mapping({}, node.position)
    return Mapping({"context": node}, node.position)


def mapping_of_names(node: Node, defaults: dict[str, Node]) -> Mapping | None:
    """
    Return ``node`` as a mapping; each name of a list stands for ``defaults``, or for nothing.

    None means that a name is not a text.
    """
    if isinstance(node, Mapping):
        return node
    if isinstance(node, Scalar):
        if node.value is None:
            return Mapping({}, node.position)
        items: Iterable[Node] = (node,)
    else:
        items = node.items
    entries: dict[str, Node] = {}
    keys: dict[str, Position] = {}
    for item in items:
        if not isinstance(item, Scalar) or not isinstance(item.value, str):
            return None
        entries[item.value] = (
            Mapping(dict(defaults), item.position) if defaults else Scalar(None, item.position)
        )
        if item.position:
            keys[item.value] = item.position
    return Mapping(entries, node.position, keys)
