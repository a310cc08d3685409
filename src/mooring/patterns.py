"""
Regular expressions that are compiled when they are first used.

Compiling takes longer than most uses, and few stacks need most patterns: a conversion of a small
stack would spend a tenth of its time on patterns that it never asks.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


compile_pattern: Callable[[str, int], re.Pattern[str]] = re.compile
"""Compiles a pattern when it is first used.  The program puts one here that remembers."""


class LazyPattern:
    """
    A `re.Pattern` to be: its methods, with the same arguments.

    A method costs the same as the compiled pattern's own from its second call on.
    """

    __slots__ = ("_flags", "_pattern", *_METHODS)

    findall: Callable[..., list[Any]]
    finditer: Callable[..., Iterator[re.Match[str]]]
    fullmatch: Callable[..., re.Match[str] | None]
    match: Callable[..., re.Match[str] | None]
    search: Callable[..., re.Match[str] | None]
    split: Callable[..., list[str]]
    sub: Callable[..., str]

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        """Compile the pattern: the methods are there after that, and this is not called again."""
        compiled = compile_pattern(self._pattern, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return object.__getattribute__(self, name)
