"""
What a YAML scalar means: text, whole number, number, boolean, null, or a date.

Docker Compose reads YAML with go-yaml v4, whose rules are those of YAML 1.2 with some additions:
``yes``, ``on`` and ``22:22`` are texts, ``0o17`` and ``017`` are octal, ``1_000`` is a number, and
an unquoted date becomes a time that Compose then prints in Go's way.  Ports, modes, durations and
versions depend on these rules, so they are followed to the letter.

Source: https://github.com/yaml/go-yaml, version 4.0.0-rc.4, where untagged scalars are resolved.
"""

import math

from mooring.compose.nodes import Scalar, ScalarValue
from mooring.errors import InputError
from mooring.patterns import LazyPattern
from mooring.sources import Position

FIRST_CHARACTERS_OF_OTHER_TYPES = frozenset("+-.0123456789nNtTfF~")
"""A plain scalar that begins with none of these is a text; an empty one is null."""

_CONSTANTS: dict[str, ScalarValue] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("-0", "-0.0"), -0.0),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
}

_INTEGER = LazyPattern(
    r"([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]{0,19}))"
)
_BASES = (16, 2, 8, 10)
_LAST_CHARACTERS_OF_NUMBERS = frozenset("0123456789abcdefABCDEF._")
_FLOAT = LazyPattern(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_FLOAT_FROM_POINT = LazyPattern(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")

_DATE = LazyPattern(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:([Tt]| +)(.+))?")
_CLOCK = LazyPattern(
    r"([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?(?:(Z)|([+-])([0-9]{2}):([0-9]{2}))?"
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_YAML_TAG = "tag:yaml.org,2002:"
_TYPE_WORDS = {
    "bool": "a boolean",
    "int": "a whole number",
    "float": "a number",
    "null": "null",
    "timestamp": "a date",
}
_TYPES = {bool: "bool", int: "int", float: "float", type(None): "null", str: "str"}


class Timestamp(Scalar, frozen=True, gc=False):
    """
    An unquoted date or time.

    Its value is what Docker Compose passes on where any scalar may stand (``environment``, labels,
    build arguments): "2024-01-31 00:00:00 +0000 UTC" for ``2024-01-31``.  Where a text must
    stand, Docker Compose refuses it.
    """


def untagged(text: str, position: Position) -> Scalar:
    """
    Return what the plain scalar ``text`` means, typed.

    Raises:
        InputError: infinity or "not a number", which no Compose file can hold.
    """
    value = _resolve(text)
    if value is text:
        timestamp = _timestamp(text)
        return Scalar(text, position) if timestamp is None else Timestamp(timestamp, position)
    return _finite(value, text, position)


def tagged(tag: str, text: str, position: Position) -> Scalar:
    """
    Return what ``text`` means under an explicit ``tag`` (in full: "tag:yaml.org,2002:int").

    ``!!str`` and tags that YAML does not define make it a text, ``!!binary`` decodes base64, and
    the others assert a type; quotes make no difference to them.

    Raises:
        InputError: ``text`` is not what its tag asserts.
    """
    kind = tag.removeprefix(_YAML_TAG)
    if kind == "binary" and kind != tag:
        return Scalar(_decoded(text, position), position)
    if kind == tag or kind not in _TYPE_WORDS:
        return Scalar(text, position)
    if kind == "timestamp":
        timestamp = _timestamp(text)
        if timestamp is not None:
            return Timestamp(timestamp, position)
    else:
        value = _resolve(text)
        if kind == "float" and type(value) is int and value < 2**63:
            value = float(value)
        if _TYPES[type(value)] == kind:
            return _finite(value, text, position)
    raise InputError(
        f'"{text}" is not {_TYPE_WORDS[kind]}, which its tag "!!{kind}" asks for',
        position=position,
        remedy="remove the tag, or write a value of that type",
    )


def _resolve(text: str) -> ScalarValue:
    """Return the value of plain ``text``; where that is a text, the very same object."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    first = text[0]
    if first == ".":
        is_number = text[1:2].isdigit() and _FLOAT_FROM_POINT.fullmatch(text)
        return _number(text) if is_number else text
    if first not in "+-0123456789" or text[-1] not in _LAST_CHARACTERS_OF_NUMBERS:
        return text
    if first != "0" and len(text) < 16 and text.isdecimal() and text.isascii():
        return int(text)
    digits = text.replace("_", "")
    integer = _INTEGER.fullmatch(digits)
    if integer is not None:
        sign, *bodies = integer.groups()
        base, body = next(pair for pair in zip(_BASES, bodies, strict=True) if pair[1])
        value = int(sign + body, base)
        # Signed numbers have 64 bits; only an unsigned one may use the 64th for its value.
        if -(2**63) <= value < 2**63 or (not sign and value < 2**64):
            return value
    return _number(digits, text) if _FLOAT.fullmatch(digits) else text


def _number(digits: str, text: str | None = None) -> float | str:
    """Return the number that ``digits`` write, or else ``text`` where it is out of range."""
    number = float(digits)
    return (text or digits) if math.isinf(number) else number


def _finite(value: ScalarValue, text: str, position: Position) -> Scalar:
    if type(value) is float and not math.isfinite(value):
        raise InputError(
            f'"{text}" is a number without a value, which no Compose file can hold',
            position=position,
            remedy=f'write it in quotes ("{text}") where the text is meant',
        )
    return Scalar(value, position)


def _timestamp(text: str) -> str | None:
    """
    Return the date or time ``text`` as Go prints it, or None where it is none.

    A time of day needs a zone after "T" and cannot have one after a space (go-yaml knows no
    more forms than these).
    """
    if len(text) < 8 or text[4] != "-":
        return None
    date = _DATE.fullmatch(text)
    if date is None:
        return None
    year, month, day = int(date[1]), int(date[2]), int(date[3])
    leap = month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1] + leap:
        return None
    shown = f"{year:04d}-{month:02d}-{day:02d}"
    if date[4] is None:
        return f"{shown} 00:00:00 +0000 UTC"
    clock = _CLOCK.fullmatch(date[5])
    if clock is None:
        return None
    zoned = clock[5] is not None or clock[6] is not None
    hour, minute, second = int(clock[1]), int(clock[2]), int(clock[3])
    if zoned != (date[4] in "Tt") or hour > 23 or minute > 59 or second > 59:
        return None
    shown += f" {hour:02d}:{minute:02d}:{second:02d}"
    fraction = (clock[4] or "")[:9].rstrip("0")
    if fraction:
        shown += f".{fraction}"
    if clock[6] is None:
        return f"{shown} +0000 UTC"
    zone_hours, zone_minutes = int(clock[7]), int(clock[8])
    if zone_hours > 24 or zone_minutes > 60:
        return None
    offset = zone_hours * 60 + zone_minutes
    zone = f"{clock[6]}{offset // 60:02d}{offset % 60:02d}" if offset else "+0000"
    # Go repeats the offset where a zone has no name.
    return f"{shown} {zone} {zone if offset else 'UTC'}"


def _decoded(text: str, position: Position) -> str:
    """Return the text that base64 ``text`` stands for."""
    import binascii

    try:
        data = binascii.a2b_base64(
            text.replace("\n", "").replace("\r", "").encode(), strict_mode=True
        )
        return data.decode()
    except UnicodeDecodeError as error:
        raise InputError(
            'the value tagged "!!binary" holds bytes that are not text',
            position=position,
            remedy="put binary data into a file, and name the file",
        ) from error
    except ValueError as error:
        raise InputError(
            'the value tagged "!!binary" is not valid base64',
            position=position,
            remedy="encode it with base64, or remove the tag",
        ) from error
