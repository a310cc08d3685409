"""Values that must not be seen: their representation is masked, revealing them is explicit."""

from typing import Generic, TypeVar

T = TypeVar("T")

MASK = "********"


class Sensitive(Generic[T]):
    """
    A value that no log, error, diff or traceback may show.

    ``repr``, ``str`` and formatting give a mask; ``reveal()`` gives the value and is the one word
    to search for in a review.  Equality and hash are those of the value.
    """

    __slots__ = ("_value",)

    def __init__(self, value: T) -> None:
        self._value = value

    def reveal(self) -> T:
        """Return the value itself: call it only where the value leaves for its destination."""
        return self._value

    def __repr__(self) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sensitive) and bool(other._value == self._value)

    def __hash__(self) -> int:
        return hash(self._value)
