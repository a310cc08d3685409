"""
The catalogue of well-known images: the facts about one, as far as they hold for its version.

Each family is one file in the folder beside this module (see `family_files`).  ``index.json``
there has all of them packed; of that, a look-up decodes the one family that it is about.
"""

import os
from functools import cache, lru_cache

import msgspec

from mooring.images import mirrors, references, versions
from mooring.images.facts import Fact, ImageFamily, Marks, Moved, User

PACKED = os.path.join(os.path.dirname(__file__), "catalogue", "index.json")


class Packed(msgspec.Struct, frozen=True):
    """
    The file that answers for each repository, and the facts of each file as JSON.

    ``marks`` has those of the files that state any, as JSON: a list by the file's name.
    """

    files: dict[str, str]
    marks: msgspec.Raw
    families: dict[str, msgspec.Raw]


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
    files = packed().files
    repository, mirrored = parsed.name, False
    if repository not in files:
        original = mirrors.original_name(parsed)
        if original is None or original not in files:
            return None
        repository, mirrored = original, True
    family = _family(files[repository])
    tag = versions.read_tag(parsed.tag, prefix=family.version_prefix)
    return KnownImage(
        family=holding_for(family, tag), repository=repository, tag=tag, mirrored=mirrored
    )


def named(family: str) -> KnownImage | None:
    """Return what is known of the newest image of the file ``family``; None: there is no such."""
    if family not in packed().families:
        return None
    newest = versions.read_tag(None, prefix=None)
    stated = _family(family)
    return KnownImage(
        family=holding_for(stated, newest), repository=stated.repositories[0], tag=newest
    )


@cache
def marks() -> dict[str, tuple[Marks, ...]]:
    """Return by what services of a family are recognised, by the names of the files."""
    return msgspec.json.decode(packed().marks, type=dict[str, tuple[Marks, ...]])


@cache
def packed() -> Packed:
    """Return the content of ``index.json``."""
    with open(PACKED, "rb") as file:
        return msgspec.json.decode(file.read(), type=Packed)


@cache
def _family(file: str) -> ImageFamily:
    return msgspec.json.decode(packed().families[file], type=ImageFamily)


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
