"""Where mooring.yaml stands, or would: found without loading what reads Compose files."""

import os
from collections.abc import Iterable

from mooring.settings.environments import MAIN_NAMES

FILE_NAME = "mooring.yaml"


def project_directory(directory: str, *, named: str, files: Iterable[str]) -> str:
    """
    Return the folder of the project of a command that runs in ``directory``.

    It is the ``named`` one, where one is, else that of the first of ``files``, or of the nearest
    Compose file or settings here and above.
    """
    if named:
        return os.path.join(directory, named)
    for file in files:
        if file != "-":
            return os.path.dirname(os.path.join(directory, file))
    found = directory
    while not {*MAIN_NAMES, FILE_NAME} & set(names_in(found)):
        parent = os.path.dirname(found)
        if parent == found:
            return directory
        found = parent
    return found


def names_in(directory: str) -> list[str]:
    """Return what lies in ``directory``; nothing where it cannot be looked at."""
    try:
        return os.listdir(directory)
    except OSError:
        return []
