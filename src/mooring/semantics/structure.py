"""
Whether an object has the fields, types and words that its kind has.

The API server refuses an unknown field only where it is asked to (`kubectl apply` does); without,
the field is dropped in silence, which is worse.

Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
"""

from collections.abc import Iterator
from enum import StrEnum

import msgspec

from mooring.kube import quantity
from mooring.kube.schemas import served, words
from mooring.semantics.objects import Item

MAX_FAULTS = 50
"""Faults after which an object is left alone; nobody repairs more at a time."""


class Fault(StrEnum):
    """What is wrong at a place."""

    UNKNOWN = "unknown"
    """The type has no such field."""
    TYPE = "type"
    """The value is of another type."""
    MISSING = "missing"
    """The field must be there."""
    WORD = "word"
    """The field knows only certain words."""


class Found(msgspec.Struct, frozen=True, gc=False):
    """
    A fault at ``field``.

    ``value`` is what stands there; ``wanted`` what may: the fields of the type, the words, or the
    type in words.
    """

    fault: Fault
    field: str
    value: object
    wanted: tuple[str, ...]


def faults(item: Item) -> tuple[Found, ...]:
    """Return the faults of an object of a kind that is known; nothing of others."""
    packed = served.packed()
    name = packed.kinds.get(f"{item.ref.api_version} {item.ref.kind}")
    if name is None:
        return ()
    found: list[Found] = []
    for one in _of_type(item.manifest, name, "", packed.types):
        found.append(one)
        if len(found) >= MAX_FAULTS:
            break
    return tuple(found)


_Types = dict[str, tuple[dict[str, str], tuple[str, ...]]]


def _of_type(value: object, name: str, path: str, types: _Types) -> Iterator[Found]:
    if type(value) is not dict:
        yield Found(Fault.TYPE, path, value, ("a mapping",))
        return
    known, required = types[name]
    for key, inner in value.items():
        shape = known.get(key)
        if shape is None:
            yield Found(Fault.UNKNOWN, _below(path, key), inner, tuple(known))
        elif inner is not None and shape != "x":
            yield from _of_shape(inner, shape, f"{path}.{key}" if path else key, types)
            allowed = words.WORDS.get((name, key))
            if allowed is not None:
                yield from _of_words(inner, allowed, f"{path}.{key}" if path else key)
    for key in required:
        if value.get(key) is None:
            yield Found(Fault.MISSING, f"{path}.{key}" if path else key, None, ())


def _of_shape(value: object, shape: str, path: str, types: _Types) -> Iterator[Found]:
    head = shape[0]
    if head == "@":
        yield from _of_type(value, shape[1:], path, types)
    elif head == "[":
        if type(value) is not list:
            yield Found(Fault.TYPE, path, value, ("a list",))
            return
        inner = shape[1:]
        if inner != "x":
            for index, one in enumerate(value):
                yield from _of_shape(one, inner, f"{path}[{index}]", types)
    elif head == "{":
        if type(value) is not dict:
            yield Found(Fault.TYPE, path, value, ("a mapping",))
            return
        inner = shape[1:]
        if inner != "x":
            for key, one in value.items():
                if one is not None or inner in ("s", "q"):
                    yield from _of_shape(one, inner, _below(path, key), types)
    else:
        kinds, described = _SCALARS[head]
        if type(value) not in kinds or (head == "q" and not _is_quantity(value)):
            yield Found(Fault.TYPE, path, value, (described,))


_SCALARS: dict[str, tuple[tuple[type, ...], str]] = {
    "s": ((str,), "a text"),
    "i": ((int,), "a whole number"),
    "n": ((int, float), "a number"),
    "b": ((bool,), "true or false"),
    "q": ((str, int, float), "a quantity, as 250m or 64Mi"),
    "o": ((str, int), "a whole number or a text"),
    "x": ((), ""),
}


def _is_quantity(value: object) -> bool:
    try:
        quantity.parse(str(value))
    except quantity.InvalidQuantity:
        return False
    return True


def _of_words(value: object, allowed: tuple[str, ...], path: str) -> Iterator[Found]:
    for index, one in enumerate(value if type(value) is list else [value]):
        place = f"{path}[{index}]" if type(value) is list else path
        if isinstance(one, str) and one not in allowed and not one.startswith("HugePages"):
            yield Found(Fault.WORD, place, one, allowed)


def _below(path: str, key: object) -> str:
    if not isinstance(key, str) or "[" in key:
        return f'{path}["{key}"]'
    return f"{path}.{key}" if path else key
