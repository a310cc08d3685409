"""Relative paths made absolute."""

from mooring.compose.nodes import Mapping


def resolve(root: Mapping, base: str, *, home: str | None = None) -> Mapping:
    """
    Return the canonical ``root`` with its relative paths made absolute below ``base``.

    ``home`` is what a leading ``~`` means; without it, ``~`` stays as written.
    """
    raise NotImplementedError
