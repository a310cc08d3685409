"""
Fields of an object that somebody else wrote, read without trust.

A manifest that is to be judged may hold anything anywhere.  What is not of the expected type reads
as if it were absent: that it is there at all is for a schema to say, and no other judgement may
stop because of it.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias, cast

from mooring.kube import quantity

Manifest: TypeAlias = Mapping[str, object]
"""An object, or a part of one, as parsed: mappings, lists, texts, numbers, truth values, None."""

_NOTHING: Manifest = {}


def mapping(value: object) -> Manifest:
    """Return ``value`` where it is a mapping, an empty one otherwise."""
    return cast("Manifest", value) if isinstance(value, dict) else _NOTHING


def items(value: object) -> tuple[object, ...] | list[object]:
    """Return the elements of a list, none where ``value`` is none."""
    return value if isinstance(value, list | tuple) else ()


def mappings(value: object) -> Iterator[tuple[int, Manifest]]:
    """Yield each element of a list that is a mapping, with its index."""
    for index, element in enumerate(items(value)):
        if isinstance(element, dict):
            yield index, element


def texts(value: object) -> tuple[str, ...]:
    """Return the texts in a list."""
    return tuple(element for element in items(value) if isinstance(element, str))


def text(value: object) -> str | None:
    """Return ``value`` where it is a text that is not empty."""
    return value if isinstance(value, str) and value else None


def integer(value: object) -> int | None:
    """Return ``value`` where it is a whole number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def flag(value: object) -> bool | None:
    """Return ``value`` where it is a truth value."""
    return value if isinstance(value, bool) else None


def labels(value: object) -> Mapping[str, str]:
    """
    Return the labels or annotations in ``value``, by key.

    YAML reads an unquoted ``1`` or ``true`` as no text, and the API server refuses it; the text
    that was meant stands for it here, so that what is selected by it is still found.
    """
    found = mapping(value)
    if all(isinstance(element, str) for element in found.values()):
        return cast("Mapping[str, str]", found)
    return {
        key: meant for key, element in found.items() if (meant := meant_text(element)) is not None
    }


def at(value: object, *path: str) -> object:
    """Return what stands under ``path``, None where a part of the way is missing."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


def below(path: str, rest: str) -> str:
    """Return the field path ``rest`` below ``path``, which is empty at the root of an object."""
    return f"{path}.{rest}" if path else rest


def amount(value: object) -> Decimal | None:
    """
    Return a quantity in base units, None where ``value`` is none.

    Kubernetes rounds up to a thousandth, so ``0.1m`` of cpu is ``1m``; the same is done here.
    """
    if isinstance(value, str):
        return _amount(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _amount(str(value))
    return None


def amounts(value: object) -> dict[str, Decimal]:
    """Return the quantities of ``requests``, ``limits``, ``hard`` and the like, by name."""
    found = {}
    for name, written in mapping(value).items():
        read = amount(written)
        if read is not None:
            found[name] = read
    return found


def added(parts: Iterable[Mapping[str, Decimal]]) -> dict[str, Decimal]:
    """Return the sum of each amount over ``parts``."""
    total: dict[str, Decimal] = {}
    for part in parts:
        for name, size in part.items():
            total[name] = total.get(name, _ZERO) + size
    return total


def largest(*parts: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Return the largest of each amount over ``parts``."""
    most: dict[str, Decimal] = {}
    for part in parts:
        for name, size in part.items():
            if name not in most or most[name] < size:
                most[name] = size
    return most


def meant_text(value: object) -> str | None:
    """Return a scalar as the text for which it was written, None where ``value`` is no scalar."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, str | int | float) else None


_ZERO = Decimal(0)
_MILLI = Decimal("0.001")


@lru_cache(maxsize=4096)
def _amount(written: str) -> Decimal | None:
    try:
        exact = quantity.parse(written)
    except quantity.InvalidQuantity:
        return None
    thousandths = exact.scaleb(3)
    whole = thousandths.to_integral_value(rounding="ROUND_CEILING")
    return exact if whole == thousandths else whole * _MILLI
