"""
Quotes and variables of a Dockerfile line.

Dockerfiles have a small shell language of their own: quotes, an escape character that a directive
can change, and ``$NAME`` with the modifiers ``:-``, ``:+``, ``:?``, ``#``, ``%`` and ``/``.  It is
neither the shell's nor Compose's.  Here a variable may also have no value that the file can tell;
then the text keeps it, for a guess would be a wrong fact.

Source: https://docs.docker.com/reference/dockerfile/#environment-replacement
"""

import re
from collections.abc import Callable
from enum import Enum
from functools import cache

import msgspec

from mooring.compose.dockerfile import patterns
from mooring.compose.dockerfile.words import DEFAULT_ESCAPE, SPACES

_LONGEST_VALUE = 128 * 1024  # Linux takes no longer argument or variable (MAX_ARG_STRLEN)
_LONGEST_TOTAL = 16 * 1024 * 1024
_MOST_STEPS = 2_000_000
_DEEPEST = 50
_SPECIAL_PARAMETERS = "@*#?-$!"


@cache
def _special(escape: str, stop: str) -> re.Pattern[str]:
    return re.compile(f"[$'\"<{re.escape(escape + stop)}]")


@cache
def _special_in_double_quotes(escape: str) -> re.Pattern[str]:
    return re.compile(f'["${re.escape(escape)}]')


class Gap(Enum):
    """Why a variable has no value here."""

    UNSET = "unset"
    """It has none: its expansion is empty."""
    MAYBE = "maybe"
    """The base image may set it; defaults are taken, a plain use stays in the text."""
    UNTOLD = "untold"
    """It has a value that only the build knows (the platform): every use stays in the text."""


Lookup = Callable[[str], str | Gap]


class BadSubstitution(Exception):
    """A quote or variable that the builder refuses; the message says what is wrong with it."""


class Expansion(msgspec.Struct, frozen=True, gc=False):
    """A text after substitution; ``unknown`` names the variables that stayed in it."""

    value: str
    unknown: tuple[str, ...] = ()


class Expander:
    """Expands the words of one Dockerfile within one limit, so that no file can blow up."""

    def __init__(self, escape: str = DEFAULT_ESCAPE) -> None:
        self.escape = escape
        self._left = _LONGEST_TOTAL

    def word(self, text: str, lookup: Lookup) -> Expansion:
        """
        Return ``text`` with quotes removed and variables replaced.

        Raises:
            BadSubstitution: an open quote or brace, an unknown modifier, a refused variable
                (``${NAME:?message}``), or a result longer than any program could take.
        """
        if "$" not in text and '"' not in text and "'" not in text and self.escape not in text:
            return Expansion(text)
        parts, unknown = self._parts(text, lookup)
        return Expansion("".join([part for part, _ in parts]), unknown)

    def words(self, text: str, lookup: Lookup) -> list[Expansion]:
        """Return the words of ``text``, split at spaces after substitution as a shell does."""
        parts, unknown = self._parts(text, lookup)
        return [
            Expansion(word, tuple([name for name in unknown if f"${{{name}" in word]))
            for word in _split(parts)
        ]

    def _parts(self, text: str, lookup: Lookup) -> tuple[list["_Part"], tuple[str, ...]]:
        if self._left <= 0:
            raise BadSubstitution("all substitutions of this file together are too long")
        scanner = _Scanner(text, self.escape, lookup, _LONGEST_VALUE)
        try:
            parts = scanner.parts("")
        finally:
            self._left -= scanner.produced + scanner.steps
        return parts, tuple(dict.fromkeys(scanner.unknown))


def shell_words(text: str) -> list[str]:
    """
    Return the words of a command with quotes, escapes and variables as they are written.

    A text that is not well-formed has no words; the builder looks for here-documents this way.
    """
    scanner = _Scanner(text, DEFAULT_ESCAPE, lambda name: Gap.UNSET, _LONGEST_VALUE, raw=True)
    try:
        return _split(scanner.parts(""))
    except BadSubstitution:
        return []


def unquoted(word: str) -> list[str]:
    """Return the words in ``word`` without its quotes, variables left as they are."""
    scanner = _Scanner(
        word, DEFAULT_ESCAPE, lambda name: Gap.UNSET, _LONGEST_VALUE, keep_variables=True
    )
    try:
        return _split(scanner.parts(""))
    except BadSubstitution:
        return []


_Part = tuple[str, bool]
"""A piece of an expanded text, and whether spaces in it separate words."""


def _split(parts: list[_Part]) -> list[str]:
    words: list[str] = []
    current: list[str] = []
    for text, separates in parts:
        if not separates:
            current.append(text)
            continue
        start = 0
        for at, character in enumerate(text):
            if character in SPACES:
                current.append(text[start:at])
                if word := "".join(current):
                    words.append(word)
                current = []
                start = at + 1
        current.append(text[start:])
    if word := "".join(current):
        words.append(word)
    return words


class _Scanner:
    """One pass over one text; nested modifiers call back into it."""

    def __init__(
        self,
        text: str,
        escape: str,
        lookup: Lookup,
        longest: int,
        *,
        raw: bool = False,
        keep_variables: bool = False,
    ) -> None:
        self.text = text
        self.escape = escape
        self.lookup = lookup
        self.longest = longest
        self.raw_quotes = raw
        self.raw_escapes = raw
        self.keep_variables = raw or keep_variables
        self.at = 0
        self.depth = 0
        self.produced = 0
        self.steps = 0
        self.unknown: list[str] = []

    def parts(self, stop: str, *, pattern: bool = False) -> list[_Part]:
        """Read until ``stop`` (taken, not returned) or, where it is empty, the end."""
        parts: list[_Part] = []
        text = self.text
        end = len(text)
        special = _special(self.escape, stop)
        while self.at < end:
            found = special.search(text, self.at)
            if found is None:
                self._add(parts, text[self.at :], True)
                self.at = end
                break
            start = found.start()
            if start > self.at:
                self._add(parts, text[self.at : start], True)
            self.at = start
            character = text[start]
            if character == stop:
                self.at += 1
                return parts
            if character == "$":
                self._add(parts, self._variable(), True)
            elif character == "'":
                self._add(parts, self._single_quoted(pattern), False)
            elif character == '"':
                self._add(parts, self._double_quoted(pattern), False)
            elif character == "<":
                self._add(parts, self._less_than(), False)
            else:
                self.at += 1
                escaped = text[self.at : self.at + 1]
                self.at += len(escaped)
                self._add(parts, character + escaped if self.raw_escapes else escaped, False)
        if stop:
            raise BadSubstitution(f'"{stop}" is missing')
        return parts

    def _add(self, parts: list[_Part], text: str, separates: bool) -> None:
        self.produced += len(text)
        if self.produced > self.longest:
            raise BadSubstitution(f"the result is longer than {self.longest} characters")
        parts.append((text, separates))

    def _nested(self, stop: str, *, raw_escapes: bool = False, pattern: bool = False) -> str:
        if self.depth >= _DEEPEST:
            raise BadSubstitution(f"substitutions are nested more than {_DEEPEST} deep")
        before = self.raw_escapes
        self.raw_escapes = raw_escapes
        self.depth += 1
        try:
            return "".join([part for part, _ in self.parts(stop, pattern=pattern)])
        finally:
            self.depth -= 1
            self.raw_escapes = before

    def _single_quoted(self, pattern: bool) -> str:
        start = self.at + 1
        close = self.text.find("'", start)
        if close < 0:
            raise BadSubstitution("a single quote is not closed")
        self.at = close + 1
        inner = self.text[start:close]
        if pattern:
            inner = inner.replace(self.escape, self.escape * 2)
        return f"'{inner}'" if self.raw_quotes else inner

    def _double_quoted(self, pattern: bool) -> str:
        text = self.text
        pieces: list[str] = ['"'] if self.raw_quotes else []
        special = _special_in_double_quotes(self.escape)
        self.at += 1
        while found := special.search(text, self.at):
            start = found.start()
            pieces.append(text[self.at : start])
            self.at = start
            character = text[start]
            if character == "$":
                value = self._variable()
                self.produced += len(value)
                if self.produced > self.longest:
                    raise BadSubstitution(f"the result is longer than {self.longest} characters")
                pieces.append(value)
                continue
            self.at += 1
            if character == '"':
                if self.raw_quotes:
                    pieces.append('"')
                return "".join(pieces)
            escaped = text[self.at : self.at + 1]
            if not escaped:
                break
            if escaped in '"$' or escaped == self.escape:
                self.at += 1
                pieces.append(character + escaped if self.raw_escapes else escaped)
            else:
                # before any other character the escape character stands for itself
                doubled = self.raw_escapes and (pattern or not self.raw_quotes)
                pieces.append(character * 2 if doubled else character)
        raise BadSubstitution("a double quote is not closed")

    def _less_than(self) -> str:
        """Take "<", or "<<" with the blanks after it: a here-document's name may follow them."""
        start = self.at
        text = self.text
        self.at += 1
        if not text.startswith("<", self.at):
            return "<"
        self.at += 1
        while self.at < len(text) and text[self.at] in "\t\r ":
            self.at += 1
        return text[start : self.at]

    def _name(self) -> str:
        text = self.text
        start = self.at
        end = len(text)
        if start < end and text[start].isdecimal():
            while self.at < end and text[self.at].isdecimal():
                self.at += 1
            return text[start : self.at]
        if start < end and text[start] in _SPECIAL_PARAMETERS:
            self.at += 1
            return text[start]
        while self.at < end:
            character = text[self.at]
            if not (character.isalpha() or character.isdecimal() or character == "_"):
                break
            self.at += 1
        return text[start : self.at]

    def _variable(self) -> str:
        text = self.text
        start = self.at
        self.at += 1
        if not text.startswith("{", self.at):
            name = self._name()
            return self._plain(name, text[start : self.at]) if name else "$"
        self.at += 1
        following = text[self.at : self.at + 1]
        if not following:
            raise BadSubstitution('"}" is missing')
        if following in "{}:":
            raise BadSubstitution(f'no variable is named after "{text[start : self.at]}"')
        name = self._name()
        modifier = text[self.at : self.at + 1]
        self.at += 1
        if modifier == "}":
            return self._plain(name, text[start : self.at])
        empty_is_unset = modifier == ":"
        if empty_is_unset:
            modifier = text[self.at : self.at + 1]
            self.at += 1
        if not modifier:
            raise BadSubstitution('"}" is missing')
        if modifier in "-+?":
            word = self._nested("}")
            if self.keep_variables:
                return text[start : self.at]
            return self._conditional(name, modifier, word, empty_is_unset)
        if modifier in "#%" and not empty_is_unset:
            longest = text.startswith(modifier, self.at)
            self.at += longest
            pattern = self._nested("}", raw_escapes=True, pattern=True)
            return self._trimmed(name, modifier, pattern, longest, text[start : self.at])
        if modifier == "/" and not empty_is_unset:
            everywhere = text.startswith("/", self.at)
            self.at += everywhere
            pattern = self._nested("/", raw_escapes=True, pattern=True)
            replacement = self._nested("}", raw_escapes=True)
            return self._replaced(name, pattern, replacement, everywhere, text[start : self.at])
        sign = f":{modifier}" if empty_is_unset else modifier
        raise BadSubstitution(f'"{sign}" in "${{{name}{sign}" is no modifier')

    def _get(self, name: str) -> str | Gap:
        if not (name[:1].isalpha() or name[:1] == "_"):
            return Gap.UNSET  # $1, $@, $$: there is no shell that could have them
        return self.lookup(name)

    def _keep(self, name: str, source: str) -> str:
        self.unknown.append(name)
        return source

    def _plain(self, name: str, source: str) -> str:
        if self.keep_variables:
            return source
        value = self._get(name)
        if isinstance(value, str):
            return value
        return "" if value is Gap.UNSET else self._keep(name, f"${{{name}}}")

    def _conditional(self, name: str, modifier: str, word: str, empty_is_unset: bool) -> str:
        value = self._get(name)
        if value is Gap.UNTOLD:
            return word if modifier == "+" else self._keep(name, f"${{{name}}}")
        if value is Gap.MAYBE and modifier == "?":
            return self._keep(name, f"${{{name}}}")
        missing = isinstance(value, Gap) or (empty_is_unset and not value)
        if modifier == "+":
            return "" if missing else word
        if not missing:
            return str(value)
        if modifier == "-":
            return word
        state = "unset" if isinstance(value, Gap) else "empty"
        raise BadSubstitution(f"{name}: {word or f'is not allowed to be {state}'}")

    def _trimmed(self, name: str, modifier: str, pattern: str, longest: bool, source: str) -> str:
        if self.keep_variables:
            return source
        value = self._get(name)
        if isinstance(value, Gap):
            return "" if value is Gap.UNSET else self._keep(name, source)
        tokens = self._pattern(pattern)
        self._pay(patterns.steps(tokens, value))
        trim = patterns.without_suffix if modifier == "%" else patterns.without_prefix
        return trim(tokens, value, longest=longest)

    def _replaced(
        self, name: str, pattern: str, replacement: str, everywhere: bool, source: str
    ) -> str:
        if self.keep_variables:
            return source
        value = self._get(name)
        if value is Gap.UNSET:
            value = ""
        if isinstance(value, Gap):
            return self._keep(name, source)
        tokens = self._pattern(pattern)
        self._pay(patterns.steps(tokens, value) * (len(value) + 1))
        return patterns.replaced(tokens, value, replacement, everywhere=everywhere)

    def _pattern(self, pattern: str) -> list[patterns.Token]:
        try:
            return patterns.parse(pattern)
        except ValueError as error:
            raise BadSubstitution(str(error)) from error

    def _pay(self, steps: int) -> None:
        self.steps += steps
        if self.steps > _MOST_STEPS:
            raise BadSubstitution("the pattern takes too long to match")
