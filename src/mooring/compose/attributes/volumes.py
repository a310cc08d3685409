"""
``volumes`` of a service: what is mounted where.

A short text is ``[source:]target[:options]``.  A source that begins like a path (``.``, ``/``,
``~``, a Windows drive or pipe) is a bind mount, any other a named volume; without a source the
volume is anonymous.  Options that Compose does not know are ignored, as Compose does.

Source: Compose Specification, "volumes".
"""

from mooring.compose import paths
from mooring.compose.attributes import short_text
from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.errors import InputError

_PROPAGATIONS = frozenset(("rprivate", "private", "rshared", "shared", "rslave", "slave"))
_LABELS = frozenset(("z", "Z"))
_MAC_CACHING = frozenset(("cached", "consistent", "delegated"))
"""Once told Docker Desktop how to share files; without meaning anywhere else."""
_OPTIONS = frozenset(("ro", "rw", "nocopy")) | _PROPAGATIONS | _LABELS | _MAC_CACHING
_REMEDY = 'write volumes as in "data:/var/lib/data", "./conf:/etc/app:ro" or "/cache"'


class InvalidVolume(InputError):
    """A short volume text that cannot be read."""


def canonical(node: Node) -> Node:
    """
    Return the list of mounts in long form.

    Raises:
        InputError: a short text that cannot be read.
    """
    if not isinstance(node, Sequence):
        return node
    return Sequence(tuple(map(_mount, node.items)), node.position)


def identity(node: Node) -> str:
    """
    Return what identifies a mount: its target.

    Raises:
        InputError: a long form without a target, or a short text that cannot be read.
    """
    if isinstance(node, Mapping):
        target = node.get("target")
        if isinstance(target, Scalar) and isinstance(target.value, str):
            return target.value
        raise InputError(
            "a volume has no target",
            position=node.position,
            remedy="add the path in the container, as in target: /data",
        )
    if isinstance(node, Scalar) and isinstance(node.value, str):
        _, target_path, _ = _sections(node, node.value)
        return target_path
    return ""


def unknown_options(node: Scalar) -> list[str]:
    """
    Return the options of a short text that Compose does not know, and so ignores.

    Raises:
        InputError: the text cannot be read.
    """
    _, _, options = _sections(node, str(node.value))
    return [option for option in options if option not in _OPTIONS]


def is_path(source: str) -> bool:
    """Return whether ``source`` is a path of the host, not the name of a volume."""
    return (
        source[:1] in (".", "/", "~")
        or source.startswith("\\\\")
        or (source[1:2] == ":" and source[0].isalpha())
    ) and source != ""


def _mount(node: Node) -> Node:
    if not isinstance(node, Scalar) or not isinstance(node.value, str):
        return node
    text = node.value
    if 0 < len(text.encode()) < 3:
        return short_text.long_form(node, type="volume", target=paths.clean(text))
    source, target, options = _sections(node, text)
    read_only = False
    bind: dict[str, Node] = {}
    volume: dict[str, Node] | None = None
    for option in options:
        if option in ("ro", "rw"):
            read_only = option == "ro"
        elif option == "nocopy":
            volume = {"nocopy": short_text.piece(node, True)}
        elif option in _PROPAGATIONS:
            bind["propagation"] = short_text.piece(node, option)
        elif option in _LABELS:
            bind["selinux"] = short_text.piece(node, option)
    is_bind = is_path(source)
    if is_bind:
        # As docker-compose always did: a short text creates the directory that it names.
        bind["create_host_path"] = short_text.piece(node, True)
    elif volume is None:
        volume = {}
    return short_text.long_form(
        node,
        type="bind" if is_bind else "volume",
        source=source or None,
        target=paths.clean(target) if target else None,
        read_only=True if read_only else None,
        bind=Mapping(bind, node.position) if bind else None,
        volume=None if volume is None else Mapping(volume, node.position),
    )


def _sections(node: Scalar, text: str) -> tuple[str, str, list[str]]:
    """Return source (empty: anonymous), target and options of the short ``text``."""
    if text == "":
        raise InvalidVolume("an empty text is no volume", position=node.position, remedy=_REMEDY)
    if len(text.encode()) < 3:
        return "", text, []
    sections = _split(text)
    if not all(sections):
        raise InvalidVolume(
            f'volume "{text}" has nothing between two colons or at an end',
            position=node.position,
            remedy=_REMEDY,
        )
    if len(sections) == 1:
        return "", sections[0], []
    if len(sections) > 3:
        raise InvalidVolume(
            f'volume "{text}" has too many colons', position=node.position, remedy=_REMEDY
        )
    return sections[0], sections[1], sections[2].split(",") if len(sections) > 2 else []


def _split(text: str) -> list[str]:
    """Return ``text`` cut at its colons, but for those of Windows drives and inside ``${}``."""
    cut = text.split(":")
    if "${" not in text and not any(len(part) == 1 for part in cut):
        return cut
    sections: list[str] = []
    section = ""
    depth = 0
    for index, character in enumerate(text):
        if character == "$" and text[index + 1 : index + 2] == "{":
            depth += 1
        elif character == "}" and depth:
            depth -= 1
        elif character == ":" and not (len(section) == 1 and section.isalpha()) and not depth:
            sections.append(section)
            section = ""
            continue
        section += character
    sections.append(section)
    return sections
