"""
Where answers belong, as somebody reads it who stands in the folder of the project.

What the translation says of one environment and of the tree that it does not know becomes lines
that can be copied: the same question of staging and production is asked once, with an answer that
names both, and a file of secret values has the path that it really has.
"""

import os
import re
from collections.abc import Iterable, Sequence

import msgspec

from mooring.decisions import OpenQuestion

_IN_THE_TREE = "environments/<environment>/"


def placed(
    asked: Iterable[OpenQuestion], environments: Sequence[str], output: str
) -> list[OpenQuestion]:
    """
    Return ``asked`` of ``environments``, each question once, with the paths below ``output``.

    A single environment is named in paths, several stay `<environment>`.
    """
    return [
        msgspec.structs.replace(one, answer=with_path(one.answer, environments, output))
        for one in _once(asked, environments)
    ]


def with_path(text: str, environments: Sequence[str], output: str) -> str:
    """Return ``text`` with the path that files of secret values have for ``environments``."""
    if _IN_THE_TREE not in text:
        return text
    named = environments[0] if len(environments) == 1 else "<environment>"
    path = os.path.join(output, "environments", named, "")
    return text.replace(_IN_THE_TREE, path)


def _once(asked: Iterable[OpenQuestion], environments: Sequence[str]) -> list[OpenQuestion]:
    if len(environments) < 2:
        return list(asked)
    names = "|".join(re.escape(name) for name in environments)
    in_answer = re.compile(rf"\{{({names}): ")
    in_subject = re.compile(rf"^environments\.(?:{names})\.")
    found: dict[tuple[str, str, str], dict[str, OpenQuestion]] = {}
    for one in asked:
        at = in_answer.search(one.answer)
        name = at[1] if at else ""
        subject = in_subject.sub("environments.", one.subject)
        key = (subject, one.question, in_answer.sub("{", one.answer, count=1))
        found.setdefault(key, {}).setdefault(name, one)
    return [_of_all(by_name, in_answer) for by_name in found.values()]


def _of_all(by_name: dict[str, OpenQuestion], in_answer: re.Pattern[str]) -> OpenQuestion:
    """Return the question of the last environment, with an answer that names all of them."""
    last = list(by_name.values())[-1]
    at = in_answer.search(last.answer)
    if len(by_name) == 1 or at is None:
        return last
    end = _end(last.answer, at.start())
    said = last.answer[at.end() : end]
    every = ", ".join(f"{name}: {said}" for name in by_name)
    return msgspec.structs.replace(
        last, answer=f"{last.answer[: at.start()]}{{{every}}}{last.answer[end + 1 :]}"
    )


def _end(text: str, start: int) -> int:
    """Return where the brace closes that opens at ``start``."""
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == "{") - (text[index] == "}")
        if depth == 0:
            return index
    return len(text)
