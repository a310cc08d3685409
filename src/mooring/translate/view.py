"""
A Compose service as the attribute modules see it.

The service is in long form and has passed the shape check, so these readers assert what the
loader guarantees instead of guarding against it again.
"""

from collections.abc import Iterator
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.accounting import Path
from mooring.compose.dockerfile.facts import ImageFacts
from mooring.compose.environment import EnvValue
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.images.catalogue import KnownImage
from mooring.sources import Position


class ServiceView(msgspec.Struct, frozen=True):
    """
    One service of the project in long form.

    ``environment`` is resolved as Compose resolves it; ``image_facts`` is what the service's
    Dockerfile says, or None where it has none or it could not be read; ``known`` what the
    catalogue says of the program that its image runs.  ``within`` is set where
    the attributes are those of a part of the service (a ``pre_start`` step): the path of that part
    below the service.  ``full_name`` is ``<project>-<service>``, as Compose calls the image that it
    builds and, before a number, its containers; ``image_name`` is set where the image that it
    shares with others is called otherwise, and ``builder`` where another service builds the one
    that it names, from the folder ``builder_context``.  ``listens_elsewhere`` names the service
    that runs the same image to listen, where this one runs another command of it.
    """

    name: str
    attributes: Mapping
    environment: ReadOnly[str, EnvValue]
    image_facts: ImageFacts | None = None
    within: Path = ()
    known: KnownImage | None = None
    full_name: str = ""
    image_name: str = ""
    builder: str = ""
    builder_context: str = ""
    listens_elsewhere: str = ""

    @property
    def has_container(self) -> bool:
        """Whether a container of the service runs here, and not a program of its provider."""
        return self.get("image") is not None or self.get("build") is not None

    def get(self, attribute: str) -> Node | None:
        """Return the attribute's node, or None where it is absent or null."""
        node = self.attributes.entries.get(attribute)
        if node is None or (isinstance(node, Scalar) and node.value is None):
            return None
        return node

    def path(self, *parts: str | int) -> Path:
        """Return the path of something in this service, from the project's root."""
        return ("services", self.name, *self.within, *parts)

    def position(self, attribute: str) -> Position | None:
        """Return where the attribute's name stands, or else the service."""
        return self.attributes.key_position(attribute) or self.attributes.position


def text(node: Node) -> str:
    """Return the value of a scalar as the text that Compose would pass on."""
    assert isinstance(node, Scalar)
    value = node.value
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def texts(node: Node | None) -> tuple[str, ...]:
    """Return a sequence of scalars as texts; nothing is an empty tuple."""
    if node is None:
        return ()
    assert isinstance(node, Sequence)
    return tuple(text(item) for item in node.items)


def whole(node: Node) -> int:
    """Return a scalar that the loader made an integer, or a text of digits, as integer."""
    assert isinstance(node, Scalar)
    assert isinstance(node.value, int | str | float)
    return int(node.value)


def truth(node: Node | None) -> bool:
    """Return a boolean; absence is false, as everywhere in Compose."""
    return isinstance(node, Scalar) and node.value is True


def entries(node: Node | None) -> Iterator[tuple[str, Node]]:
    """Yield the names and nodes of a mapping; nothing yields nothing."""
    if node is not None:
        assert isinstance(node, Mapping)
        yield from node.entries.items()


def items(node: Node | None) -> Iterator[tuple[int, Node]]:
    """Yield the indices and nodes of a sequence; nothing yields nothing."""
    if node is not None:
        assert isinstance(node, Sequence)
        yield from enumerate(node.items)


def field(node: Node, name: str) -> Node | None:
    """Return a mapping's field, or None where it is absent or null."""
    assert isinstance(node, Mapping)
    found = node.entries.get(name)
    if found is None or (isinstance(found, Scalar) and found.value is None):
        return None
    return found
