"""
Services for the tests of translation, and what a test asks of their notes.

A service is written as the plain value that the loader would arrive at; each node gets a position
of its own, so that a note can be held to the place it speaks of.
"""

from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly
from itertools import count

from mooring.accounting import Account, Entry, Ledger, Outcome
from mooring.compose.dockerfile import read
from mooring.compose.nodes import Mapping, Node, Plain, Scalar, Sequence, leaves, path_text
from mooring.decisions import Decision, OpenQuestion
from mooring.findings import Finding
from mooring.sources import Position
from mooring.translate.notes import Note
from mooring.translate.view import ServiceView

FILE = "compose.yaml"
LOST = "lost"
"""The fate of a leaf of which no entry tells."""


def node_of(value: Plain) -> Node:
    """Return ``value`` as nodes; each node and name stands on a line of its own, from 1 on."""
    lines = count(1)

    def made(part: Plain) -> Node:
        position = Position(FILE, next(lines), 1)
        if isinstance(part, dict):
            keys = {name: Position(FILE, next(lines), 1) for name in part}
            return Mapping({name: made(inner) for name, inner in part.items()}, position, keys)
        if isinstance(part, list):
            return Sequence(tuple(made(inner) for inner in part), position)
        return Scalar(part, position)

    return made(value)


def service(
    attributes: ReadOnly[str, Plain], *, name: str = "web", dockerfile: str | None = None
) -> ServiceView:
    """Return the service ``name`` with ``attributes`` in long form, and its Dockerfile's facts."""
    node = node_of(dict(attributes))
    assert isinstance(node, Mapping)
    facts = read(dockerfile.encode(), "Dockerfile").image if dockerfile is not None else None
    return ServiceView(name, node, {}, facts, full_name=f"shop-{name}")


def unaccounted(view: ServiceView, notes: Iterable[Note]) -> list[str]:
    """
    Return the leaves of the service of which no entry among ``notes`` tells the fate.

    Raises:
        ValueError: two entries speak of one path.
    """
    return [path for path, fate in fates(view, notes).items() if fate == LOST]


def fates(view: ServiceView, notes: Iterable[Note]) -> dict[str, str]:
    """
    Return the fate of each leaf by its path below the service: carried, dropped ...

    Raises:
        ValueError: two entries speak of one path.
    """
    ledger = Ledger(tuple(note for note in notes if isinstance(note, Entry)))
    start = ("services", view.name)
    positioned = (
        (path, leaf.position) for path, leaf in leaves(view.attributes, start) if path != start
    )
    found: dict[str, str] = {}
    for told in ledger.accounts(positioned):
        if isinstance(told, Account):
            found[path_text(told.path[2:])] = told.entry.outcome.value
        else:
            found[path_text(told[0][2:])] = LOST
    return found


def rules(notes: Iterable[Note]) -> list[str]:
    """Return the rules of the findings among ``notes``, in order."""
    return [note.rule for note in notes if isinstance(note, Finding)]


def topics(notes: Iterable[Note]) -> list[str]:
    """Return the topics of the decisions among ``notes``, in order."""
    return [note.topic for note in notes if isinstance(note, Decision)]


def questions(notes: Iterable[Note]) -> list[str]:
    """Return the open questions among ``notes``, in order."""
    return [note.question for note in notes if isinstance(note, OpenQuestion)]


def complaints(notes: Iterable[Note]) -> list[str]:
    """Return what is wrong with the form of ``notes``: a reason, place or remedy is missing."""
    wrong: list[str] = []
    for note in notes:
        match note:
            case Entry() if note.outcome is Outcome.CARRIED and not note.to:
                wrong.append(f"{path_text(note.path)} is carried to nowhere")
            case Entry() if note.outcome is not Outcome.CARRIED and len(note.reason.split()) < 4:
                wrong.append(f"{path_text(note.path)} has no reason in a clause")
            case Finding() if note.position is None or not note.remedy:
                wrong.append(f"{note.rule} has no position or no remedy")
            case Decision() if not note.evidence or not note.overrule:
                wrong.append(f"{note.topic} has no evidence, or nothing overrules it")
            case OpenQuestion() if not note.answer or note.position is None:
                wrong.append(f"{note.question} has no answer or no position")
            case _:
                pass
    return wrong
