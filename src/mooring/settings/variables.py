"""
Values of variables that mooring.yaml gives, as though one more Compose file said them.

What an environment needs otherwise, as its own address, is said where the environment is settled;
everything that reads the project then sees it.  Loaded only where something is said.
"""

from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose.environment import EnvValue
from mooring.compose.nodes import Path
from mooring.compose.project import Project
from mooring.settings.settled import EXTENSION
from mooring.sources import Position


def with_variables(
    project: Project,
    variables: ReadOnly[str, ReadOnly[str, str]],
    environment: str,
    names: ReadOnly[Path, Position | None],
) -> Project:
    """
    Return ``project`` with the values ``variables``, by service and name, for ``environment``.

    ``names`` tells where each stands in mooring.yaml, or beside its service.  Services that are not
    in the project stay away.
    """
    resolved = dict(project.resolved_environments)
    for service, values in variables.items():
        if service not in project.services:
            continue
        changed = dict(resolved.get(service, {}))
        for name, value in values.items():
            places = (
                (*above, "environment", name, *below)
                for above in (("services", service, EXTENSION), ("services", service))
                for below in ((environment,), ())
            )
            position = next((names[one] for one in places if one in names), None)
            changed[name] = EnvValue(value=value, position=position)
        resolved[service] = changed
    return msgspec.structs.replace(project, resolved_environments=resolved)
