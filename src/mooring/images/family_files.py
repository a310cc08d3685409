"""
The files of the catalogue, one for each family of images, as people write them.

They are YAML without its types, which the schema in ``facts`` gives instead: so ``on`` is no
boolean and ``7.10`` no number.  For look-ups ``scripts/image-index`` packs them into one file of
JSON, of which `catalogue` decodes the families that it is asked for; a test compares the two.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import msgspec
import yaml

from mooring.images.catalogue import PACKED
from mooring.images.facts import ImageFamily

FOLDER = Path(__file__).parent / "catalogue"
INDEX = Path(PACKED)


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
    Return what ``index.json`` must hold: the file of each repository, marks, and all facts.

    The files are in the order of their names, by which a look-up finds one.

    Raises:
        ValueError: two files claim the same repository.
    """
    files: dict[str, str] = {}
    families: dict[str, ImageFamily] = {}
    for path in sorted(FOLDER.glob("*.yaml"), key=lambda path: path.stem):
        families[path.stem] = read_family(path.stem)
        for repository in families[path.stem].repositories:
            if repository in files:
                raise ValueError(f"{files[repository]} and {path.stem} both claim {repository}")
            files[repository] = path.stem
    marks = {file: family.marks for file, family in families.items() if family.marks}
    return b'{"files": {\n%b},\n"marks": {\n%b},\n"families": {\n%b}}\n' % (
        _lines(dict(sorted(files.items()))),
        _lines(marks),
        _lines(families),
    )


def _lines(entries: Mapping[str, object]) -> bytes:
    """Return the entries of a JSON object with a line for each, so that git merges them."""
    encode = msgspec.json.encode
    lines = (b"%b: %b" % (encode(name), encode(value)) for name, value in entries.items())
    return b",\n".join(lines) + b"\n"


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
