"""
The errors that a user can meet, and the exit status of each.

    MooringError
    ├── InputError            2   one fault in a file of the user, at a position
    │   └── (subclasses live beside the code that raises them)
    ├── InputErrors           2   all the faults of one reading, at once
    ├── UsageError            2   the command line asks for what cannot be
    ├── OutputError           2   the place to write to is not ours to write
    ├── ClusterError          3   the cluster is unreachable or refuses (its kinds: cluster.errors)
    └── IncompleteKnowledge   4   permissions or limits hid a part of the answer

Whatever else escapes is a bug of ours: status 70.  ``cli.main`` is the one place where errors
become exit statuses.
"""

from collections.abc import Iterable

from mooring.sources import Position


class MooringError(Exception):
    """An error with a cause that the user can read and, where there is one, a remedy."""

    exit_status = 2

    def __init__(
        self, message: str, *, position: Position | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.remedy = remedy

    def __str__(self) -> str:
        where = f"{self.position}: " if self.position else ""
        help_line = f"\n  help: {self.remedy}" if self.remedy else ""
        return f"{where}{self.message}{help_line}"


class InputError(MooringError):
    """One fault in the user's input."""


class InputErrors(MooringError):
    """All the faults found in one reading of the input, in the order of their positions."""

    def __init__(self, errors: Iterable[InputError]) -> None:
        unique = {(str(error), error.position): error for error in errors}
        self.errors = tuple(
            sorted(
                unique.values(),
                key=lambda error: (error.position is None, error.position or Position("")),
            )
        )
        count = len(self.errors)
        super().__init__(f"{count} error{'s' if count != 1 else ''} in the input")

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


class UsageError(MooringError):
    """The command line asks for something that does not exist or cannot be combined."""


class OutputError(MooringError):
    """What should be written would destroy what the user wrote, or cannot be written."""


class ClusterError(MooringError):
    """The cluster cannot be reached, or refuses."""

    exit_status = 3


class IncompleteKnowledge(MooringError):
    """The answer is incomplete: permissions or limits hid a part of it."""

    exit_status = 4
