"""
Anchors and aliases: what an alias repeats, and how much of it a document may ask for.

An alias is refused where Docker Compose refuses it: when it stands inside its own anchor, when
what it repeats is nearly all of the document (an "alias bomb" of a few lines could otherwise mean
billions of values), or when the same anchor is used at a place and again below that place.

Sources: compose-go 2.16.2 (loader/reset.go, checkForCycle), go-yaml 4.0.0-rc.4 (allowedAliasRatio).
"""

from typing import Literal, TypeAlias

import msgspec

from mooring.compose.nodes import Node, Path, path_text
from mooring.errors import InputError
from mooring.sources import Position

_FEW_ALIASED = 100
_SMALL_DOCUMENT = 1_000
_FULL_RATIO_SIZE, _LOW_RATIO_SIZE = 400_000, 4_000_000
_FULL_RATIO, _LOW_RATIO = 0.99, 0.10


TagName: TypeAlias = Literal["!reset", "!override"]


class Tag(msgspec.Struct, frozen=True):
    """
    A place where a document says what becomes of the value in earlier files.

    ``!reset`` removes it and is not itself part of the document; ``!override`` puts the document's
    own value in its place.  ``path`` leads through merge keys as though they were not there.
    """

    path: Path
    name: TagName
    position: Position


class Anchor:
    """What an anchor names, and where aliases have put it in the document being read."""

    __slots__ = ("_uses", "depth", "node", "removed", "size", "tags")

    def __init__(self, node: Node | None = None, *, removed: bool = False) -> None:
        self.node = node
        """None while the anchored collection is being read, and where it is reset."""
        self.removed = removed
        """The value is tagged ``!reset``."""
        self.size = 1
        """Values and keys of the node, itself and those behind aliases included."""
        self.depth = 0
        """Collections inside one another, from the node inwards."""
        self.tags: tuple[Tag, ...] = ()
        """Tags on and in the node, which every alias repeats; paths begin at the node."""
        self._uses: _Uses = {}

    def forget_uses(self) -> None:
        """Begin another document, in which no alias has been used."""
        self._uses = {}

    def use(self, path: Path, name: str, position: Position) -> None:
        """
        Note that an alias puts the node at ``path``.

        Raises:
            InputError: the node is at a path above or below this one already, as happens when it
                is merged into a mapping and into a mapping inside that.
        """
        place = self._uses
        for length, part in enumerate(path):
            if _USED in place:
                raise _taken_for_cycle(name, path[:length], position)
            place = place.setdefault(part, {})
        if any(part is not _USED for part in place):
            raise _taken_for_cycle(name, path, position)
        place[_USED] = {}


_Uses: TypeAlias = "dict[str | int | None, _Uses]"
"""The places of a node, by the parts of their paths; ``_USED`` marks the end of one."""

_USED = None


def _taken_for_cycle(name: str, outer: Path, position: Position) -> InputError:
    return InputError(
        f'"*{name}" is used at {path_text(outer)} and again inside that, '
        "which Docker Compose takes for a cycle",
        position=position,
        remedy="write the value out at one of the two places",
    )


def check_expansion(size: int, aliased: int, position: Position) -> None:
    """
    Check that a document is not made of aliases.

    ``size`` counts its values and keys with aliases written out, ``aliased`` those of them that
    stand behind an alias.

    Raises:
        InputError: Docker Compose would refuse to write the aliases out.
    """
    if aliased <= _FEW_ALIASED or size <= _SMALL_DOCUMENT:
        return
    beyond = (size - _FULL_RATIO_SIZE) / (_LOW_RATIO_SIZE - _FULL_RATIO_SIZE)
    allowed = _FULL_RATIO - (_FULL_RATIO - _LOW_RATIO) * min(max(beyond, 0.0), 1.0)
    if aliased > allowed * size:
        raise InputError(
            f"aliases make this document {size:,} values long, nearly all of them repeated",
            position=position,
            remedy="repeat less: an alias of a value that holds aliases multiplies them",
        )
