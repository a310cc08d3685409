"""
The rule language of Traefik's routers: which requests a router takes.

A rule is made of matchers such as ``Host(`example.com`)``, joined by ``&&``, ``||``, ``!`` and
parentheses.  `parse` multiplies it out into alternatives, each a list of matchers that must all
hold: the form in which hosts and paths can be read off.

Source: https://doc.traefik.io/traefik/routing/routers/#rule
"""

import re
from typing import TypeAlias

import msgspec

from mooring.patterns import LazyPattern

_TOKEN = LazyPattern(
    r"""\s*(?:
    (?P<operator>&&|\|\||[!(),])
    | (?P<name>[A-Za-z][A-Za-z0-9]*)
    | (?P<text>`[^`]*`|"(?:[^"\\]|\\.)*"|'[^']*')
    )""",
    re.VERBOSE,
)
_ESCAPED = LazyPattern(r"\\(.)")
_MOST_ALTERNATIVES = 64
_MOST_LEVELS = 40
"""Beyond these nobody can say what a rule does; no rule in use comes near."""


class Matcher(msgspec.Struct, frozen=True, kw_only=True):
    """
    One condition: ``name`` in lower case, and the values of which one must match.

    With ``negated`` none of them may.
    """

    name: str
    values: tuple[str, ...] = ()
    negated: bool = False


Alternative: TypeAlias = tuple[Matcher, ...]


class RuleError(ValueError):
    """The text is no rule; the message says why."""


def parse(rule: str) -> tuple[Alternative, ...]:
    """
    Return the alternatives of ``rule``, in its order: a request that fits one of them fits.

    Raises:
        RuleError: it is no rule, or too large a one.
    """
    parser = _Parser(_tokens(rule))
    found = parser.either(negated=False, level=0)
    parser.end()
    return found


class _Token(msgspec.Struct, frozen=True):
    kind: str
    text: str


def _tokens(rule: str) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    rule = rule.rstrip()
    while at < len(rule):
        found = _TOKEN.match(rule, at)
        if found is None:
            raise RuleError(f"it has {rule[at:].strip()[:10]!r} where no rule can have it")
        kind = found.lastgroup or ""
        text = found[kind]
        if kind == "text":
            text = _ESCAPED.sub(r"\1", text[1:-1]) if text[0] == '"' else text[1:-1]
        tokens.append(_Token(kind, text))
        at = found.end()
    return tokens


class _Parser:
    """One pass over the tokens of a rule."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def either(self, *, negated: bool, level: int) -> tuple[Alternative, ...]:
        """Read what ``||`` joins; negated, all of it must not hold."""
        if level > _MOST_LEVELS:
            raise RuleError("its parentheses are too deep")
        found = self._both(negated=negated, level=level)
        while self._takes("||"):
            further = self._both(negated=negated, level=level)
            found = _multiplied(found, further) if negated else _added(found, further)
        return found

    def _both(self, *, negated: bool, level: int) -> tuple[Alternative, ...]:
        """Read what ``&&`` joins; negated, one of it must not hold."""
        found = self._single(negated=negated, level=level)
        while self._takes("&&"):
            further = self._single(negated=negated, level=level)
            found = _added(found, further) if negated else _multiplied(found, further)
        return found

    def _single(self, *, negated: bool, level: int) -> tuple[Alternative, ...]:
        while self._takes("!"):
            negated = not negated
        if self._takes("("):
            found = self.either(negated=negated, level=level + 1)
            self._needs(")")
            return found
        name = self._next("name", "the name of a matcher")
        self._needs("(")
        values: list[str] = []
        while not self._takes(")"):
            if values:
                self._needs(",")
            values.append(self._next("text", "a text in backticks"))
        return ((Matcher(name=name.lower(), values=tuple(values), negated=negated),),)

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self._at < len(self._tokens):
            raise RuleError(f"it goes on with {self._tokens[self._at].text!r} after its end")

    def _takes(self, operator: str) -> bool:
        if self._at < len(self._tokens) and self._tokens[self._at] == _Token("operator", operator):
            self._at += 1
            return True
        return False

    def _needs(self, operator: str) -> None:
        if not self._takes(operator):
            raise RuleError(f'it has {self._here()} where "{operator}" must stand')

    def _next(self, kind: str, description: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at].kind == kind:
            self._at += 1
            return self._tokens[self._at - 1].text
        raise RuleError(f"it has {self._here()} where {description} must stand")

    def _here(self) -> str:
        return repr(self._tokens[self._at].text) if self._at < len(self._tokens) else "its end"


def _added(one: tuple[Alternative, ...], other: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    return _bounded((*one, *other))


def _multiplied(
    one: tuple[Alternative, ...], other: tuple[Alternative, ...]
) -> tuple[Alternative, ...]:
    if len(one) * len(other) > _MOST_ALTERNATIVES:
        raise RuleError("it has too many alternatives")
    return tuple((*first, *second) for first in one for second in other)


def _bounded(alternatives: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
    if len(alternatives) > _MOST_ALTERNATIVES:
        raise RuleError("it has too many alternatives")
    return alternatives
