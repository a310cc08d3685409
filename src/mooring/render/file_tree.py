"""
Files as values: what should be written, before anything is.

Each file has an owner, which decides what happens where it exists already (see ``writing``).
"""

from collections.abc import Iterator, Mapping
from enum import Enum

import msgspec


class Owner(Enum):
    """Whose a file is once it is written."""

    MOORING = "mooring"
    """Ours: written anew each time, protected by its hash in mooring.lock."""

    USER = "user"
    """Written where there is none, then the user's for ever."""

    VALUE = "value"
    """One secret value as a whole file: written where there is none, then kept."""

    ENV_VALUES = "env-values"
    """Lines ``KEY=value`` with secret values: keys are added, no value is ever changed."""

    MANIFEST_VALUES = "manifest-values"
    """Secret manifests with values: keys are added, no value is ever changed."""


class File(msgspec.Struct, frozen=True, gc=False):
    """Content and permissions (masked by the user's umask) of one file."""

    content: bytes
    owner: Owner = Owner.MOORING
    mode: int = 0o644

    def __repr__(self) -> str:
        # The content may be a secret.
        return f"File({len(self.content)} bytes, {self.owner.value}, {self.mode:o})"


class FileTree:
    """
    Files by path: relative, with ``/``, in alphabetical order.

    Raises (on construction):
        ValueError: a path is absolute, leaves the tree, or is also the folder of another file;
            that is a bug of ours, since names from the user are made valid before.
    """

    __slots__ = ("_files",)

    def __init__(self, files: Mapping[str, File]) -> None:
        folders: set[str] = set()
        for path in files:
            if not is_inside(path):
                raise ValueError(f"{path!r} is no path inside a tree")
            folder = path.rpartition("/")[0]
            while folder and folder not in folders:
                folders.add(folder)
                folder = folder.rpartition("/")[0]
        both = folders.intersection(files)
        if both:
            raise ValueError(f"{min(both)!r} is a file and a folder")
        self._files = dict(sorted(files.items()))

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def __getitem__(self, path: str) -> File:
        return self._files[path]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileTree) and self._files == other._files

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"FileTree({', '.join(self._files)})"

    def items(self) -> Iterator[tuple[str, File]]:
        """Yield paths and files in alphabetical order."""
        yield from self._files.items()


def is_inside(path: str) -> bool:
    """Return whether ``path`` is a plain relative path: no empty, ``.`` or ``..`` parts."""
    return "\\" not in path and "\0" not in path and not {"", ".", ".."} & set(path.split("/"))
