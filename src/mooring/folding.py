"""
What several services have in common, said once.

Decisions about services are worded alike and differ in a port, a path or a name.  Where three or
more services have one of a kind, a reader wants the kind and the list: "exposure: port ... is
reached inside the cluster only: db (5432), cache (6379), web (8080)".
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import msgspec

from mooring.decisions import Decision
from mooring.patterns import LazyPattern

SEVERAL = 3
"""So many services about which the same is said are told of in one place."""

_VARIABLE = LazyPattern(r'"[^"]*"|`[^`]*`|\S*[\d/_]\S*|[A-Za-z]+(?:-[A-Za-z]+)+')
_LIST = LazyPattern(r"…(?:,? (?:and )?…)+")
_LONGEST = 24  # characters of what differs, behind the name of a service


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """
    Decisions of one kind about several services.

    ``choice`` has "…" for what differs; ``services`` are those that it is about, each with what is
    its own.  ``because`` is the evidence that all of them have.
    """

    topic: str
    choice: str
    services: tuple[tuple[str, str], ...]
    because: str = ""


def folded(
    decisions: Mapping[str, Sequence[Decision]],
) -> tuple[list[Kind], dict[str, list[Decision]]]:
    """
    Return the kinds of decisions that several services have, and what is left of each service.

    ``decisions`` are those about each service, by its name.
    """
    keys = {
        service: [(decision.topic, _general(decision.choice, service)) for decision in made]
        for service, made in decisions.items()
    }
    found: dict[tuple[str, str], dict[str, list[Decision]]] = {}
    for service, made in decisions.items():
        for key, decision in zip(keys[service], made, strict=True):
            found.setdefault(key, {}).setdefault(service, []).append(decision)
    common = {key: members for key, members in found.items() if len(members) >= SEVERAL}
    own = {
        service: [
            decision for key, decision in zip(keys[service], made, strict=True) if key not in common
        ]
        for service, made in decisions.items()
    }
    return [_kind(key, members) for key, members in common.items()], own


def _kind(key: tuple[str, str], members: Mapping[str, Sequence[Decision]]) -> Kind:
    topic, general = key
    all_made = [decision for made in members.values() for decision in made]
    choices = {decision.choice for decision in all_made}
    reasons = {"; ".join(one.statement for one in decision.evidence) for decision in all_made}
    is_same = len(choices) == 1
    return Kind(
        topic=topic,
        choice=choices.pop() if is_same else general,
        services=tuple(
            (service, "" if is_same else _own(made, service)) for service, made in members.items()
        ),
        because=reasons.pop() if len(reasons) == 1 else "",
    )


def _general(choice: str, service: str) -> str:
    """Return ``choice`` with "…" for what is likely to be of this one ``service``."""
    return _with_gaps(_without(service, choice))


@lru_cache(maxsize=4096)
def _with_gaps(text: str) -> str:
    """Return ``text`` with "…" for words that are likely to differ; many services say the same."""
    return _LIST.sub("…", _VARIABLE.sub(_kept, text))


def _without(name: str, text: str) -> str:
    """Return ``text`` with "…" for ``name`` where that is a word by itself."""
    made: list[str] = []
    end = 0
    start = text.find(name)
    while start >= 0:
        behind = start + len(name)
        is_word = not (
            _is_in_word(text[start - 1 : start]) or _is_in_word(text[behind : behind + 1])
        )
        if is_word:
            made += (text[end:start], "…")
            end = behind
        start = text.find(name, behind if is_word else start + 1)
    return "".join((*made, text[end:]))


def _is_in_word(character: str) -> bool:
    return character.isalnum() or character in ("_", "-")


def _kept(found: re.Match[str]) -> str:
    """Return "…" for a word that differs, with the marks behind it."""
    word = found[0]
    marks = word[len(word.rstrip(",;:.)")) :]
    return f"…{marks}"


def _own(made: Iterable[Decision], service: str) -> str:
    """Return what differs in the choices about ``service``, or how many they are."""
    choices = [decision.choice for decision in made]
    words = [word.rstrip(",;:.)") for choice in choices for word in _VARIABLE.findall(choice)]
    said = ", ".join(dict.fromkeys(word for word in words if word != service))
    if len(said) <= _LONGEST:
        return said
    return str(len(choices)) if len(choices) > 1 else ""
