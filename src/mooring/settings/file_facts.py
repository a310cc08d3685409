"""
What a Compose file says of itself before it is loaded: as much as tells whose file it is.

A file whose services all say what they run can stand alone; one that only changes services of
another cannot.  Nothing is merged or interpolated here, and a file with faults says nothing: the
load that follows tells of them.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from mooring.compose.nodes import Mapping, Node, Scalar, Sequence
from mooring.compose.yaml_reader import read_documents
from mooring.errors import InputErrors

_VARIABLE = re.compile(rb"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
_ASSIGNMENT = re.compile(rb"^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\s*[=:]", re.MULTILINE)
_SAYS_WHAT_RUNS = ("image", "build", "extends", "provider")


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """
    What one Compose file holds.

    ``services`` tells of each whether the file says what it runs; ``env_files`` are those that
    services are given, ``based_on`` the files that it includes or extends, as written;
    ``variables`` are the names that interpolation would look for.
    """

    services: dict[str, bool] = {}
    profiles: frozenset[str] = frozenset()
    env_files: frozenset[str] = frozenset()
    based_on: frozenset[str] = frozenset()
    variables: frozenset[str] = frozenset()

    @property
    def can_stand_alone(self) -> bool:
        """Whether every service says what it runs."""
        return bool(self.services) and all(self.services.values())


def facts(content: bytes, path: str) -> FileFacts:
    """Return what the Compose file ``path`` with ``content`` holds; nothing where it has faults."""
    try:
        roots = [document.root for document in read_documents(content, path)]
    except InputErrors:
        return FileFacts()
    services = {
        name: node
        for root in roots
        if isinstance(root, Mapping) and isinstance(found := root.get("services"), Mapping)
        for name, node in found.entries.items()
    }
    return FileFacts(
        services={
            name: isinstance(node, Mapping) and any(key in node.entries for key in _SAYS_WHAT_RUNS)
            for name, node in services.items()
        },
        profiles=frozenset(_texts(services.values(), "profiles")),
        env_files=frozenset(_texts(services.values(), "env_file", "path")),
        based_on=frozenset(
            (*_texts(services.values(), "extends", "file"), *_texts(roots, "include", "path"))
        ),
        variables=frozenset(name.decode() for name in _VARIABLE.findall(content)),
    )


def assigned(content: bytes) -> frozenset[str]:
    """Return the names that an env file with ``content`` sets, as far as a line tells."""
    return frozenset(name.decode() for name in _ASSIGNMENT.findall(content))


def _texts(holders: Iterable[Node], name: str, inner: str = "") -> Iterator[str]:
    """Yield the texts under ``name``: one, a list of them, or below the key ``inner`` of each."""
    for holder in holders:
        node = holder.get(name) if isinstance(holder, Mapping) else None
        for item in node.items if isinstance(node, Sequence) else (node,):
            found = item.get(inner) if isinstance(item, Mapping) else item
            for each in found.items if isinstance(found, Sequence) else (found,):
                if isinstance(each, Scalar) and isinstance(each.value, str):
                    yield each.value
