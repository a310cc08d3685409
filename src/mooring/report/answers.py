"""
Where answers belong, as somebody reads it who stands in the folder of the project.

The translation does not know the tree that is written; here a file of secret values gets the path
that it really has.
"""

import os
from collections.abc import Iterable, Sequence

import msgspec

from mooring.decisions import OpenQuestion

_IN_THE_TREE = "environments/<environment>/"


def placed(
    asked: Iterable[OpenQuestion], environments: Sequence[str], output: str
) -> list[OpenQuestion]:
    """
    Return ``asked`` of ``environments`` with the paths of files below ``output``.

    A single environment is named in paths, several stay `<environment>`.
    """
    return [
        msgspec.structs.replace(one, answer=with_path(one.answer, environments, output))
        for one in asked
    ]


def with_path(text: str, environments: Sequence[str], output: str) -> str:
    """Return ``text`` with the path that files of secret values have for ``environments``."""
    if _IN_THE_TREE not in text:
        return text
    named = environments[0] if len(environments) == 1 else "<environment>"
    path = os.path.join(output, "environments", named, "")
    return text.replace(_IN_THE_TREE, path)
