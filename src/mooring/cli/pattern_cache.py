"""
Compiled patterns, kept from run to run beside Python's compiled modules.

A conversion asks forty patterns, and compiling them takes longer than reading the Compose file.
Python keeps what it compiles of modules but not of patterns, so this does: in one file in the same
folder, which holds for this very Python only.  What cannot be read or written is compiled anew.
"""

import _sre  # type: ignore[import-not-found]
import os
import re
import sys
from marshal import dumps, loads
from typing import Any, TypeAlias

from mooring import patterns

_MADE_BY = f"{sys.version} {_sre.MAGIC} {_sre.CODESIZE} {sys.byteorder}"
_MOST = 2000
"""Patterns in a file, above which it holds those of other versions of us and is begun anew."""

_Key: TypeAlias = tuple[str, int]
_Parts: TypeAlias = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""What `_sre.compile` takes beside the pattern: flags, code, and the names of groups."""


class PatternCache:
    """The patterns in the file ``path``, and those that this run compiles."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._known: dict[_Key, _Parts] | None = None
        self._is_new = False

    def compile(self, pattern: str, flags: int) -> re.Pattern[str]:
        """Return what `re.compile` returns."""
        known = self._kept()
        key = pattern, int(flags)
        try:
            if key not in known:
                known[key] = _parts(pattern, int(flags))
                self._is_new = True
            all_flags, code, groups, names, by_number = known[key]
            words = memoryview(code).cast("I").tolist()
            found: re.Pattern[str] = _sre.compile(
                pattern, all_flags, words, groups, names, by_number
            )
        except (AttributeError, ImportError, RuntimeError, TypeError, ValueError):
            return re.compile(pattern, flags)
        return found

    def save(self) -> None:
        """Write the file where there is something new, for the next run."""
        if not self._is_new or self._known is None or sys.dont_write_bytecode:
            return
        temporary = f"{self._path}.{os.getpid()}"
        try:
            with open(temporary, "xb") as file:
                file.write(dumps((_MADE_BY, self._known)))
            os.replace(temporary, self._path)
        except OSError:
            return  # nobody may write there, or nothing more fits: each run compiles its own

    def _kept(self) -> dict[_Key, _Parts]:
        if self._known is None:
            self._known = _read(self._path)
        return self._known


def _read(path: str) -> dict[_Key, _Parts]:
    try:
        with open(path, "rb") as file:
            # As safe as every import of ours: whoever can write here can change our modules.
            made_by, known = loads(file.read())  # noqa: S302
    except (OSError, EOFError, ValueError, TypeError):
        return {}
    return known if made_by == _MADE_BY and len(known) <= _MOST else {}


def _parts(pattern: str, flags: int) -> _Parts:
    """Compile ``pattern`` as `re` does, and return what it hands to its engine."""
    compiler: Any = re._compiler  # type: ignore[attr-defined]
    parsed = compiler._parser.parse(pattern, flags)
    code = b"".join(word.to_bytes(4, sys.byteorder) for word in compiler._code(parsed, flags))
    names = dict(parsed.state.groupdict)
    by_number: list[str | None] = [None] * parsed.state.groups
    for name, number in names.items():
        by_number[number] = name
    return flags | parsed.state.flags, code, parsed.state.groups - 1, names, tuple(by_number)


def install() -> None:
    """Let this process take its patterns from where earlier ones left them."""
    if CACHE is not None:
        patterns.compile_pattern = CACHE.compile


CACHE = (
    PatternCache(f"{__spec__.cached.removesuffix('.pyc')}.patterns") if __spec__.cached else None
)
"""That of this process; None where Python, too, keeps nothing of what it compiles."""
