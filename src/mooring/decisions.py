"""
Choices that the input does not settle: made openly, with their evidence and how to overrule them.

A decision is a guess that was taken; an open question is one that must not be taken for the user
before production.
"""

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
