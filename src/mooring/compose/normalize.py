"""What the merged files imply: default network, implicit dependencies, names."""

from collections.abc import Mapping as ReadOnly

from mooring.compose.nodes import Mapping


def resolve_environment(root: Mapping, environment: ReadOnly[str, str]) -> Mapping:
    """
    Return ``root`` with ``environment`` entries that have no value taken from ``environment``.

    Belongs at the end of each model (the project, and each included one with its own
    environment), before models are put together.
    """
    raise NotImplementedError


def normalize(root: Mapping, *, project_name: str, environment: ReadOnly[str, str]) -> Mapping:
    """Return the whole, merged ``root`` with what it implies written out."""
    raise NotImplementedError
