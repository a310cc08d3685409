"""
``devices``: host devices in a container, short as ``source[:target[:permissions]]``.

Source: Compose Specification, "devices".
"""

from mooring.compose.attributes import short_text
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.errors import InputError


def canonical(node: Node) -> Node:
    """
    Return the list of devices in long form.

    Raises:
        InputError: a text of more than three parts.
    """
    if not isinstance(node, Sequence):
        return node
    return Sequence(tuple(map(_device, node.items)), node.position)


def identity(node: Node) -> str:
    """
    Return what identifies a device: its target.

    Raises:
        InputError: a long form without a target.
    """
    if isinstance(node, Mapping):
        target = node.get("target")
        if isinstance(target, Scalar) and isinstance(target.value, str):
            return target.value
        raise InputError(
            "a device has no target",
            position=node.position,
            remedy="add the path in the container, as in target: /dev/ttyUSB0",
        )
    if isinstance(node, Scalar) and isinstance(node.value, str):
        parts = node.value.split(":")
        return parts[0] if len(parts) == 1 else parts[1]
    return ""


def _device(node: Node) -> Node:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return node
    source, *more = node.value.split(":")
    if len(more) > 2:
        raise InputError(
            f'device "{node.value}" has too many colons',
            position=node.position,
            remedy="use the long form: source, target and permissions, each on a line",
        )
    return short_text.long_form(
        node,
        source=source,
        target=(more[0] if more else "") or source,
        permissions=more[1] if len(more) == 2 else "rwm",
    )
