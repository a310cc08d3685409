"""
What several environments are asked alike, as one question with an answer for all of them.

A stack that goes into staging and production is asked the same for both, with one word of
difference.  Twice as long a list is read half as well, so it stands there once:

    hosts.relay: ... which host goes by that name in staging and production?
      services: {relay: {mode: {staging: external, production: external}, ...}}

What is put into mooring.yaml is the same as from both questions.
"""

import re
from collections.abc import Iterable, Sequence

import msgspec

from mooring.decisions import OpenQuestion

_MARK = "\0"


def common(asked: Sequence[tuple[str, Iterable[OpenQuestion]]]) -> tuple[OpenQuestion, ...]:
    """
    Return what the environments are asked, by name, each once and in the order of the first.

    Of several environments that are asked alike the last, which demands most, gives the words.
    """
    groups: dict[tuple[str, ...], dict[str, OpenQuestion]] = {}
    for environment, questions in asked:
        for one in questions:
            groups.setdefault(_key(one, environment), {}).setdefault(environment, one)
    return tuple(dict.fromkeys(_merged(group) for group in groups.values()))


def _key(one: OpenQuestion, environment: str) -> tuple[str, ...]:
    """Return the words of a question with a mark in the place of the environment's name."""
    name = _name(environment)
    words = (one.subject, one.question, one.answer, one.several, one.item)
    return (*(name.sub(_MARK, text) for text in words), str(one.position))


def _name(environment: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w<-]){re.escape(environment)}(?![\w>-])")


def _merged(group: dict[str, OpenQuestion]) -> OpenQuestion:
    *others, last = group
    one = group[last]
    if not others:
        return one
    listed = f"{', '.join(others)} and {last}"
    return msgspec.structs.replace(
        one,
        question=_name(last).sub(listed, one.question),
        answer=_answer(one.answer, tuple(group), last),
        item=_name(last).sub(listed, one.item),
    )


def _answer(answer: str, environments: tuple[str, ...], last: str) -> str:
    """Return ``answer``, for ``last``, with what it says of that for all ``environments``."""
    key = re.compile(rf"\{{{re.escape(last)}: ")
    parts: list[str] = []
    done = 0
    for found in key.finditer(answer):
        if found.start() < done:
            continue
        end = _end_of_value(answer, found.end())
        value = answer[found.end() : end]
        parts.append(answer[done : found.start() + 1])
        parts.append(", ".join(f"{name}: {value}" for name in environments))
        done = end
    parts.append(answer[done:])
    return "".join(parts).replace(f"for {last} alone", "for these alone")


def _end_of_value(text: str, start: int) -> int:
    """Return where the flow value that begins at ``start`` ends."""
    depth = 0
    for index in range(start, len(text)):
        if text[index] in "{[":
            depth += 1
        elif text[index] in "}]":
            if depth == 0:
                return index
            depth -= 1
        elif text[index] == "," and depth == 0:
            return index
    return len(text)
