"""The values of the finished model, typed as Docker Compose prints them."""

from mooring.compose.nodes import Mapping


def typed(root: Mapping, *, keep_extensions: bool = False) -> Mapping:
    """
    Return the normalized ``root`` in the form that ``docker compose config`` prints as JSON.

    ``keep_extensions`` keeps ``x-*`` keys below the top level, which that form leaves out.

    Raises:
        InputErrors: values that cannot be read as their type (a duration, a size).
    """
    raise NotImplementedError
