"""
The catalogue of well-known images: the facts about one, as far as they hold for its version.

Each family is one file in the folder beside this module (see `family_files`).  ``index.json``
there has all of them packed, a line for each repository and each family; of these, a look-up
decodes the two that it is about.
"""

import os
from functools import cache, lru_cache
from typing import Any

import msgspec

from mooring.images import mirrors, references, versions
from mooring.images.facts import FACTS, Fact, ImageFamily, Marks, Moved, NodeAgent, Role, User

PACKED = os.path.join(os.path.dirname(__file__), "catalogue", "index.json")
_FAMILIES = b',\n"families": {\n'
_FEW = 1 << 14
"""Bytes of the index: more than any line of it has, few enough to be read in one go."""


class KnownImage(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is known of one image.

    ``family`` has only the facts that hold for ``tag``; where the tag names no version, the
    newest was assumed (``assumes_newest``).  ``repository`` is the name under which the catalogue
    knows the image; ``mirrored`` tells that the reference names a mirror of it.
    """

    family: ImageFamily
    repository: str
    tag: versions.Tag
    mirrored: bool = False

    @property
    def assumes_newest(self) -> bool:
        """Whether the facts are those of the newest version, for want of a number in the tag."""
        return self.tag.version is None

    @property
    def moved(self) -> Moved | None:
        """What is known of the image's removal from the repository that the reference names."""
        if self.mirrored:
            return None
        found = (moved for moved in self.family.moved if moved.repository == self.repository)
        return next(found, None)


@lru_cache(maxsize=4096)
def lookup(reference: str) -> KnownImage | None:
    """
    Return what is known of the image that ``reference`` names; None where it is in no catalogue.

    A text that is no image reference is no known image either.
    """
    parsed = references.parse(reference)
    if parsed is None:
        return None
    repository, mirrored = parsed.name, False
    files = _beginning().files
    if repository not in files:
        original = mirrors.original_name(parsed)
        if original is None or original not in files:
            return None
        repository, mirrored = original, True
    family = family_of(files[repository])
    tag = versions.read_tag(parsed.tag, prefix=family.version_prefix)
    return KnownImage(
        family=holding_for(family, tag), repository=repository, tag=tag, mirrored=mirrored
    )


def named(family: str) -> KnownImage | None:
    """Return what is known of the newest image of the file ``family``; None: there is no such."""
    if family not in families():
        return None
    newest = versions.read_tag(None, prefix=None)
    stated = family_of(family)
    return KnownImage(
        family=holding_for(stated, newest), repository=stated.repositories[0], tag=newest
    )


def families() -> tuple[str, ...]:
    """Return the names of the files in their order: each answers for a repository at least."""
    return tuple(sorted(set(_beginning().files.values())))


@cache
def marks() -> dict[str, tuple[Marks, ...]]:
    """Return by what services of a family are recognised, by the names of the files."""
    return {
        file: tuple(Marks(**_frozen(one)) for one in stated)
        for file, stated in _beginning().marks.items()
    }


@cache
def family_of(file: str) -> ImageFamily:
    """
    Return the family that the file ``<file>.yaml`` states, as it is packed.

    The index was written from checked families, so nothing is checked once more: making out what
    msgspec has to check takes longer than a small conversion looks up.
    """
    family: dict[str, Any] = msgspec.json.decode(_line(file))
    for name, stated in family.items():
        kind = FACTS.get(name)
        if kind is not None:
            family[name] = tuple(kind(**_frozen(fact)) for fact in stated)
    family["role"] = Role(family["role"])
    if "node_agent" in family:
        family["node_agent"] = NodeAgent(family["node_agent"])
    return ImageFamily(**_frozen(family))


def _frozen(stated: dict[str, Any]) -> dict[str, Any]:
    """Return ``stated`` with tuples where JSON has arrays."""
    return {
        name: tuple(value) if isinstance(value, list) else value for name, value in stated.items()
    }


def _line(file: str) -> bytes:
    """
    Return what ``index.json`` says of the family ``file``, as JSON.

    The families are lines in the order of their names, so a few of the long file lead to it.
    """
    name = msgspec.json.encode(file)
    begin = _beginning().end
    with open(PACKED, "rb") as index:
        end = index.seek(0, os.SEEK_END)
        while end - begin > _FEW:
            middle = (begin + end) // 2
            index.seek(middle)
            index.readline()  # of the line at the middle what is left
            place = index.tell()
            if place < end and _name(index.readline()) <= name:
                begin = place
            else:
                end = middle
        index.seek(begin)
        line = next(line for line in index if _name(line) == name)
    return line[len(name) + 2 :].removesuffix(b"\n").removesuffix(b",")


def _name(line: bytes) -> bytes:
    """Return the name at the beginning of a line of the index, as JSON."""
    return line[: line.find(b": ")]


class _Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """What ``index.json`` has before the families: which file answers for what, and marks."""

    files: dict[str, str]
    marks: dict[str, list[dict[str, Any]]]
    end: int


@cache
def _beginning() -> _Beginning:
    beginning = b""
    with open(PACKED, "rb") as index:
        while _FAMILIES not in beginning:
            beginning += index.read(_FEW)
    stated, mark, _ = beginning.partition(_FAMILIES)
    return _Beginning(**msgspec.json.decode(stated + b"}"), end=len(stated) + len(mark))


def holding_for(family: ImageFamily, tag: versions.Tag) -> ImageFamily:
    """Return ``family`` without the facts of other versions and the users of other variants."""
    changes: dict[str, tuple[Fact, ...]] = {}
    for name in ImageFamily.__struct_fields__:
        stated = getattr(family, name)
        if not isinstance(stated, tuple) or not stated or not isinstance(stated[0], Fact):
            continue
        holding = tuple(fact for fact in stated if _holds(fact, tag))
        if len(holding) != len(stated):
            changes[name] = holding
    users = _users_of_variant(changes.get("users", family.users), tag)
    if users != family.users:
        changes["users"] = users
    return msgspec.structs.replace(family, **changes) if changes else family


def _holds(fact: Fact, tag: versions.Tag) -> bool:
    return fact.versions is None or versions.parse_range(fact.versions).holds_for(tag.version)


def _users_of_variant(users: tuple[Fact, ...], tag: versions.Tag) -> tuple[User, ...]:
    """Return the users stated for a variant that ``tag`` names, else those stated for none."""
    stated = tuple(user for user in users if isinstance(user, User))
    own = tuple(user for user in stated if user.variant and tag.is_variant(user.variant))
    return own or tuple(user for user in stated if user.variant is None)
