"""
Choices that the input does not settle: made openly, with their evidence and how to overrule them.

A decision is a guess that was taken; an open question is one that must not be taken for the user
before production.
"""

from collections.abc import Iterable

import msgspec

from mooring.sources import Position


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """What a decision rests on: a statement and, where a file says it, the position."""

    statement: str
    position: Position | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """
    One choice: about whom, what was chosen, on which evidence, and the setting that overrules it.

    ``subject`` is the name in the input (``services.db``, ``volumes.data``); ``overrule`` is the
    text to put into mooring.yaml.
    """

    subject: str
    topic: str
    choice: str
    evidence: tuple[Evidence, ...]
    overrule: str = ""


class OpenQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """
    Something that only the user knows and that production needs.

    ``answer`` is the line to add to mooring.yaml (or the place where the value belongs).
    """

    subject: str
    question: str
    answer: str
    position: Position | None = None


def together(asked: Iterable[OpenQuestion]) -> list[tuple[OpenQuestion, str]]:
    """
    Return the questions that have different answers, with the words for further subjects.

    The same question with the same answer is asked once: "services.api... (and of worker, web)".
    """
    groups: dict[tuple[str, str], dict[str, OpenQuestion]] = {}
    for one in asked:
        groups.setdefault((one.question, one.answer), {}).setdefault(one.subject, one)
    return [
        (first, f" (and of {_some(others)})" if others else "")
        for first, *others in (list(group.values()) for group in groups.values())
    ]


def _some(others: list[OpenQuestion]) -> str:
    names = [_owner(other.subject) for other in others]
    if len(names) <= _MOST_OWNERS:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_OWNERS])} and {len(names) - _MOST_OWNERS} more"


_MOST_OWNERS = 3


def _owner(subject: str) -> str:
    """Return the name of the service in a subject such as `services.web.environment.KEY`."""
    kind, _, rest = subject.partition(".")
    return rest.partition(".")[0] if kind == "services" else subject
