"""
Where a value stands in the user's files.

A position rides on every value from the YAML event to the finding, so that each error, decision
and diagnosis can point at the line that the user wrote.
"""

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
