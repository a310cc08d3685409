"""
``external`` of volumes, networks, secrets and configs: it exists already, under this name.

Source: Compose Specification; the mapping form with ``name`` is deprecated and still read.
"""

from mooring.compose import scalar_text
from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.errors import InputError


def canonical(node: Node) -> Node:
    """
    Return a resource whose ``external`` is true or false, and whose name stands under ``name``.

    Raises:
        InputError: two different names.
    """
    external = node.get("external") if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping) or not isinstance(external, Mapping):
        return node
    entries = {**node.entries, "external": Scalar(True, external.position)}
    name, outer = external.get("name"), node.get("name")
    if name is not None:
        if outer is None:
            entries["name"] = name
        elif scalar_text.text(outer) != scalar_text.text(name):
            raise InputError(
                f'the names "{scalar_text.text(outer)}" and "{scalar_text.text(name)}" '
                "(under external) contradict each other",
                position=name.position,
                remedy="keep name, and write external: true",
            )
    return Mapping(entries, node.position, node.keys)
