"""
A YAML value that remembers where it stands.

Three kinds of node, as in YAML: scalar, sequence, mapping.  They are frozen: interpolation, merge
and canonical forms make new nodes and keep the position of the text that won.
"""

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from mooring.sources import Position

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"
ScalarValue: TypeAlias = str | int | float | bool | None


class Scalar(msgspec.Struct, frozen=True, gc=False):
    """
    A text, number, boolean or null, typed as Compose's YAML reader types it.

    ``variables`` are the names of the variables whose values interpolation put into the text, so
    that what is made of a secret is known to be one.
    """

    value: ScalarValue
    position: Position | None = None
    variables: tuple[str, ...] = ()


class Sequence(msgspec.Struct, frozen=True):
    """An ordered list of nodes."""

    items: tuple["Node", ...]
    position: Position | None = None


class Mapping(msgspec.Struct, frozen=True):
    """
    Named nodes in the order of the file; names are unique texts.

    ``keys`` tells where a name stands; a name that canonical form or a default added has no
    position of its own.
    """

    entries: dict[str, "Node"]
    position: Position | None = None
    keys: dict[str, Position] = {}

    def get(self, name: str) -> "Node | None":
        """Return the node called ``name``, or None where there is none."""
        return self.entries.get(name)

    def key_position(self, name: str) -> Position | None:
        """Return where ``name`` stands, or else its value, or else this mapping."""
        found = self.keys.get(name)
        if found is None and name in self.entries:
            found = self.entries[name].position
        return found or self.position


Node: TypeAlias = Scalar | Sequence | Mapping
Path: TypeAlias = tuple[str | int, ...]


def plain(node: Node) -> Plain:
    """Return ``node`` as plain Python values, positions left out."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Mapping):
        return {name: plain(value) for name, value in node.entries.items()}
    return [plain(item) for item in node.items]


def leaves(node: Node, path: Path = ()) -> Iterator[tuple[Path, Node]]:
    """
    Yield every leaf below ``node`` with its path: each scalar, and each empty collection.

    An empty mapping or sequence is a leaf because writing it can mean something (an empty
    ``entrypoint`` clears the image's).
    """
    if isinstance(node, Mapping) and node.entries:
        for name, value in node.entries.items():
            yield from leaves(value, (*path, name))
    elif isinstance(node, Sequence) and node.items:
        for index, item in enumerate(node.items):
            yield from leaves(item, (*path, index))
    else:
        yield path, node


def path_text(path: Path) -> str:
    """Return ``path`` as it is shown: ``services.web.ports[0].target``."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else part
    return text
