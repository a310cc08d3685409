"""
``networks`` and ``models`` of a service: a list of names, or a mapping from name to options.

Source: Compose Specification, "networks", "models".
"""

from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.sources import Position


def canonical(node: Node) -> Node:
    """Return the mapping from name to options; a name alone has none (null)."""
    if not isinstance(node, Sequence):
        return node
    entries: dict[str, Node] = {}
    keys: dict[str, Position] = {}
    for item in node.items:
        if isinstance(item, Scalar):
            name = str(item.value)
            entries[name] = Scalar(None, item.position)
            if item.position:
                keys[name] = item.position
    return Mapping(entries, node.position, keys)
