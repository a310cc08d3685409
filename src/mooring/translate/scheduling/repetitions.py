"""
What is said of a service that is made of another, and was said of that one already.

A copy mounts what its origin mounts and runs its image, so every question about these would be
asked twice, and one answer settles both.
"""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.decisions import Decision, OpenQuestion
from mooring.findings import Finding
from mooring.translate.notes import Notes
from mooring.translate.scheduling.unfolding import INHERITED


def without_repetitions(notes: Notes, copies: ReadOnly[str, str]) -> None:
    """
    Take from ``notes`` what is said of one of ``copies`` as it is of the service it is of.

    Decisions go where the origin's settings are inherited.  No file has the values of a copy, so
    none is accounted for.
    """
    notes.entries = [
        one for one in notes.entries if one.path[0] != "services" or one.path[1] not in copies
    ]
    decided = set(notes.decisions)
    asked = {_question(one) for one in notes.questions}
    found = {_finding(one) for one in notes.findings}
    notes.decisions = [
        one
        for one in notes.decisions
        if (names := _of(one.subject, copies)) is None
        or not one.overrule.startswith(_inherited(names[0]))
        or (one.topic != "image" and _as_origin(one, *names) not in decided)
    ]
    notes.questions = [
        one
        for one in notes.questions
        if (names := _of(one.subject, copies)) is None or _question(one, *names) not in asked
    ]
    notes.findings = [
        one
        for one in notes.findings
        if not any(
            f'"{copy}"' in one.message and _finding(one, copy, origin) in found
            for copy, origin in copies.items()
        )
    ]


def _inherited(copy: str) -> tuple[str, ...]:
    return tuple(f"services: {{{copy}: {{{key}: " for key in INHERITED)


def _of(subject: str, copies: ReadOnly[str, str]) -> tuple[str, str] | None:
    """Return the copy that ``subject`` is about, and its origin; None where it is about neither."""
    return next(
        (
            (copy, origin)
            for copy, origin in copies.items()
            if subject == f"services.{copy}" or subject.startswith(f"services.{copy}.")
        ),
        None,
    )


def _as_origin(one: Decision, copy: str, origin: str) -> Decision:
    return msgspec.structs.replace(
        one,
        subject=_renamed(one.subject, copy, origin),
        overrule=_renamed(one.overrule, copy, origin),
    )


def _renamed(text: str, copy: str, origin: str) -> str:
    return text.replace(f"services.{copy}", f"services.{origin}").replace(
        f"{{{copy}:", f"{{{origin}:"
    )


def _question(one: OpenQuestion, copy: str = "", origin: str = "") -> tuple[str, str, str]:
    if not copy:
        return one.subject, one.question, one.answer
    return _renamed(one.subject, copy, origin), one.question, _renamed(one.answer, copy, origin)


def _finding(one: Finding, copy: str = "", origin: str = "") -> tuple[str, str]:
    message = one.message.replace(f'"{copy}"', f'"{origin}"') if copy else one.message
    return one.rule, message
