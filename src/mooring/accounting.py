"""
What became of every part of the input: carried, approximated, dropped or refused.

The canonical project has leaves; after translation each leaf has exactly one entry.  An entry
stands for a path and for everything below it that has no entry of its own, so that "ports[0] is
carried" needs one line, and "ports[0].mode is dropped" can still be said.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TypeAlias

import msgspec

from mooring.sources import Position

Path: TypeAlias = tuple[str | int, ...]


class Outcome(StrEnum):
    """The four fates of an input value."""

    CARRIED = "carried"
    APPROXIMATED = "approximated"
    DROPPED = "dropped"
    REFUSED = "refused"


class Entry(msgspec.Struct, frozen=True, gc=False):
    """
    The fate of the value at ``path`` and of all below it that no longer path names.

    ``reason`` is a full clause and obligatory for all but carried values; ``to`` names the fields
    that hold the value in the cluster, as ``Deployment.spec.replicas``.
    """

    path: Path
    outcome: Outcome
    reason: str = ""
    to: str = ""


class Account(msgspec.Struct, frozen=True):
    """One leaf of the input, with the entry that answers for it and where it stands."""

    path: Path
    entry: Entry
    position: Position | None


class Ledger(msgspec.Struct, frozen=True):
    """All entries of one translation, in the order of the input."""

    entries: tuple[Entry, ...]

    def accounts(
        self, leaves: Iterable[tuple[Path, Position | None]]
    ) -> Iterator[Account | tuple[Path, Position | None]]:
        """
        Yield an `Account` for each leaf, or the bare leaf where no entry answers for it.

        The entry with the longest path wins; two entries for the same path are a fault of the
        translation and raise ValueError.
        """
        by_path: dict[Path, Entry] = {}
        for entry in self.entries:
            if by_path.setdefault(entry.path, entry) is not entry:
                raise ValueError(f"two entries for {entry.path}: {by_path[entry.path]}, {entry}")
        for path, position in leaves:
            for length in range(len(path), 0, -1):
                found = by_path.get(path[:length])
                if found is not None:
                    yield Account(path, found, position)
                    break
            else:
                yield path, position

    def count(self, outcome: Outcome) -> int:
        """Return how many entries have ``outcome``."""
        return sum(entry.outcome is outcome for entry in self.entries)
