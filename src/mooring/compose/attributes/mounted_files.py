"""
``configs`` and ``secrets`` of a service or build: files by name.

Source: Compose Specification, "configs", "secrets".
"""

from mooring.compose import scalar_text
from mooring.compose.attributes import short_text
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.values import file_mode, list_of, record, text

SECRET_DIRECTORY = "/run/secrets"  # noqa: S105  (a path of the specification, no secret)


def canonical(node: Node) -> Node:
    """Return the list of files in long form."""
    if not isinstance(node, Sequence):
        return node
    return Sequence(
        tuple(
            short_text.long_form(item, source=item) if isinstance(item, Scalar) else item
            for item in node.items
        ),
        node.position,
    )


def config_identity(node: Node) -> str:
    """Return what identifies a config in a container: its target, or else its name."""
    return _identity(node, "")


def secret_identity(node: Node) -> str:
    """Return what identifies a secret in a container: its target."""
    return _identity(node, SECRET_DIRECTORY)


def with_target(node: Node) -> Node:
    """Return a secret of a service with the path at which the container finds it."""
    if not isinstance(node, Mapping) or "target" in node.entries:
        return node
    source = node.get("source")
    name = scalar_text.text(source) if source is not None else "<nil>"
    target = Scalar(f"{SECRET_DIRECTORY}/{name}", source.position if source else node.position)
    return Mapping({**node.entries, "target": target}, node.position, node.keys)


def _identity(node: Node, directory: str) -> str:
    if isinstance(node, Mapping):
        target = node.get("target")
        if target is not None:
            return scalar_text.text(target)
        source = node.get("source")
        node = source if source is not None else Scalar(None)
    return f"{directory}/{scalar_text.text(node)}"


typed = list_of(
    record({"source": text, "target": text, "uid": text, "gid": text, "mode": file_mode})
)
"""Reads a list of files in long form."""
