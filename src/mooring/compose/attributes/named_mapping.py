"""
``networks`` and ``models`` of a service: a list of names, or a mapping from name to options.

Source: Compose Specification, "networks", "models".
"""

from collections.abc import Callable

from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.sources import Position


def canonical(node: Node) -> Node:
    """Return the mapping from name to options; a name alone has none (null)."""
    return by_name(node, lambda at: Scalar(None, at)) if isinstance(node, Sequence) else node


def by_name(names: Sequence, options: Callable[[Position | None], Node]) -> Mapping:
    """Return the mapping from each of ``names`` to the ``options`` made for its position."""
    entries: dict[str, Node] = {}
    keys: dict[str, Position] = {}
    for item in names.items:
        if isinstance(item, Scalar):
            name = str(item.value)
            entries[name] = options(item.position)
            if item.position:
                keys[name] = item.position
    return Mapping(entries, names.position, keys)
