"""
``gpus`` and device reservations: which devices a container asks for.

Source: Compose Specification, "gpus", "devices" of the Deploy Specification.
"""

from mooring.compose.attributes import key_values
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.rewriting import added
from mooring.compose.values import integer, list_of, record, text, text_list, wrong
from mooring.errors import InputError

_DEFAULTS: dict[str, Node] = {"count": Scalar("all")}


def canonical(node: Node) -> Node:
    """Return the list of device requests that ``gpus: all`` stands for."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        request = Mapping({"count": Scalar("all", node.position, node.variables)}, node.position)
        return Sequence((request,), node.position)
    return node


def with_count(node: Node) -> Node:
    """Return a request that says how many: all, where it names neither count nor devices."""
    if not isinstance(node, Mapping) or "device_ids" in node.entries:
        return node
    return added(node, _DEFAULTS)


def fault(node: Node) -> InputError | None:
    """Return the contradiction in a request, or None."""
    if isinstance(node, Mapping) and "count" in node.entries and "device_ids" in node.entries:
        return InputError(
            '"count" and "device_ids" exclude each other',
            position=node.key_position("device_ids"),
            remedy="keep device_ids for certain devices, or count for any",
        )
    return None


def _count(node: Node) -> Node | None:
    """``all`` is minus one."""
    if isinstance(node, Scalar) and isinstance(node.value, str):
        if node.value.lower() == "all":
            return Scalar(-1, node.position, node.variables)
        return integer(node)
    if isinstance(node, Scalar) and type(node.value) is int:
        return node if node.value else None
    raise wrong(node, "is no number of devices", 'write a number, or "all"')


typed = list_of(
    record(
        {
            "capabilities": text_list,
            "driver": text,
            "count": _count,
            "device_ids": text_list,
            "options": key_values.texts,
        }
    )
)
"""Reads a list of requests; ``all`` devices are minus one."""
