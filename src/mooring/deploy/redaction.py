"""
Secret values in what others wrote: logs of containers, messages of a server.

A value is masked wherever it stands.  One that is an ordinary word, and stands in clear in the same
objects, as the project's name does, is another matter: to mask each "coffee" hides nothing, makes a
cause unreadable, and tells whoever reads it what the secret is.  Such a word is masked where it
stands as a value: behind ``=`` or ``:``, in the credentials of an address, or in quotes behind a
word that means a secret.
"""

import base64
import re
from collections.abc import Iterable
from functools import cached_property
from urllib.parse import quote, quote_plus

import msgspec

from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item
from mooring.sensitive import MASK

_SHORTEST = 6
"""Shorter values are words that stand everywhere."""

_WORD = re.compile(r"[A-Za-z]+(-[A-Za-z]+)*").fullmatch
_LONGEST_WORD = 16


_CREDENTIALS = re.compile(r"(://[^\s:/@]*:)[^\s/@]+(?=@)")


class Redactor:
    """Masks the values of Secrets in texts."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = tuple(items)
        found: set[str] = set()
        for item in self._items:
            if item.kind != kinds.SECRET:
                continue
            for value in fields.mapping(item.manifest.get("data")).values():
                if isinstance(value, str):
                    found.update(_forms(value))
        self._values = sorted((one for one in found if len(one) >= _SHORTEST), key=len)[::-1]
        self._words: dict[str, bool] = {}

    def __call__(self, text: str) -> str:
        """Return ``text`` with the values masked."""
        for value in self._values:
            if value not in text:
                continue
            if self._is_public(value):
                text = _as_value(value).sub(lambda found: f"{found[1]}{MASK}", text)
            else:
                text = text.replace(value, MASK)
        # Also of what we do not know: nobody means others to read the password of an address.
        return _CREDENTIALS.sub(rf"\1{MASK}", text) if "://" in text else text

    def _is_public(self, value: str) -> bool:
        """Tell whether ``value`` is an ordinary word that stands in clear in the objects."""
        if value not in self._words:
            is_word = len(value) <= _LONGEST_WORD and _WORD(value) is not None
            token = re.compile(rf"(?<![A-Za-z0-9]){re.escape(value)}(?![A-Za-z0-9])")
            self._words[value] = is_word and token.search(self._clear) is not None
        return self._words[value]

    @cached_property
    def _clear(self) -> str:
        """What stands in the objects outside of Secrets, and the names of all."""
        shown = [
            item.manifest.get("metadata") if item.kind == kinds.SECRET else item.manifest
            for item in self._items
        ]
        return msgspec.json.encode(shown).decode()

    def __repr__(self) -> str:
        return f"Redactor({len(self._values)} values)"


def _as_value(word: str) -> re.Pattern[str]:
    """Return the pattern of ``word`` where it stands as a value; its first group stays."""
    return re.compile(
        r"((?:[=:]\s?[\"']?|"
        r"(?i:password|passwd|passphrase|pwd|secret|token|key|credential)[^\"']{0,24}[\"']))"
        rf"{re.escape(word)}(?![A-Za-z0-9/.-])"
    )


def _forms(encoded: str) -> Iterable[str]:
    yield encoded
    try:
        content = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return
    yield content
    for text in (content.strip(), *(line.strip() for line in content.splitlines())):
        yield text
        # As it stands in the address of a database, and in an address that was asked for.
        yield from (quote(text, safe=""), quote(text), quote_plus(text))
