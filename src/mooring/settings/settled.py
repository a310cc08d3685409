"""
What the user settled, as a value, and where it may stand: mooring.yaml and `x-mooring`.

Most stacks have neither, and what reads them is imported where one of them is there.
"""

from typing import TYPE_CHECKING

import msgspec

from mooring.compose.nodes import Mapping, Path
from mooring.settings import place
from mooring.settings.check_choices import CheckChoices
from mooring.settings.choices import Choices
from mooring.settings.environments import Environment, ProjectFiles
from mooring.sources import Position

if TYPE_CHECKING:
    from mooring.settings.releases import Release

FILE_NAME = place.FILE_NAME

EXTENSION = "x-mooring"
"""The key in a Compose file under which a service or a volume has choices of its own."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """
    What the user settled.

    ``project`` and ``environments`` are None where the file says nothing: the Compose files then
    suggest them.  Where it ``amends``, it gives none of its environments a tier, and those that
    are suggested and not named there stay.  ``projects`` are the several that the stack is made of,
    where it says so; each environment has those of its own.  ``releases`` are what is deployed
    together, each behind those that it needs.  ``names`` tells where the file names
    an environment, service, volume, variable or mount, by its path:
    ``("services", "web", "mounts", "/data")``.
    """

    project: str | None = None
    environments: tuple[Environment, ...] | None = None
    amends: bool = False
    projects: tuple[ProjectFiles, ...] = ()
    choices: Choices = Choices()
    checks: CheckChoices = CheckChoices()
    releases: "tuple[Release, ...]" = ()
    names: dict[Path, Position | None] = {}


def is_extended(root: Mapping) -> bool:
    """Return whether an `x-mooring` stands anywhere in the Compose model ``root``."""
    return EXTENSION in root.entries or any(
        isinstance(node, Mapping) and EXTENSION in node.entries
        for named in root.entries.values()
        if isinstance(named, Mapping)
        for node in named.entries.values()
    )
