"""
The forms that a value of mooring.yaml may have: texts, numbers, words, lists, mappings.

`schema` says which key has which of them, `checking` whether a file keeps to it, and `json_schema`
tells editors the same.
"""

from typing import ClassVar, TypeAlias

import msgspec


class Text(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A text that ``pattern``, a regular expression for the whole of it, matches.

    ``description`` and ``example`` say in an error message what the pattern says to a machine.
    Where ``from_number``, a whole number counts as its digits, and where ``from_fraction``, any.
    """

    pattern: str
    description: str
    example: str
    longest: int | None = None
    from_number: bool = False
    from_fraction: bool = False


class Count(msgspec.Struct, frozen=True, gc=False):
    """A whole number of things, ``least`` or more."""

    least: int = 0

    @property
    def description(self) -> str:
        """What an error message calls it."""
        return f"a whole number, {self.least} or more"


class Truth(msgspec.Struct, frozen=True, gc=False):
    """True or false."""

    description: ClassVar[str] = "true or false"


class OneOf(msgspec.Struct, frozen=True, gc=False):
    """One of a few words."""

    words: tuple[str, ...]


class ListOf(msgspec.Struct, frozen=True):
    """A list."""

    item: "Text | OneOf | Record"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """
    One key: what it is ``about``, and its value.

    ``value`` None: the key is not supported yet, and ``instead`` says what to do meanwhile.
    """

    about: str
    value: "Value | None" = None
    instead: str = "remove it"


class Record(msgspec.Struct, frozen=True):
    """
    A mapping whose keys have names of ours; a mapping without a value is an empty one.

    ``required`` are the keys that it must have.
    """

    fields: dict[str, Field]
    required: tuple[str, ...] = ()


class WordOr(msgspec.Struct, frozen=True):
    """One word, or else a mapping."""

    word: str
    record: Record


class TruthOr(msgspec.Struct, frozen=True):
    """True for what is usual, false for nothing, or else a mapping."""

    named: "Named"


class Named(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping whose keys are names of the user's; a mapping without a value is an empty one."""

    names: Text
    value: "Value"


class ByEnvironment(msgspec.Struct, frozen=True):
    """A value for all environments, or a mapping with values for some of them, by their names."""

    value: "Value"


Value: TypeAlias = (
    Text | OneOf | Count | Truth | ListOf | Record | WordOr | TruthOr | Named | ByEnvironment
)


LABEL = Text(
    pattern=r"[a-z0-9]([a-z0-9-]*[a-z0-9])?",
    description='lower-case letters, digits and "-" inside, at most 63',
    example="shop-staging",
    longest=63,
)
"""The name of an environment."""
