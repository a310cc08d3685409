"""Whether a Compose document has the shape that the Compose Specification asks for."""

from mooring.compose.nodes import Node
from mooring.errors import InputError


def check(root: Node) -> list[InputError]:
    """Return every fault of shape below ``root``: unknown keys, wrong types, missing keys."""
    raise NotImplementedError
