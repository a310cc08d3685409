"""
What a project is called.

In order: the name asked for on the command line, ``COMPOSE_PROJECT_NAME``, the last ``name:`` of
the files, the name of the project directory.  The first two must be valid as they are; the others
are made valid.

Source: Compose Specification, "Name top-level element"; Docker Compose, "Specify a project name".
"""

from collections.abc import Callable, Iterable, Sequence

from mooring.compose.nodes import Mapping, Node, Scalar
from mooring.errors import InputError, InputErrors, UsageError
from mooring.patterns import LazyPattern
from mooring.sources import Position

_ALLOWED = "abcdefghijklmnopqrstuvwxyz0123456789_-"
_FORBIDDEN = LazyPattern(r"[^a-z0-9_-]+")
_REMEDY = (
    "use lower-case letters, digits, hyphens and underscores, beginning with a letter or digit"
)


class NoProjectName(InputError):
    """Neither the files nor the directory give the project a name."""

    def __init__(self, position: Position | None) -> None:
        super().__init__(
            "the project has no name: the directory's name holds no letter or digit",
            position=position,
            remedy='add "name: <project>" to the compose file, or set COMPOSE_PROJECT_NAME',
        )


def normalized(text: str) -> str:
    """Return ``text`` as a project name: lower case, only ``a-z0-9_-``, a letter or digit first."""
    name = text.lower()
    if name.strip(_ALLOWED):
        name = _FORBIDDEN.sub("", name)
    return name.lstrip("_-")


def explicit(
    asked: str, environment_name: str | None, *, position: Position | None = None
) -> str | None:
    """
    Return the name that was set from outside the files, or None where none was.

    ``position`` is where an env file sets ``COMPOSE_PROJECT_NAME``.

    Raises:
        UsageError: the name asked for is not a valid one.
        InputErrors: ``COMPOSE_PROJECT_NAME`` is not a valid one.
    """
    if asked:
        if normalized(asked) != asked:
            raise UsageError(f'"{asked}" is not a valid project name', remedy=_REMEDY)
        return asked
    if environment_name:
        if normalized(environment_name) != environment_name:
            message = f'COMPOSE_PROJECT_NAME "{environment_name}" is not a valid project name'
            raise InputErrors([InputError(message, position=position, remedy=_REMEDY)])
        return environment_name
    return None


def from_files(
    files: Iterable[Sequence[Node]], interpolate: Callable[[Scalar], str], directory_name: str
) -> str:
    """
    Return the name that the files give, or else the one of the directory, made valid.

    ``files`` are the documents of each file in load order, as read; the last ``name:`` that says
    something wins.  The result is empty where nothing of the name is valid: a file that names its
    project in its first document rules the directory's name out.
    """
    found: Scalar | None = None
    names_itself = False
    for documents in files:
        for index, document in enumerate(documents):
            name = document.get("name") if isinstance(document, Mapping) else None
            if isinstance(name, Scalar) and name.value not in (None, ""):
                found = name
                names_itself = names_itself or index == 0
    if found is not None:
        name_of_files = normalized(interpolate(found))
        if name_of_files:
            return name_of_files
    return "" if names_itself else normalized(directory_name)
