"""Contradictions within one attribute of the merged files."""

from mooring.compose.nodes import Mapping
from mooring.errors import InputError


def validate(root: Mapping) -> list[InputError]:
    """Return every contradiction inside an attribute of the canonical ``root``."""
    raise NotImplementedError
