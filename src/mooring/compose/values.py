"""
Readers of single values of the finished model: what stands there, typed, or nothing.

A reader returns None for what Docker Compose leaves out of its model: an empty text or list, a
zero, a false.  Readers whose name begins with ``any_`` keep those, for attributes where "not said"
and "said to be zero" differ.  A reader raises InputError or Faults.

Numbers that are texts are read where Compose reads them at this late point; elsewhere `casts` has
done it before.
"""

from collections.abc import Callable
from collections.abc import Mapping as ReadOnly
from typing import TypeVar

from mooring.compose import casts, durations, numbers, scalar_text, units
from mooring.compose.faults import Collector, Faults
from mooring.compose.nodes import Mapping, Node, Scalar, ScalarValue, Sequence
from mooring.errors import InputError

Reader = Callable[[Node], Node | None]
_Value = TypeVar("_Value")
_OCTAL_DIGITS = frozenset("01234567")


def text(node: Node) -> Node | None:
    """A text; an integer counts as one."""
    made = any_text(node)
    return made if made.value else None


def any_text(node: Node) -> Scalar:
    """A text that may be empty; an integer counts as one."""
    if type(node) is Scalar:
        value = node.value
        if type(value) is str:
            return node
        if type(value) is int:
            return _like(node, str(value))
    raise wrong(node, "is not a text", "put it in quotes")


def boolean(node: Node) -> Node | None:
    """A boolean, said in YAML 1.1 or 1.2."""
    made = any_boolean(node)
    return made if made.value else None


def any_boolean(node: Node) -> Scalar:
    """A boolean that may be false."""
    if isinstance(node, Scalar):
        value = node.value
        if isinstance(value, bool):
            return node
        if isinstance(value, str):
            return _like(node, _read(casts.boolean, node, "write true or false"))
    raise wrong(node, "is neither true nor false", "write true or false")


def unless_true(node: Node) -> Node | None:
    """A boolean that is true where nothing is said, so that only false is worth saying."""
    made = any_boolean(node)
    return None if made.value else made


def integer(node: Node) -> Node | None:
    """An integer; a fraction is dropped."""
    made = any_integer(node)
    return made if made.value else None


def any_integer(node: Node) -> Scalar:
    """An integer that may be zero; a fraction is dropped."""
    if isinstance(node, Scalar):
        value = node.value
        if type(value) is int:
            return node
        if isinstance(value, float):
            return _like(node, int(value))
        if isinstance(value, str):
            return _like(node, _read(numbers.integer, node, "write a number"))
    raise wrong(node, "is not a number", "write a number")


def natural(node: Node) -> Node | None:
    """An integer that is not negative, and no text; a fraction is dropped."""
    made = any_natural(node)
    return made if made.value else None


def any_natural(node: Node) -> Scalar:
    """An integer that is zero or more, and no text; a fraction is dropped."""
    if isinstance(node, Scalar) and isinstance(node.value, int | float):
        if isinstance(node.value, bool):
            raise wrong(node, "is not a number", "write a number")
        if node.value < 0:
            raise wrong(node, "is negative", "write zero or more")
        return any_integer(node)
    raise wrong(node, "is not a number", "write a number, without quotes")


def number(node: Node) -> Node | None:
    """A number in single precision, as Compose keeps ``cpus`` and ratios."""
    if isinstance(node, Scalar) and not isinstance(node.value, bool):
        value = node.value
        if isinstance(value, str):
            value = _read(numbers.decimal, node, "write a number, as in 0.5")
        if isinstance(value, int | float):
            return _like(node, numbers.single(value)) if value else None
    raise wrong(node, "is not a number", "write a number, as in 0.5")


def size(node: Node) -> Node | None:
    """A size in bytes, as a text of digits; a number with a fraction counts as not said."""
    made = any_size(node)
    return made if made.value != "0" else None


def any_size(node: Node) -> Scalar:
    """A size in bytes that may be zero, as a text of digits."""
    if isinstance(node, Scalar):
        value = node.value
        if type(value) is int:
            return _like(node, str(value))
        if isinstance(value, float):
            return _like(node, "0")
        if isinstance(value, str):
            remedy = 'write a number with a unit, as in "512m" or "2g"'
            return _like(node, str(_read(units.parse_bytes, node, remedy)))
    raise wrong(node, "is not a size", 'write a number with a unit, as in "512m" or "2g"')


def duration(node: Node) -> Node | None:
    """A duration, as Go prints it."""
    made = any_duration(node)
    return made if made.value != "0s" else None


def any_duration(node: Node) -> Scalar:
    """A duration that may be zero, as Go prints it."""
    if not isinstance(node, Scalar):
        raise wrong(node, "is not a duration", 'write it as in "1m30s"')
    nanoseconds = _read(durations.parse, _like(node, scalar_text.text(node)), 'as in "1m30s"')
    return _like(node, durations.show(nanoseconds))


def file_mode(node: Node) -> Node | None:
    """Permission bits, as an octal text: a text is octal, a number is what it is."""
    if isinstance(node, Scalar):
        value = node.value
        if isinstance(value, str):
            value = _read(_octal, node, 'write it in octal, as in "0440"')
        if type(value) is int:
            return _like(node, f"0{value:o}")
    raise wrong(node, "are no permission bits", 'write them in octal, as in "0440"')


def text_list(node: Node) -> Node | None:
    """A list of texts; a single text is a list of one."""
    if isinstance(node, Sequence):
        items = tuple(map(any_text, node.items))
        if not items:
            return None
        return node if items == node.items else Sequence(items, node.position)
    return Sequence((any_text(node),), node.position)


def printed_list(node: Node) -> Node | None:
    """A list of texts, where numbers stand for how they are printed."""
    if not isinstance(node, Sequence):
        node = Sequence((node,), node.position)
    items = tuple(
        _like(item, scalar_text.text(item)) for item in node.items if isinstance(item, Scalar)
    )
    return Sequence(items, node.position) if items else None


def list_of(reader: Reader) -> Reader:
    """Return the reader of a list whose entries ``reader`` reads; an empty list is none."""

    def read(node: Node) -> Node | None:
        if not isinstance(node, Sequence):
            raise wrong(node, "is not a list", "write it as a list")
        items: list[Node] = []
        errors = Collector()
        for index, item in enumerate(node.items):
            try:
                made = reader(item)
            except (InputError, Faults) as raised:
                errors.add(index, raised, node.position)
            else:
                items.append(Scalar(None, item.position) if made is None else made)
        errors.raise_all()
        return Sequence(tuple(items), node.position) if items else None

    return read


def mapping_of(reader: Reader, *, null: bool = False) -> Reader:
    """
    Return the reader of a mapping with names of the user; an empty mapping is none.

    ``null``: an entry may be null, and stays so.
    """

    def read(node: Node) -> Node | None:
        if not isinstance(node, Mapping):
            raise wrong(node, "is not a mapping", "write it as a mapping")
        entries: dict[str, Node] = {}
        errors = Collector()
        for name, value in node.entries.items():
            if null and type(value) is Scalar and value.value is None:
                entries[name] = value
                continue
            try:
                made = reader(value)
            except (InputError, Faults) as raised:
                errors.add(name, raised, node.keys.get(name))
            else:
                entries[name] = Scalar(None, value.position) if made is None else made
        errors.raise_all()
        return Mapping(entries, node.position, node.keys) if entries else None

    return read


def record(fields: ReadOnly[str, Reader], always: ReadOnly[str, Node] | None = None) -> Reader:
    """
    Return the reader of a mapping with names of the specification.

    ``always`` are entries of the model where nothing is said, or only null.  Extensions (``x-*``)
    stay as they are; other unknown names mean nothing to Compose and are left out.
    """
    defaults = dict(always or {})

    def read(node: Node) -> Node | None:
        if not isinstance(node, Mapping):
            raise wrong(node, "is not a mapping", "write it as a mapping")
        entries: dict[str, Node] = {}
        errors = None
        for name, value in node.entries.items():
            reader = fields.get(name)
            if reader is None:
                if name.startswith("x-"):
                    entries[name] = value
                continue
            if type(value) is Scalar and value.value is None:
                continue
            try:
                made = reader(value)
            except (InputError, Faults) as raised:
                errors = errors or Collector()
                errors.add(name, raised, node.keys.get(name))
                continue
            if made is not None:
                entries[name] = made
        if errors:
            errors.raise_all()
        for name, value in defaults.items():
            if name not in entries:
                entries[name] = value
        return Mapping(entries, node.position, node.keys)

    return read


def wrong(node: Node, fault: str, remedy: str) -> InputError:
    """Return the error that says that ``node`` ``fault``, as in "is not a number"."""
    shown = f'"{scalar_text.text(node)}"' if isinstance(node, Scalar) else "this"
    return InputError(f"{shown} {fault}", position=node.position, remedy=remedy)


def _read(reader: Callable[[str], _Value], node: Scalar, remedy: str) -> _Value:
    try:
        return reader(str(node.value))
    except ValueError as fault:
        raise wrong(node, str(fault), remedy) from None


def _octal(digits: str) -> int:
    if not digits or not _OCTAL_DIGITS.issuperset(digits):
        raise numbers.NotANumber("is not an octal number")
    return int(digits, 8)


def _like(node: Scalar, value: ScalarValue) -> Scalar:
    return Scalar(value, node.position, node.variables)
