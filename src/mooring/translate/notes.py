"""
What a translation says beside its result.

Each attribute's function is pure and returns `Translated`: the intent, and notes about it.
`Notes` gathers them where the intents are put together; nothing is written anywhere else.
"""

from collections.abc import Iterable
from typing import Generic, TypeAlias, TypeVar

import msgspec

from mooring.accounting import Entry, Outcome, Path
from mooring.decisions import Decision, OpenQuestion
from mooring.findings import Finding

Note: TypeAlias = Entry | Decision | OpenQuestion | Finding
T = TypeVar("T")


class Translated(msgspec.Struct, Generic[T], frozen=True):
    """An intent, and the notes that explain and account for it."""

    value: T
    notes: tuple[Note, ...] = ()


class Notes:
    """Gathers notes in order; ``take`` unwraps a `Translated` and keeps what it says."""

    __slots__ = ("decisions", "entries", "findings", "questions")

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.decisions: list[Decision] = []
        self.questions: list[OpenQuestion] = []
        self.findings: list[Finding] = []

    def add(self, notes: Iterable[Note]) -> None:
        """Keep ``notes``, each with its kind."""
        for note in notes:
            if isinstance(note, Entry):
                self.entries.append(note)
            elif isinstance(note, Decision):
                self.decisions.append(note)
            elif isinstance(note, OpenQuestion):
                self.questions.append(note)
            else:
                self.findings.append(note)

    def take(self, translated: Translated[T]) -> T:
        """Keep the notes of ``translated`` and return its value."""
        if translated.notes:
            self.add(translated.notes)
        return translated.value


def carried(path: Path, to: str) -> Entry:
    """The value at ``path`` keeps its meaning in the fields ``to``."""
    return Entry(path, Outcome.CARRIED, "", to)


def approximated(path: Path, reason: str, to: str) -> Entry:
    """The value at ``path`` becomes something near it; ``reason`` says what differs."""
    return Entry(path, Outcome.APPROXIMATED, reason, to)


def dropped(path: Path, reason: str) -> Entry:
    """The value at ``path`` has no counterpart, and ``reason`` says why that is bearable."""
    return Entry(path, Outcome.DROPPED, reason)


def refused(path: Path, reason: str) -> Entry:
    """The value at ``path`` would harm a cluster; ``reason`` says how, and what to do instead."""
    return Entry(path, Outcome.REFUSED, reason)
