"""
Where a value stands in the user's files.

A position rides on every value from the YAML event to the finding, so that each error, decision
and diagnosis can point at the line that the user wrote.
"""

import posixpath
from functools import lru_cache

import msgspec


class Position(msgspec.Struct, frozen=True, order=True, gc=False):
    """
    A place in a text file; prints as ``file:line:column``, the form that editors open.

    ``file`` is the path as it is shown to the user (relative to where the command runs, where
    that is shorter), ``line`` and ``column`` count characters from 1.  Line 0 means the file as
    a whole; a value that no file holds (a default, the process environment) has no position.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if self.line == 0:
            return self.file
        return f"{self.file}:{self.line}:{self.column}"

    @property
    def short(self) -> str:
        """``file:line``, for annotations and lists where the column is noise."""
        return f"{self.file}:{self.line}" if self.line else self.file

    def short_from(self, folder: str) -> str:
        """`short` as it is seen from ``folder``, which is named from the same place as the file."""
        file = _seen_from(folder, self.file)
        return f"{file}:{self.line}" if self.line else file


@lru_cache(maxsize=256)
def _seen_from(folder: str, file: str) -> str:
    return file if folder == "." else posixpath.relpath(file, folder)
