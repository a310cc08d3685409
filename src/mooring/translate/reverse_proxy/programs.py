"""Which services run an nginx or a Caddy whose configuration can be looked for."""

import posixpath
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose.dockerfile.facts import ImageFacts
from mooring.compose.nodes import Mapping
from mooring.compose.project import Project
from mooring.images import catalogue
from mooring.translate.surroundings import Surroundings
from mooring.translate.view import ServiceView

_FAMILIES = {
    "nginx": "nginx",
    "nginx-unprivileged": "nginx",
    "openresty": "nginx",
    "bitnami-nginx": "nginx",
    "caddy": "caddy",
}


class Around(msgspec.Struct, frozen=True, kw_only=True):
    """
    What is needed to find files: the project's folder, its configs, and the files themselves.

    ``folder`` is the project's folder as positions show it.
    """

    directory: str
    folder: str
    configs: Mapping
    surroundings: Surroundings

    def shown(self, path: str) -> str:
        """Return how a user calls ``path``."""
        relative = posixpath.relpath(path, self.directory)
        if relative.startswith(".."):
            return path
        return posixpath.normpath(f"{self.folder}/{relative}")


def image_files(project: Project, surroundings: Surroundings, folder: str) -> Around:
    """Return where the files of ``project`` are, which is shown as ``folder``."""
    configs = project.root.get("configs")
    return Around(
        directory=project.directory,
        folder=folder,
        configs=configs if isinstance(configs, Mapping) else Mapping({}),
        surroundings=surroundings,
    )


def programs(views: ReadOnly[str, ServiceView]) -> dict[str, str]:
    """Return the program of each of ``views`` that runs one, by the service's name."""
    found = ((name, program_of(view)) for name, view in views.items())
    return {name: program for name, program in found if program is not None}


def program_of(view: ServiceView) -> str | None:
    """Return whether the service runs nginx or Caddy, by its image or what that is built from."""
    family = view.known.family.name if view.known is not None else None
    if family is None and view.image_facts is not None and view.image_facts.base is not None:
        base = catalogue.lookup(view.image_facts.base.value)
        own = _program(view.image_facts)
        if base is not None and (own is None or own in {"nginx", "caddy", "openresty"}):
            family = base.family.name
    return _FAMILIES.get(family) if family is not None else None


def _program(facts: ImageFacts) -> str | None:
    """Return the program that a Dockerfile names itself, None where it leaves that to its base."""
    for line in (facts.entrypoint, facts.command):
        if line is not None and line.words:
            words = line.words[0].split() if len(line.words) == 1 else line.words
            return words[0].rsplit("/", 1)[-1] if words else None
    return None
