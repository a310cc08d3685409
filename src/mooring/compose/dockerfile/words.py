"""
Words of a Dockerfile line, before any substitution.

Source: https://docs.docker.com/reference/dockerfile/#format
"""

import re
from functools import cache

from mooring.patterns import LazyPattern

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008"
    "\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
ESCAPES = ("\\", "`")
DEFAULT_ESCAPE = "\\"

_WORD_START = LazyPattern(f"[^{SPACES}]")


@cache
def _word_end(escape: str) -> re.Pattern[str]:
    return re.compile(f"['\"{re.escape(escape)}{SPACES}]")


@cache
def _quote_end(quote: str, escape: str) -> re.Pattern[str]:
    # nothing can be escaped between single quotes
    return re.compile(quote if quote == "'" else f"[{quote}{re.escape(escape)}]")


def split(text: str, escape: str) -> list[tuple[int, str]]:
    """Return the words of ``text`` with their offsets; quotes and escapes stay in the words."""
    words: list[tuple[int, str]] = []
    end = len(text)
    at = 0
    while found := _WORD_START.search(text, at):
        start = at = found.start()
        dropped = 0
        while at < end:
            special = _word_end(escape).search(text, at)
            if special is None:
                at = end
                break
            at = special.start()
            character = text[at]
            if character in "'\"":
                at = _closing_quote(text, at, escape)
            elif character == escape:
                # an escape character with nothing after it means nothing
                dropped = 1 if at + 1 == end else 0
                at = min(at + 2, end)
            else:
                break
        if at - dropped > start:
            words.append((start, text[start : at - dropped]))
    return words


def flags(text: str, escape: str) -> tuple[tuple[str, ...], int]:
    """
    Return the ``--flags`` that ``text`` starts with, unquoted, and the offset of what follows.

    A lone ``--`` ends the flags.
    """
    found: list[str] = []
    end = len(text)
    at = 0
    while True:
        while at < end and text[at] in SPACES:
            at += 1
        if not text.startswith("--", at):
            return tuple(found), at
        characters: list[str] = []
        quote = ""
        while at < end:
            character = text[at]
            if not quote and character in SPACES:
                break
            at += 1
            if quote and character == quote:
                quote = ""
            elif not quote and character in "'\"":
                quote = character
            elif character == escape:
                characters.append(text[at : at + 1])
                at += 1
            else:
                characters.append(character)
        flag = "".join(characters)
        if flag == "--":
            return tuple(found), min(at, end)
        found.append(flag)
        at = min(at, end)


def _closing_quote(text: str, at: int, escape: str) -> int:
    """Return the offset after the quote that closes the one at ``at``, or the end of ``text``."""
    pattern = _quote_end(text[at], escape)
    quote = text[at]
    at += 1
    while found := pattern.search(text, at):
        if text[found.start()] == quote:
            return found.end()
        at = found.end() + 1
    return len(text)
