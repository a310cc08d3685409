"""
What an environment is made of: one Compose project, or several that are joined.
"""

import msgspec

from mooring.compose.discovery import LoadRequest
from mooring.compose.project import Loaded
from mooring.errors import InputError, InputErrors
from mooring.settings.environments import ProjectFiles


def load(request: LoadRequest) -> Loaded:
    """Return the project that Compose would load, with what is to be said about its files."""
    from mooring.compose import loader

    return loader.load(request)


def load_projects(request: LoadRequest, projects: tuple[ProjectFiles, ...]) -> dict[str, Loaded]:
    """
    Return each of ``projects`` as Compose loads it, by the user's name of it.

    Raises:
        InputErrors: the faults of all of them, at once.
    """
    from mooring.settings.projects import load_requests

    loads: dict[str, Loaded] = {}
    errors: list[InputError] = []
    for name, one in load_requests(request, projects).items():
        try:
            loads[name] = load(one)
        except InputErrors as fault:
            errors.extend(fault.errors)
    if errors:
        raise InputErrors(errors)
    return loads


def load_joined(
    request: LoadRequest,
    projects: tuple[ProjectFiles, ...],
    *,
    every: tuple[ProjectFiles, ...] = (),
    base: str,
) -> Loaded:
    """
    Return ``projects`` as one, or the single one of ``request``, with what stands around it.

    ``every`` are those of all environments, which decide what the application is called where
    nothing else does.  ``base`` is the folder of mooring.yaml, from which paths in it begin.
    """
    if projects:
        from mooring.compose import joining

        name = request.name or request.environment.get("COMPOSE_PROJECT_NAME", "")
        loads = load_projects(request, projects)
        left_out = tuple(one for one in every if one.name not in loads)
        if left_out and not name:
            others = load_projects(request, left_out)
            name = joining.common_name(one.project for one in (*loads.values(), *others.values()))
        loaded = joining.join(loads, name=name)
    else:
        loaded = load(request)
    if not any("external" in one.entries for one in loaded.project.mappings("networks").values()):
        return loaded

    from mooring.settings import neighbours

    found = neighbours.findings(loaded.project, base=base, shown_from=request.directory)
    return msgspec.structs.replace(loaded, findings=(*loaded.findings, *found))
