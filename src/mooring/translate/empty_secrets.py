"""
Secrets that are set to nothing and that a command or a health check is given.

`redis-server --requirepass ${REDIS_PASSWORD}` does not start with a password that is empty.  What a
command is given comes out of the Compose file, so that is where its value has to be said, once for
all who use it: the variable is asked for like one that is not set.
"""

from collections.abc import Iterator

from mooring.compose.nodes import Scalar, leaves
from mooring.compose.project import Project, UnsetVariable
from mooring.sources import Position
from mooring.translate.secrecy import is_secret_name

_TOLD_BY_WORDS = ("command", "entrypoint", "healthcheck")


def empty_secrets(project: Project) -> tuple[UnsetVariable, ...]:
    """Return the secret variables of ``project`` that are empty where words are made of them."""
    empty = {
        name
        for environment in project.environments
        for name, value in environment.items()
        if not value and is_secret_name(name)
    }
    if not empty:
        return ()
    found: dict[str, list[Position]] = {}
    for name, position in _in_words(project):
        if name in empty:
            positions = found.setdefault(name, [])
            positions += [position] if position is not None else []
    return tuple(UnsetVariable(name=name, positions=tuple(at)) for name, at in found.items())


def _in_words(project: Project) -> Iterator[tuple[str, Position | None]]:
    for service in project.services.values():
        for attribute in _TOLD_BY_WORDS:
            node = service.get(attribute)
            for _, leaf in leaves(node) if node is not None else ():
                if isinstance(leaf, Scalar):
                    yield from ((name, leaf.position) for name in leaf.variables)
