"""What Compose fills in where the files say nothing."""

from mooring.compose.nodes import Mapping


def with_defaults(root: Mapping) -> Mapping:
    """Return the merged, canonical ``root`` with Compose's default values filled in."""
    raise NotImplementedError
