"""
``ulimits``: what a process may use, as one number or as a soft and a hard limit.

Source: Compose Specification, "ulimits".
"""

from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.compose.values import mapping_of, record, wrong


def _read(node: Node) -> Node:
    """A limit is one number, or a mapping of soft and hard; a zero says nothing."""
    if isinstance(node, Mapping):
        made = _SOFT_AND_HARD(node)
        assert made is not None
        return made
    if isinstance(node, Scalar) and type(node.value) is int:
        return node if node.value else Mapping({}, node.position)
    raise wrong(node, "is not an integer", "write a number without a fraction")


def _whole_limit(node: Node) -> Node | None:
    if isinstance(node, Scalar) and type(node.value) is int:
        return node if node.value else None
    raise wrong(node, "is not an integer", "write a number without a fraction")


_SOFT_AND_HARD = record({"soft": _whole_limit, "hard": _whole_limit})
typed = mapping_of(_read)
"""Reads limits by name; none is no mapping."""
