"""
What stands on the disk beside the Compose files: the one door through which translation looks.

A bind mount means three different things when its source is a file, a folder or missing, so the
answer has to be known.  Only the project's own tree is read: what a stack mounts from elsewhere
on the machine (/etc/localtime, the root of the disk) belongs to the machine, not to the stack.
"""

import os
import stat
from enum import StrEnum
from typing import Protocol

import msgspec

LARGEST_DOCUMENT = 900 * 1024
"""Bytes that a ConfigMap or Secret holds with room for its metadata (the limit is 1 MiB)."""

MOST_FILES = 200


class Kind(StrEnum):
    """What a path leads to."""

    FILE = "file"
    FOLDER = "folder"
    MISSING = "missing"
    OUTSIDE = "outside"
    SPECIAL = "special"


_HISTORY = frozenset({".git", ".hg", ".svn"})
_LOCK = "mooring.lock"
_OURS = frozenset({_LOCK, "mooring.yaml"})
"""What this program writes and reads beside the Compose files: no container is meant to have it."""


class FoundFile(msgspec.Struct, frozen=True):
    """A regular file: its bytes, or None where it is larger than a document can be."""

    content: bytes | None
    executable: bool
    size: int


class FoundFolder(msgspec.Struct, frozen=True):
    """
    A folder's files by relative path; ``complete`` is false when it holds more than a document.
    """

    files: dict[str, FoundFile]
    complete: bool


class Surroundings(Protocol):
    """The files around a project."""

    def kind(self, path: str) -> Kind:
        """Tell what ``path`` leads to."""

    def file(self, path: str) -> FoundFile:
        """Return the file at ``path``, which is of kind FILE."""

    def folder(self, path: str) -> FoundFolder:
        """Return what the folder at ``path``, which is of kind FOLDER, holds, within limits."""


class LocalFiles:
    """
    The files of this machine below ``root`` (and those below ``also``).

    Symbolic links are followed only where they stay inside.
    """

    def __init__(self, root: str, also: tuple[str, ...] = ()) -> None:
        self._roots = tuple(os.path.realpath(path) for path in (root, *also))
        self._kinds: dict[str, Kind] = {}

    def kind(self, path: str) -> Kind:
        """Tell what ``path`` leads to, without opening it."""
        known = self._kinds.get(path)
        if known is None:
            known = self._kinds[path] = self._look(path)
        return known

    def _look(self, path: str) -> Kind:
        real = os.path.realpath(path)
        if not any(real == root or real.startswith(root + os.sep) for root in self._roots):
            return Kind.OUTSIDE
        try:
            mode = os.stat(real).st_mode
        except (OSError, ValueError):
            return Kind.MISSING
        if stat.S_ISREG(mode):
            return Kind.FILE
        return Kind.FOLDER if stat.S_ISDIR(mode) else Kind.SPECIAL

    def file(self, path: str) -> FoundFile:
        """Return the file at ``path``; a file that cannot be read has no content."""
        status = os.stat(path)
        executable = bool(status.st_mode & stat.S_IXUSR)
        if status.st_size > LARGEST_DOCUMENT:
            return FoundFile(None, executable, status.st_size)
        try:
            with open(path, "rb") as stream:
                return FoundFile(stream.read(), executable, status.st_size)
        except OSError:
            return FoundFile(None, executable, status.st_size)

    def folder(self, path: str) -> FoundFolder:
        """
        Return the files below ``path`` in the order of their names, within the limits.

        The history of a repository and what was generated before are left out.
        """
        files: dict[str, FoundFile] = {}
        room = LARGEST_DOCUMENT
        for directory, folders, names in os.walk(path):
            generated = _generated(directory) if _LOCK in names else None
            if generated == ".":
                folders.clear()
                continue
            left_out = {*_HISTORY, generated}
            folders[:] = sorted(name for name in folders if name not in left_out)
            for name in sorted(names):
                if name in _OURS:
                    continue
                full = os.path.join(directory, name)
                if self.kind(full) is not Kind.FILE:
                    continue
                found = self.file(full)
                room -= found.size
                if room < 0 or len(files) >= MOST_FILES:
                    return FoundFolder(files, complete=False)
                files[os.path.relpath(full, path).replace(os.sep, "/")] = found
        return FoundFolder(files, complete=True)


def _generated(directory: str) -> str | None:
    """Return the folder of ``directory`` that holds what was generated, as the lock there says."""
    try:
        with open(os.path.join(directory, _LOCK), "rb") as stream:
            said = msgspec.json.decode(stream.read())
    except (OSError, msgspec.DecodeError):
        return None
    output = said.get("output") if isinstance(said, dict) else None
    return output.split("/", 1)[0] or "." if isinstance(output, str) else None
