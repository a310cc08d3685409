"""
The folder of a project, as far as its environments are found in it: names and contents.

Only the project's own names and those in the folders where teams keep environments are looked at,
so that a folder with ten thousand others costs one listing.
"""

import os
import stat
from typing import Protocol

from mooring.settings.environments import ENVIRONMENTS_BY_WORD, FOLDERS

_LARGEST = 4 * 1024 * 1024  # bytes; no file that says something of environments comes near


class Folder(Protocol):
    """Names and contents; every path is relative, with "/" between its parts."""

    def names(self) -> list[str]:
        """Return the files beside the project's own, and those in folders of environments."""

    def read(self, path: str) -> bytes | None:
        """Return the content of ``path``, or None where it cannot be read."""


class DiskFolder:
    """The folder at ``directory``, an absolute path."""

    def __init__(self, directory: str) -> None:
        self._directory = directory

    def names(self) -> list[str]:
        """Return the files of this folder and of its folders of environments, sorted."""
        return sorted(self._names("", depth=0))

    def read(self, path: str) -> bytes | None:
        """Return the content of a regular file that is not too large to be one of ours."""
        try:
            with open(os.path.join(self._directory, path), "rb") as stream:
                is_file = stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
                return stream.read(_LARGEST) if is_file else None
        except (OSError, ValueError):
            return None

    def _names(self, below: str, *, depth: int) -> list[str]:
        found: list[str] = []
        try:
            with os.scandir(os.path.join(self._directory, below)) as entries:
                for entry in entries:
                    path = f"{below}/{entry.name}" if below else entry.name
                    if entry.name.lower() in _FOLDERS and entry.is_dir(follow_symlinks=False):
                        found += self._names(path, depth=depth + 1) if depth < _DEEPEST else ()
                    else:
                        found.append(path)
        except OSError:
            return found
        return found


_FOLDERS = FOLDERS | ENVIRONMENTS_BY_WORD.keys()
_DEEPEST = 2
