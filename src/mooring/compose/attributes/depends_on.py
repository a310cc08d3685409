"""
``depends_on``: which services must be up, and how far, before this one starts.

Source: Compose Specification, "depends_on".
"""

from mooring.compose.attributes.named_mapping import by_name
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.rewriting import added
from mooring.sources import Position

_DEFAULTS: dict[str, Node] = {"condition": Scalar("service_started"), "required": Scalar(True)}


def canonical(node: Node) -> Node:
    """Return the mapping from service to condition."""
    if isinstance(node, Mapping):
        return Mapping(
            {name: _dependency(value) for name, value in node.entries.items()},
            node.position,
            node.keys,
        )
    if not isinstance(node, Sequence):
        return node
    return by_name(node, lambda at: Mapping(_DEFAULTS, at))


def implied(position: Position | None, *, restart: bool) -> Mapping:
    """Return the dependency that another attribute at ``position`` implies."""
    return Mapping(
        {
            "condition": Scalar("service_started", position),
            "restart": Scalar(restart, position),
            "required": Scalar(True, position),
        },
        position,
    )


def _dependency(node: Node) -> Node:
    return added(node, _DEFAULTS) if isinstance(node, Mapping) else node
