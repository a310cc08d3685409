"""Contradictions between the parts of a finished model."""

from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping, Node
from mooring.errors import InputError


def check(root: Mapping, *, disabled: ReadOnly[str, Node] | None = None) -> list[InputError]:
    """
    Return every contradiction between the parts of the typed ``root``.

    ``root`` holds active services (and jobs) only; ``disabled`` are the services that no active
    profile selects.
    """
    raise NotImplementedError
