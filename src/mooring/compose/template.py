"""
The grammar of variables in a text: ``$V``, ``${V}``, ``${V:-default}`` and their kin, ``$$``.

What looks like a variable and is none is a fault (``${}``, ``${1x}``, ``${V!}``); a dollar sign
that begins nothing stays (``$(date)``, ``$?``, ``$1``), so shell commands mostly pass unchanged.  A
braced expression ends on its own line; which brace ends it is decided as compose-go does, by
counting all braces in it, so that a default may hold JSON.

Sources: Compose Specification, "Interpolation"; compose-go 2.16.2, template/template.go.
"""

import re
from collections.abc import Callable, Iterator
from typing import TypeAlias

import msgspec

from mooring.patterns import LazyPattern

Lookup: TypeAlias = Callable[[str], str | None]
"""The value of a variable; None where it is not set."""

MAX_NESTING = 50
"""Defaults inside defaults; each is read again for every one around it."""

MAX_FAULTS = 100
"""Faults after which a text is not looked at any further; nobody repairs more at a time."""

MAX_GROWTH = 1_000_000
"""Characters that variables may add to one text; a value of a process has 131,072 at most."""

_DOLLAR = LazyPattern(
    r"\$(?:(?P<escaped>\$)|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<brace>\{)(?:(?P<braced>[A-Za-z_][A-Za-z0-9_]*)(?P<operator>:?[-+?]|\}))?)"
)
# compose-go skips the character after an opening brace, whatever it is.
_BRACES = LazyPattern(r"\{.?|\}", re.DOTALL)


_MAX_SHOWN = 40


class Fault(msgspec.Struct, frozen=True):
    """What is wrong in a text, and where in it (``offset`` counts characters from 0)."""

    offset: int
    message: str
    remedy: str


class Expansion(msgspec.Struct, frozen=True):
    """
    A text with its variables written out.

    ``variables`` are those whose value, or lack of one, decided what the text says; where only
    the presence of a variable was asked for (``${V:+x}``) its value is not in the text.  ``unset``
    are those that had no value and no default, each with the offset of its first use.
    """

    text: str
    variables: tuple[str, ...] = ()
    unset: tuple[tuple[str, int], ...] = ()
    faults: tuple[Fault, ...] = ()


class Variable(msgspec.Struct, frozen=True, kw_only=True):
    """One use of a variable: ``${NAME:-default}``, ``${NAME:+presence}``, ``${NAME:?}``."""

    name: str
    default: str | None = None
    presence: str | None = None
    required: bool = False


def expand(text: str, lookup: Lookup) -> Expansion:
    """Return ``text`` with its variables written out; faults are part of the result."""
    if "$" not in text:
        return Expansion(text)
    writer = _Writer(lookup)
    written = writer.write(text, 0, 0)
    return Expansion(
        written, tuple(writer.variables), tuple(writer.unset.items()), tuple(writer.faults)
    )


def variables(text: str) -> Iterator[Variable]:
    """Yield every use of a variable in ``text``, those inside defaults too, in their order."""
    yield from _variables(text, 0)


def _variables(text: str, nesting: int) -> Iterator[Variable]:
    if nesting > MAX_NESTING:
        return
    for part in _parts(text):
        if not isinstance(part, _Reference):
            continue
        kind = part.operator.lstrip(":")
        yield Variable(
            name=part.name,
            default=part.argument if kind == "-" else None,
            presence=part.argument if kind == "+" else None,
            required=kind == "?",
        )
        if kind in ("-", "+"):
            yield from _variables(part.argument, nesting + 1)


class _Reference(msgspec.Struct, frozen=True, gc=False):
    """A variable in a text; ``argument`` begins at ``argument_offset``."""

    offset: int
    name: str
    operator: str = ""
    argument: str = ""
    argument_offset: int = 0


def _parts(text: str) -> Iterator[str | _Reference | Fault]:
    """Yield the literal texts, the references and the faults in ``text``, in their order."""
    at = 0
    line_end = last_brace = -1
    while True:
        match = _DOLLAR.search(text, at)
        if match is None:
            yield text[at:]
            return
        start, end = match.span()
        yield text[at:start]
        at = end
        operator = match["operator"]
        if match["escaped"] is not None:
            yield "$"
        elif match["name"] is not None:
            yield _Reference(start, match["name"])
        elif operator == "}":
            yield _Reference(start, match["braced"])
        elif operator is None:
            yield _not_a_variable(text, start)
        else:
            if line_end < end:
                found = text.find("\n", end)
                line_end = len(text) if found < 0 else found
                last_brace = text.rfind("}", end, line_end)
            if last_brace < end:
                yield _not_closed(match["braced"], operator, start)
                continue
            closing = _closing_brace(text, start, last_brace)
            yield _Reference(start, match["braced"], operator, text[end:closing], end)
            at = closing + 1


def _closing_brace(text: str, start: int, last: int) -> int:
    """Return where the expression that begins at ``start`` ends, at the latest at ``last``."""
    first = text.find("}", start + 3, last + 1)  # the brace and one character behind it aside
    if first >= 0 and text.find("{", start + 2, first) < 0:
        return first
    depth = 0
    for brace in _BRACES.finditer(text, start, last + 1):
        if brace[0] != "}":
            depth += 1
        elif depth == 1:
            return brace.start()
        else:
            depth -= 1
    return last


class _Writer:
    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup
        self.variables: dict[str, None] = {}
        self.unset: dict[str, int] = {}
        self.faults: list[Fault] = []
        self._room = MAX_GROWTH

    def write(self, text: str, offset: int, nesting: int) -> str:
        """Return ``text``, which begins at ``offset`` of the whole, with variables written out."""
        written: list[str] = []
        for part in _parts(text):
            if len(self.faults) >= MAX_FAULTS:
                break
            if isinstance(part, str):
                written.append(part)
            elif isinstance(part, Fault):
                self._fault(offset + part.offset, part.message, part.remedy)
            elif nesting == MAX_NESTING:
                self._fault(
                    offset + part.offset,
                    f"defaults are nested more than {MAX_NESTING} deep",
                    "set a variable of its own to the inner part",
                )
            else:
                written.append(self._value(part, offset, nesting))
        return "".join(written)

    def _value(self, reference: _Reference, offset: int, nesting: int) -> str:
        name, operator = reference.name, reference.operator
        value = self._lookup(name)
        # With a colon, an empty value counts as none.
        present = value is not None and (value != "" or not operator.startswith(":"))
        if operator.endswith("+"):
            return self._argument(reference, offset, nesting) if present else ""
        self.variables[name] = None
        if present and value is not None:
            self._room -= len(value)
            if self._room >= 0:
                return value
            self._fault(
                offset + reference.offset,
                f"variables make this text more than {MAX_GROWTH:,} characters longer",
                "look for variables whose values repeat one another",
            )
            return ""
        if operator.endswith("-"):
            return self._argument(reference, offset, nesting)
        if operator.endswith("?"):
            reason = self._argument(reference, offset, nesting)
            lack = "is empty" if value == "" else "is not set"
            self._fault(
                offset + reference.offset,
                f'the required variable "{name}" {lack}' + (f": {reason}" if reason else ""),
                f"set {name} in the environment or in the .env file",
            )
        elif value is None:
            self.unset.setdefault(name, offset + reference.offset)
        return ""

    def _fault(self, offset: int, message: str, remedy: str) -> None:
        self.faults.append(Fault(offset, message, remedy))

    def _argument(self, reference: _Reference, offset: int, nesting: int) -> str:
        return self.write(reference.argument, offset + reference.argument_offset, nesting + 1)


def _not_a_variable(text: str, start: int) -> Fault:
    closing = text.find("}", start, start + _MAX_SHOWN)
    end = closing + 1 if closing >= 0 else start + 2
    shown = text[start:end].partition("\n")[0]
    if shown == "${}":
        message = '"${}" names no variable'
    elif re.match(r"\$\{[A-Za-z_]", shown):
        message = f'"{shown}" is not a variable with one of the operators :- - :? ? :+ +'
    else:
        message = f'"{shown}" does not begin with a name of a variable (letters, digits and "_")'
    return Fault(start, message, 'write "$$" for a dollar sign that is meant literally')


def _not_closed(name: str, operator: str, start: int) -> Fault:
    return Fault(
        start,
        f'"${{{name}{operator}" is not closed on its line',
        'add the missing "}"; for a dollar sign that is meant literally write "$$"',
    )
