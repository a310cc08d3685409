"""Long form: every short syntax of Compose written out."""

from mooring.compose.nodes import Mapping


def canonical(root: Mapping) -> Mapping:
    """
    Return ``root`` in long form; what is in long form already stays as it is.

    Raises:
        InputErrors: short texts that cannot be read; all of them at once.
    """
    raise NotImplementedError


def promote_aliases(root: Mapping) -> Mapping:
    """Return ``root`` with ``x-develop`` and ``x-initialSync`` under their own names."""
    raise NotImplementedError
