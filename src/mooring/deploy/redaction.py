"""Secret values in what others wrote: logs of containers, messages of a server."""

import base64
from collections.abc import Iterable

from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item
from mooring.sensitive import MASK

_SHORTEST = 6
"""Shorter values are words that stand everywhere."""


class Redactor:
    """Masks the values of Secrets in texts."""

    def __init__(self, items: Iterable[Item]) -> None:
        found: set[str] = set()
        for item in items:
            if item.kind != kinds.SECRET:
                continue
            for value in fields.mapping(item.manifest.get("data")).values():
                if isinstance(value, str):
                    found.update(_forms(value))
        self._values = sorted((one for one in found if len(one) >= _SHORTEST), key=len)[::-1]

    def __call__(self, text: str) -> str:
        """Return ``text`` with the values masked."""
        for value in self._values:
            if value in text:
                text = text.replace(value, MASK)
        return text

    def __repr__(self) -> str:
        return f"Redactor({len(self._values)} values)"


def _forms(encoded: str) -> Iterable[str]:
    yield encoded
    try:
        content = base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return
    yield content
    yield content.strip()
    yield from (line.strip() for line in content.splitlines())
