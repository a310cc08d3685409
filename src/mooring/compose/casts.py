"""Texts that interpolation put where a number or a boolean belongs, made what they mean."""

from mooring.compose.nodes import Mapping


def cast(root: Mapping) -> Mapping:
    """
    Return ``root`` with the texts at typed places made numbers and booleans.

    Belongs right after the interpolation of each document, before merge.

    Raises:
        InputErrors: a text is not what its place needs; all of them at once.
    """
    raise NotImplementedError
