"""
``healthcheck.test``: how to see whether a container is well; a text runs in the image's shell.

Source: Compose Specification, "healthcheck".
"""

from mooring.compose.attributes import short_text
from mooring.compose.nodes import Node, Scalar, Sequence

KINDS = ("CMD", "CMD-SHELL", "NONE")


def typed_test(node: Node) -> Node | None:
    """Return the list that begins with what kind of test it is; None where it is empty."""
    if isinstance(node, Scalar):
        return Sequence((short_text.piece(node, "CMD-SHELL"), node), node.position)
    return node if isinstance(node, Sequence) and node.items else None
