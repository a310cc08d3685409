"""
What a plain scalar of a manifest is: text, number, boolean or null, as kubectl takes it.

kubectl reads YAML 1.1 (``yes``, ``on`` and ``0755`` are no texts), unlike Docker Compose, so
manifests and Compose files do not share their scalars.

Source: https://pkg.go.dev/sigs.k8s.io/yaml (goyaml.v2, resolve.go)
"""

import re
from typing import TypeAlias

Value: TypeAlias = str | int | float | bool | None

_WORDS: dict[str, Value] = {
    **dict.fromkeys(
        ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True
    ),
    **dict.fromkeys(
        ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False
    ),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_NUMERIC = frozenset("0123456789+-.")
_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LARGEST = 2**64


def resolved(text: str) -> Value:
    """Return what the plain scalar ``text`` means; a text that means nothing else is itself."""
    found = _WORDS.get(text, text)
    if found is not text or text[0] not in _NUMERIC:
        return found
    digits = text.replace("_", "")
    if _INTEGER.fullmatch(digits):
        number = _whole(digits)
        if -(_LARGEST // 2) <= number < _LARGEST:
            return number
    return float(digits) if _FLOAT.fullmatch(digits) else text


def _whole(digits: str) -> int:
    sign = -1 if digits[0] == "-" else 1
    body = digits.lstrip("+-").lower()
    if body.startswith("0x"):
        return sign * int(body, 16)
    if body.startswith("0b"):
        return sign * int(body, 2)
    if len(body) > 1 and body[0] == "0":
        return sign * int(body.replace("o", ""), 8)
    return sign * int(body)
