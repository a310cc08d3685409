"""
The catalogue of well-known images: the facts about one, as far as they hold for its version.

Each family is one YAML file in the folder beside this module.  ``index.json`` there says which
file answers for a repository, so that a look-up reads one file, once; ``scripts/image-index``
writes it from the files and a test compares it.

The files are read as text without the types of YAML, which the schema in ``facts`` gives instead:
so ``on`` is no boolean and ``7.10`` no number, and reading takes half the time.
"""

from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import msgspec
import yaml

from mooring.images import mirrors, references, versions
from mooring.images.facts import Fact, ImageFamily, User

FOLDER = Path(__file__).parent / "catalogue"
INDEX = FOLDER / "index.json"


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


@lru_cache(maxsize=4096)
def lookup(reference: str) -> KnownImage | None:
    """
    Return what is known of the image that ``reference`` names; None where it is in no catalogue.

    A text that is no image reference is no known image either.
    """
    parsed = references.parse(reference)
    if parsed is None:
        return None
    index = _index()
    repository, mirrored = parsed.name, False
    if repository not in index:
        original = mirrors.original_name(parsed)
        if original is None or original not in index:
            return None
        repository, mirrored = original, True
    family = read_family(index[repository])
    tag = versions.read_tag(parsed.tag, prefix=family.version_prefix)
    return KnownImage(
        family=holding_for(family, tag), repository=repository, tag=tag, mirrored=mirrored
    )


@cache
def read_family(file: str) -> ImageFamily:
    """
    Return all that the file ``<file>.yaml`` of the catalogue states, for all versions.

    Raises:
        ValueError: the file does not follow the schema; the message names the place.
    """
    return parse_family((FOLDER / f"{file}.yaml").read_bytes())


def parse_family(text: bytes) -> ImageFamily:
    """
    Return the family that a file of the catalogue states.

    Raises:
        ValueError: ``text`` is no YAML, gives a key twice, or does not follow the schema.
    """
    try:
        content = _plain(yaml.compose(text, Loader=yaml.CBaseLoader))
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error
    return msgspec.convert(content, ImageFamily, strict=False)


def families() -> Iterator[ImageFamily]:
    """Yield every family with all its facts, by the names of their files."""
    for path in sorted(FOLDER.glob("*.yaml")):
        yield read_family(path.stem)


def written_index() -> bytes:
    """
    Return what ``index.json`` must hold: for each repository the name of its file.

    Raises:
        ValueError: two files claim the same repository.
    """
    index: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for repository in read_family(path.stem).repositories:
            if repository in index:
                raise ValueError(f"{index[repository]} and {path.stem} both claim {repository}")
            index[repository] = path.stem
    return msgspec.json.format(msgspec.json.encode(dict(sorted(index.items()))), indent=1) + b"\n"


@cache
def _index() -> dict[str, str]:
    return msgspec.json.decode(INDEX.read_bytes(), type=dict[str, str])


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


def _plain(node: object) -> object:
    """Return a YAML node as text, lists and mappings."""
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item) for item in node.value]
    if isinstance(node, yaml.MappingNode):
        mapping = {str(key.value): _plain(value) for key, value in node.value}
        if len(mapping) != len(node.value):
            raise ValueError(f"a key is given twice in the mapping{node.start_mark}")
        return mapping
    raise ValueError("the file is empty")
