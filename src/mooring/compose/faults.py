"""
Errors on their way from a value up to the whole model, which learn their path on the way.

A rule for one attribute knows what is wrong, not where it stands; what it raises passes through
the rules around it, and each adds its part of the path.  Nothing is paid for that while there is
no error.
"""

from mooring.compose.nodes import Path, path_text
from mooring.errors import InputError, InputErrors
from mooring.sources import Position


class Faults(Exception):
    """Several errors, each with its path below the node that was read."""

    def __init__(self, found: list[tuple[Path, InputError]]) -> None:
        super().__init__(found)
        self.found = found


class Collector:
    """What the parts of one node have raised."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: list[tuple[Path, InputError]] = []

    def add(
        self, part: str | int, raised: InputError | Faults, position: Position | None = None
    ) -> None:
        """Keep what the entry called ``part`` raised; ``position`` is where it stands."""
        found = raised.found if isinstance(raised, Faults) else [((), raised)]
        for path, error in found:
            if error.position is None and position is not None:
                error.position = position
            self._found.append(((part, *path), error))

    def raise_all(self) -> None:
        """
        Raise what was kept, if anything.

        Raises:
            Faults: it was.
        """
        if self._found:
            raise Faults(self._found)


def with_paths(raised: InputError | Faults) -> InputErrors:
    """Return the errors with their whole paths in front of their messages."""
    found = raised.found if isinstance(raised, Faults) else [((), raised)]
    return InputErrors(
        InputError(
            f"{path_text(path)}: {error.message}" if path else error.message,
            position=error.position,
            remedy=error.remedy,
        )
        for path, error in found
    )
