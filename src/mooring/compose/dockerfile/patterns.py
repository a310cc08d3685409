"""
Shell patterns as Dockerfile substitutions use them: ``*``, ``?`` and escaped characters.

They are matched by following all possible ends at once, never by a regular expression, so that no
pattern of a user can take exponential time.

Source: https://docs.docker.com/reference/dockerfile/#environment-replacement
"""

from enum import Enum


class Wildcard(Enum):
    """What matches more than itself: any one character, or any number of them."""

    ONE = "?"
    MANY = "*"


Token = str | Wildcard
"""One step of a pattern: a wildcard, or the character that stands for itself."""


def parse(pattern: str) -> list[Token]:
    """
    Return the tokens of ``pattern``.

    Raises:
        ValueError: a backslash before a character that needs none.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        at += 1
        if character == "*":
            tokens.append(Wildcard.MANY)
        elif character == "?":
            tokens.append(Wildcard.ONE)
        elif character != "\\":
            tokens.append(character)
        elif pattern[at : at + 1] not in ("}", "/"):
            escaped = pattern[at : at + 1]
            if escaped not in ("*", "?", "\\"):
                raise ValueError(f'"\\{escaped}" in a pattern stands for nothing')
            tokens.append(escaped)
            at += 1
    return tokens


def steps(tokens: list[Token], text: str) -> int:
    """Return how many steps one match over ``text`` takes at most."""
    return (len(tokens) + 1) * (len(text) + 1)


def without_prefix(tokens: list[Token], text: str, *, longest: bool) -> str:
    """Return ``text`` without its shortest or longest beginning that matches."""
    ends = _ends(tokens, text, 0)
    if not ends:
        return text
    return text[ends[-1] if longest else ends[0] :]


def without_suffix(tokens: list[Token], text: str, *, longest: bool) -> str:
    """Return ``text`` without its shortest or longest end that matches."""
    return without_prefix(tokens[::-1], text[::-1], longest=longest)[::-1]


def replaced(tokens: list[Token], text: str, replacement: str, *, everywhere: bool) -> str:
    """Return ``text`` with the first match, or each one, replaced; matches are the longest."""
    pieces: list[str] = []
    at, last_end = 0, -1
    while at <= len(text):
        ends = _ends(tokens, text, at)
        end = ends[-1] if ends else -1
        # an empty match right behind a match is none
        if end > at or (end == at and at != last_end):
            pieces.append(replacement)
            last_end = end
            if not everywhere:
                return "".join([*pieces, text[end:]])
            if end > at:
                at = end
                continue
        pieces.append(text[at : at + 1])
        at += 1
    return "".join(pieces)


def _ends(tokens: list[Token], text: str, start: int) -> list[int]:
    """Return every offset where a match of all ``tokens`` from ``start`` on can end, ascending."""
    ends = [start]
    for token in tokens:
        if token is Wildcard.MANY:
            ends = list(range(ends[0], len(text) + 1))
        elif token is Wildcard.ONE:
            ends = [at + 1 for at in ends if at < len(text)]
        else:
            ends = [at + 1 for at in ends if text.startswith(token, at)]
        if not ends:
            break
    return ends
