"""
Durations as Compose reads and prints them.

``1m30s``, ``1.5h`` and ``2w`` are read; the result is printed as Go prints it, in hours, minutes
and seconds or in the largest unit below a second: ``336h0m0s``, ``100ms``.

Source: Compose Specification, "Specifying durations"; https://pkg.go.dev/time#Duration.String.
"""

from functools import lru_cache

from mooring.patterns import LazyPattern

_MICROSECOND = 1_000
_MILLISECOND = 1_000_000
_SECOND = 1_000_000_000
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE
_HIGHEST = 2**63 - 1
_UNITS = {
    "ns": 1,
    "us": _MICROSECOND,
    "\u00b5s": _MICROSECOND,
    "\u03bcs": _MICROSECOND,
    "ms": _MILLISECOND,
    "s": _SECOND,
    "m": _MINUTE,
    "h": _HOUR,
    "d": 24 * _HOUR,
    "w": 168 * _HOUR,
}
_PART = LazyPattern(r"([0-9]*)(?:\.([0-9]*))?([^0-9.]+)")


class InvalidDuration(ValueError):
    """A text is no duration; the message says why."""


@lru_cache(maxsize=256)
def parse(text: str) -> int:
    """
    Return the nanoseconds that ``text`` says.

    Raises:
        InvalidDuration: ``text`` has no number, no unit, an unknown unit, or is too long a time.
    """
    rest = text[1:] if text[:1] in ("+", "-") else text
    if rest == "0":
        return 0
    if not rest:
        raise InvalidDuration("is no duration")
    total = 0
    place = 0
    while place < len(rest):
        part = _PART.match(rest, place)
        if part is None or not (part[1] or part[2]):
            raise InvalidDuration("has no unit" if rest[-1].isdigit() else "is no duration")
        whole, fraction, unit = part.groups()
        factor = _UNITS.get(unit)
        if factor is None:
            raise InvalidDuration(f'has the unknown unit "{unit}"')
        total += int(whole or 0) * factor
        if fraction:
            total += int(float(int(fraction)) * (factor / 10.0 ** len(fraction)))
        if total > _HIGHEST:
            raise InvalidDuration("is longer than 290 years")
        place = part.end()
    return -total if text.startswith("-") else total


@lru_cache(maxsize=256)
def show(nanoseconds: int) -> str:
    """Return the duration as Go prints it: ``1h0m0s``, ``1.5s``, ``100ms``, ``0s``."""
    sign = "-" if nanoseconds < 0 else ""
    rest = abs(nanoseconds)
    if rest == 0:
        return "0s"
    for unit, factor in (("ns", 1), ("\u00b5s", _MICROSECOND), ("ms", _MILLISECOND)):
        if rest < 1000 * factor:
            return f"{sign}{_decimal(rest, factor)}{unit}"
    seconds = f"{_decimal(rest % _MINUTE, _SECOND)}s"
    minutes = rest // _MINUTE
    if not minutes:
        return f"{sign}{seconds}"
    if minutes < 60:
        return f"{sign}{minutes}m{seconds}"
    return f"{sign}{minutes // 60}h{minutes % 60}m{seconds}"


def _decimal(count: int, unit: int) -> str:
    """Return ``count`` in units, exactly: no binary floating point is involved."""
    whole, part = divmod(count, unit)
    if not part:
        return str(whole)
    return f"{whole}.{str(part).zfill(len(str(unit)) - 1).rstrip('0')}"
