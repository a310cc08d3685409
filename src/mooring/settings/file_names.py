"""
What the name of a file says of the environment that reads it.

Teams put a word before or behind "compose" (``compose.prod.yaml``, ``dev.docker-compose.yml``,
``docker-compose-dev.yml``) or ".env" (``.env.production``, ``.stage.env``), or put the file into a
folder of that name (``environments/prod/compose.yaml``).  A word that is none of an environment
(``gpu``, ``backend``) says nothing here.
"""

import re

import msgspec

from mooring.patterns import LazyPattern
from mooring.settings.environments import ENVIRONMENTS_BY_WORD, MAIN_NAMES

_BEHIND = LazyPattern(r"(?:docker-?)?compose(?:[._-](.+))?")
_BEFORE = LazyPattern(r"(.+?)[._-](?:docker-?)?compose")
_ENV_FILE = LazyPattern(r"\.env[._-](.+)|\.?(.+)\.env|env\.(.+)")

OVERRIDE = "override"
"""The word for a file that Compose lays over the main one by itself."""

BASE_WORDS = frozenset({"base", "common", "core", "default", "main", "shared"})
"""Words for a file that others are laid over, where there is no file of a main name."""


class ComposeName(msgspec.Struct, frozen=True, kw_only=True):
    """
    A Compose file by its name: ``path`` is relative to the project's folder.

    ``environment`` is the one that its words name; ``is_main`` holds for the names that Compose
    looks for itself, ``is_override`` for those that it lays over them, ``is_base`` for a file that
    calls itself the common part.
    """

    path: str
    environment: str | None = None
    is_main: bool = False
    is_override: bool = False
    is_base: bool = False

    @property
    def folder(self) -> str:
        """The folder that holds it, seen from the project's; empty for the same."""
        return self.path.rpartition("/")[0]


def compose_name(path: str) -> ComposeName | None:
    """Return what ``path`` says, or None where it is not called like a Compose file."""
    folder, _, name = path.rpartition("/")
    stem, _, extension = name.rpartition(".")
    if extension.lower() not in {"yaml", "yml"}:
        return None
    in_folder = environment_of(folder.rpartition("/")[2]) if folder else None
    found = _BEHIND.fullmatch(stem.lower()) or _BEFORE.fullmatch(stem.lower())
    if found is None:
        return None
    words = found[1] or ""
    is_override = OVERRIDE in re.split(r"[._-]", words)
    words = ".".join(word for word in re.split(r"[._]", words) if word not in {OVERRIDE, ""})
    return ComposeName(
        path=path,
        environment=environment_of(words) if words else in_folder,
        is_main=not folder and name in MAIN_NAMES,
        is_override=is_override and not words,
        is_base=words in BASE_WORDS or (not words and not is_override and in_folder is None),
    )


def env_file_environment(path: str) -> str | None:
    """Return the environment whose variables a file called ``path`` holds, as its name says it."""
    folder, _, name = path.rpartition("/")
    if name == ".env" and folder:
        return environment_of(folder.rpartition("/")[2])
    found = _ENV_FILE.fullmatch(name.lower())
    return environment_of(next(filter(None, found.groups()))) if found else None


def environment_of(words: str) -> str | None:
    """Return the environment that ``words`` name, or None where they name none."""
    return ENVIRONMENTS_BY_WORD.get(words.lower().replace("_", "-"))
