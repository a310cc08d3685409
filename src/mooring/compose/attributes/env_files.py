"""
``env_file``: files with environment variables, in the order in which they count.

Source: Compose Specification, "env_file".
"""

from mooring.compose.attributes import short_text
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.rewriting import added

_DEFAULTS: dict[str, Node] = {"required": Scalar(True)}


def canonical(node: Node) -> Node:
    """Return the list of files in long form; a file is required unless it says otherwise."""
    listed = short_text.listed(node)
    if not isinstance(listed, Sequence):
        return node
    return Sequence(tuple(map(_file, listed.items)), listed.position)


def identity(node: Node) -> str:
    """Return what identifies an env file: its path as written."""
    path = node.get("path") if isinstance(node, Mapping) else node
    return path.value if isinstance(path, Scalar) and isinstance(path.value, str) else ""


def _file(node: Node) -> Node:
    if isinstance(node, Scalar):
        return Mapping({"path": node, **_DEFAULTS}, node.position)
    return added(node, _DEFAULTS) if isinstance(node, Mapping) else node
