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

    ``answer`` is the line to add to mooring.yaml (or the place where the value belongs).  Where
    many of a kind are asked, ``several`` is what is asked of all of them, with their number for
    ``{count}``, and ``item`` what is to be known about this one.
    """

    subject: str
    question: str
    answer: str
    position: Position | None = None
    several: str = ""
    item: str = ""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """
    Questions of one kind, each with the words for its further subjects; mostly there is one.

    ``place`` is the file in which all answers belong, where they name one and the same.
    """

    members: tuple[tuple[OpenQuestion, str], ...]

    @property
    def first(self) -> OpenQuestion:
        """The question that stands for all of them."""
        return self.members[0][0]

    @property
    def heading(self) -> str:
        """What is asked of all of them."""
        return self.first.several.replace("{count}", str(len(self.members)))

    @property
    def place(self) -> str:
        """The file that every answer ends with ("KEY=<value> in .env"), or nothing."""
        places = {one.answer.rpartition(" in ")[2] for one, _ in self.members}
        named = all(" in " in one.answer for one, _ in self.members)
        return places.pop() if named and len(places) == 1 else ""

    def note(self, question: OpenQuestion, others: str) -> str:
        """Return what tells ``question`` from its kind; ``others`` are its further users."""
        if question.item or not question.subject.startswith("services."):
            return question.item
        return f"in {_owner(question.subject)}{others}"

    def line(self, question: OpenQuestion) -> str:
        """Return the answer to ``question``, without the place that all have in common."""
        return question.answer.removesuffix(f" in {self.place}") if self.place else question.answer


def grouped(asked: Iterable[OpenQuestion]) -> list[Group]:
    """Return the questions that have different answers, many of a kind together."""
    merged = together(asked)
    kinds: dict[str, list[tuple[OpenQuestion, str]]] = {}
    for member in merged:
        if member[0].several:
            kinds.setdefault(member[0].several, []).append(member)
    groups: list[Group] = []
    for member in merged:
        kind = kinds.get(member[0].several, [member])
        if len(kind) < _SEVERAL:
            groups.append(Group(members=(member,)))
        elif kind[0] is member:
            groups.append(Group(members=tuple(kind)))
    return groups


_SEVERAL = 3


SECRETS = "{count} secrets are empty, placeholders or defaults that everybody knows"
"""What is asked of many secrets at once, wherever each was found."""


def together(asked: Iterable[OpenQuestion]) -> list[tuple[OpenQuestion, str]]:
    """
    Return the questions that have different answers, with the words for further subjects.

    The same question with the same answer is asked once: "services.api... (and of worker, web)".
    """
    groups: dict[tuple[str, str], dict[str, OpenQuestion]] = {}
    for one in asked:
        groups.setdefault((one.question, one.answer), {}).setdefault(one.subject, one)
    return [
        (first, _of_others(first, others))
        for first, *others in (list(group.values()) for group in groups.values())
    ]


def _of_others(first: OpenQuestion, others: list[OpenQuestion]) -> str:
    """Return the words for whom ``others`` are about, each once: one may ask several times."""
    owners = dict.fromkeys(_owner(other.subject) for other in others)
    owners.pop(_owner(first.subject), None)
    return f" (and of {_some(list(owners))})" if owners else ""


def _some(names: list[str]) -> str:
    if len(names) <= _MOST_OWNERS:
        return ", ".join(names)
    return f"{', '.join(names[:_MOST_OWNERS])} and {len(names) - _MOST_OWNERS} more"


_MOST_OWNERS = 3


def _owner(subject: str) -> str:
    """Return the name of the service in a subject such as `services.web.environment.KEY`."""
    kind, _, rest = subject.partition(".")
    return rest.partition(".")[0] if kind == "services" else subject
