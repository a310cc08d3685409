"""
The words in which the attribute tables are written.

A YAML value is a scalar, a list or a mapping, and no attribute of Compose has two forms of one of
these.  So a `Shape` has one optional part for each, and ``TEXT | list_of(TEXT)`` joins two shapes
by their parts: whichever kind of value stands in a file, one part says what it must be like.
"""

from collections.abc import Callable

import msgspec


class Scalars(msgspec.Struct, frozen=True, kw_only=True):
    """
    Which scalars are allowed.

    ``types`` are the exact Python types of their values; a number without a fraction counts as an
    integer.  ``choices`` and ``matches`` bind texts, ``minimum`` and ``maximum`` numbers.
    """

    types: frozenset[type]
    choices: tuple[str, ...] = ()
    matches: Callable[[str], object] | None = None
    example: str = ""
    """A text that ``matches`` accepts, for the error message."""
    minimum: int | None = None
    maximum: int | None = None

    @property
    def is_constrained(self) -> bool:
        """Whether more than the type of a value matters."""
        return bool(self.choices or self.matches) or self.minimum is not None


class Items(msgspec.Struct, frozen=True, kw_only=True):
    """Which lists are allowed: what each entry is, and whether one may stand there twice."""

    shape: "Shape"
    unique: bool = False


class Names(msgspec.Struct, frozen=True, kw_only=True):
    """Which names a mapping may hold, in a user's words and as a test."""

    description: str
    allows: Callable[[str], bool]


class Entries(msgspec.Struct, frozen=True, kw_only=True):
    """
    Which mappings are allowed.

    ``fields`` are attributes with names of the specification; ``values`` is the shape of entries
    whose name the user chooses within ``names``.  An ``x-*`` name may hold anything where
    ``extensions`` allows it, and any other name where the mapping is ``open``.
    """

    fields: dict[str, "Shape"] = {}
    required: tuple[str, ...] = ()
    one_of_required: tuple[str, ...] = ()
    names: Names | None = None
    values: "Shape | None" = None
    extensions: bool = False
    open: bool = False


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What an attribute may hold: one part for each kind of YAML value, None where not allowed."""

    scalars: Scalars | None = None
    items: Items | None = None
    entries: Entries | None = None

    def __or__(self, other: "Shape") -> "Shape":
        scalars = self.scalars or other.scalars
        if self.scalars and other.scalars:
            # Only types are joined: a constraint of one side binds its own types alone.
            constrained = self.scalars if self.scalars.is_constrained else other.scalars
            types = self.scalars.types | other.scalars.types
            scalars = msgspec.structs.replace(constrained, types=types)
        return Shape(
            scalars=scalars,
            items=self.items or other.items,
            entries=self.entries or other.entries,
        )


def _scalar(*types: type) -> Shape:
    return Shape(scalars=Scalars(types=frozenset(types)))


NULL = _scalar(type(None))
TEXT = _scalar(str)
BOOLEAN = _scalar(bool)
INTEGER = _scalar(int)
NUMBER = _scalar(int, float)


def choice(*texts: str) -> Shape:
    """One of ``texts``."""
    return Shape(scalars=Scalars(types=frozenset((str,)), choices=texts))


def text_like(matches: Callable[[str], object], example: str) -> Shape:
    """A text for which ``matches`` is true."""
    return Shape(scalars=Scalars(types=frozenset((str,)), matches=matches, example=example))


def integer(minimum: int, maximum: int | None = None) -> Shape:
    """An integer from ``minimum`` to ``maximum``, both included."""
    return Shape(scalars=Scalars(types=frozenset((int,)), minimum=minimum, maximum=maximum))


def list_of(shape: Shape, *, unique: bool = False) -> Shape:
    """A list of ``shape``; ``unique``: no entry may stand there twice."""
    return Shape(items=Items(shape=shape, unique=unique))


def record(
    fields: dict[str, Shape],
    *,
    required: tuple[str, ...] = (),
    one_of_required: tuple[str, ...] = (),
    extensions: bool = True,
    open: bool = False,
) -> Shape:
    """A mapping of attributes with names of the specification."""
    return Shape(
        entries=Entries(
            fields=fields,
            required=required,
            one_of_required=one_of_required,
            extensions=extensions,
            open=open,
        )
    )


def mapping_of(values: Shape, *, names: Names, open: bool = False) -> Shape:
    """A mapping from names that the user chooses within ``names`` to ``values``."""
    return Shape(entries=Entries(names=names, values=values, open=open))


_NAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
_LOWER_CASE = frozenset("abcdefghijklmnopqrstuvwxyz")

COMPOSE_NAME = Names(
    description='letters, digits, ".", "_" and "-"',
    allows=lambda name: bool(name) and _NAME_CHARACTERS.issuperset(name),
)
LOWER_CASE_NAME = Names(
    description="lower-case letters",
    allows=lambda name: bool(name) and _LOWER_CASE.issuperset(name),
)
ONE_LINE = Names(
    description="one line that is not empty",
    allows=lambda name: bool(name) and "\n" not in name,
)
NOT_EMPTY = Names(
    description="at least one character",
    allows=lambda name: bool(name.strip("\n")),
)
