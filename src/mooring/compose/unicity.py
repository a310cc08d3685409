"""Which entries of a list are the same thing said twice."""

from mooring.compose.nodes import Mapping, Node, Path


def key(path: Path, node: Node) -> str | None:
    """
    Return what identifies the list entry ``node`` at ``path``, or None where entries may repeat.

    ``path`` leads to the list (``("services", "web", "ports")``), without the index.
    """
    raise NotImplementedError


def enforce(root: Mapping) -> Mapping:
    """
    Return ``root`` with one entry per identity: the last said, at the place of the first.

    Raises:
        InputErrors: an entry lacks what identifies it (a volume without a target).
    """
    raise NotImplementedError
