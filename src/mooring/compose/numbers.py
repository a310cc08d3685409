"""
Numbers as Docker Compose reads them from a text and prints them.

Compose is written in Go, whose number syntax differs from Python's at the edges (``1_000`` is no
integer, ``0x1p-2`` a number, a space around digits an error).  What one of the two accepts and the
other refuses must not depend on the language that we happen to use.
"""

import math
import struct

_HIGHEST = 2**63 - 1
_LOWEST = -(2**63)
_BASES = {"0x": 16, "0o": 8, "0b": 2}


class NotANumber(ValueError):
    """A text is not a number of the kind that is asked for; the message says what it is not."""


def integer(text: str) -> int:
    """
    Return the decimal integer that ``text`` says; zeros in front mean nothing.

    Raises:
        NotANumber: ``text`` has anything but digits after an optional sign, or exceeds 64 bits.
    """
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not (digits.isascii() and digits.isdigit()):
        raise NotANumber("is not an integer")
    value = int(text)
    if not _LOWEST <= value <= _HIGHEST:
        raise NotANumber("is too large for an integer")
    return value


def bit_mask(text: str) -> int:
    """
    Return the 32-bit number of ``text``, octal where it begins with ``0`` as in ``077``.

    Raises:
        NotANumber: ``text`` is not such a number.
    """
    lower = text.lower()
    base = _BASES.get(lower[:2])
    if base:
        digits = lower[2:].removeprefix("_")
    elif lower.startswith("0"):
        base, digits = 8, lower
    else:
        base, digits = 10, lower
    if not digits.isascii() or digits[:1] in ("+", "-", " ", "_", ""):
        raise NotANumber("is not a number")
    try:
        value = int(digits, base)
    except ValueError:
        raise NotANumber("is not a number") from None
    if value >= 2**32:
        raise NotANumber("is too large: a mask has 32 bits")
    return value


def decimal(text: str) -> float:
    """
    Return the number that ``text`` says, with or without fraction and exponent.

    Raises:
        NotANumber: ``text`` is not a finite number.
    """
    lower = text.lower()
    try:
        if "x" in lower and "p" in lower:
            value = float.fromhex(lower.replace("_", ""))
        elif lower.isascii() and lower == lower.strip():
            value = float(lower)
        else:
            value = math.nan
    except (ValueError, OverflowError):
        value = math.nan
    if not math.isfinite(value):
        raise NotANumber("is not a number")
    return value


def single(value: float) -> float | int:
    """
    Return ``value`` in single precision, as the shortest decimal that means the same there.

    Compose keeps ``cpus`` and ratios in 32 bits: 0.1 stays 0.1, 123456789 becomes 123456792 and
    is printed as 123456790.
    """
    if isinstance(value, int) and -(2**24) <= value <= 2**24:
        return value
    try:
        packed = struct.pack("f", value)
    except OverflowError:
        return math.copysign(math.inf, value)
    (exact,) = struct.unpack("f", packed)
    shortest: float = exact
    for digits in range(6, 10):
        shortest = float(f"{exact:.{digits}g}")
        if struct.pack("f", shortest) == packed:
            break
    return whole(shortest)


def whole(value: float) -> float | int:
    """Return ``value`` as an integer where it has no fraction, as JSON prints it."""
    return int(value) if value.is_integer() else value
