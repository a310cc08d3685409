"""
Sizes as Compose reads them: binary units, whatever the letters say.

``1k``, ``1kb`` and ``1KiB`` are all 1,024 bytes; a number alone is bytes.  (In Kubernetes ``k`` is
1,000 and ``m`` a thousandth: a size of Compose is never copied there as it is.)

Source: Compose Specification, "Specifying byte values"; Docker's size parser.
"""

from functools import lru_cache

from mooring.compose import numbers

_POWERS = {"b": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}


class InvalidSize(ValueError):
    """A text is no size; the message says why."""


@lru_cache(maxsize=256)
def parse_bytes(text: str) -> int:
    """
    Return the bytes that ``text`` says; a fraction of a byte is dropped.

    Raises:
        InvalidSize: ``text`` has no number or an unknown unit, or is negative and has a unit.
    """
    try:
        return numbers.integer(text)
    except numbers.NotANumber:
        pass
    end = max(text.rfind(character) for character in "01234567890. ")
    if end < 0:
        raise InvalidSize("has no number")
    number = text[:end] if text[end] == " " else text[: end + 1]
    unit = text[end + 1 :].lower()
    try:
        size = numbers.decimal(number)
    except numbers.NotANumber:
        raise InvalidSize("has no number that can be read") from None
    if size < 0:
        raise InvalidSize("is negative")
    return int(size * 1024 ** _power(unit))


def _power(unit: str) -> int:
    if not unit:
        return 0
    power = _POWERS.get(unit[0])
    is_known = unit == "b" or (power and unit[1:] in ("", "b", "ib"))
    if power is None or not is_known:
        raise InvalidSize(f'has the unknown unit "{unit}"')
    return power
