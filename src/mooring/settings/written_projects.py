"""
``projects`` of mooring.yaml, as it is written there: for the whole file and for one environment.
"""

import os
from collections.abc import Mapping as ReadOnly
from typing import Literal

import msgspec

from mooring.compose import suggest
from mooring.compose.nodes import Mapping, Node
from mooring.settings.checking import InvalidSettingsValue, Reading
from mooring.settings.environments import ProjectChange, ProjectFiles
from mooring.settings.projects import in_environment


class WrittenProject(msgspec.Struct, frozen=True):
    """One project as the file says it; ``name`` is Compose's name of it."""

    files: tuple[str, ...] = ()
    directory: str = ""
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    name: str = ""


def projects(
    root: Node, written: ReadOnly[str, WrittenProject], reading: Reading, directory: str
) -> tuple[ProjectFiles, ...]:
    """Return the projects of the whole file; relative paths in it begin at ``directory``."""
    named = root.get("projects") if isinstance(root, Mapping) else None
    found: list[ProjectFiles] = []
    for name, one in written.items():
        if not one.files and not one.directory:
            reading.add(
                InvalidSettingsValue,
                ("projects", name),
                "nothing says where it is",
                named.key_position(name) if isinstance(named, Mapping) else None,
                "add files: [compose.yaml], or directory: with the folder of its compose file",
            )
        found.append(
            ProjectFiles(
                name=name,
                files=_from(directory, one.files),
                directory=os.path.join(directory, one.directory) if one.directory else "",
                env_files=_from(directory, one.env_files),
                profiles=one.profiles,
                project=one.name,
            )
        )
    return tuple(found)


def of_environment(
    name: str,
    said: Node | None,
    changes: ReadOnly[str, ProjectChange | Literal["none"]],
    projects: tuple[ProjectFiles, ...],
    reading: Reading,
    directory: str,
) -> tuple[ProjectFiles, ...]:
    """Return the projects of the environment ``name``, of which its ``changes`` say more."""
    if not projects and not changes:
        return ()
    path = ("environments", name)
    if projects and isinstance(said, Mapping) and "files" in said.entries:
        reading.add(
            InvalidSettingsValue,
            (*path, "files"),
            "says nothing of which of the projects they are",
            said.key_position("files"),
            "write them below projects of the environment: "
            f"projects: {{{projects[0].name}: {{files: [...]}}}}",
        )
    known = [one.name for one in projects]
    for each in changes:
        if each not in known:
            reading.add(
                InvalidSettingsValue,
                (*path, "projects", each),
                "there is no such project",
                reading.names.get((*path, "projects", each)),
                suggest.did_you_mean(each, known) or "list it under projects of the whole file",
            )
    found = in_environment(
        projects, {each: _beside(directory, change) for each, change in changes.items()}
    )
    if projects and not found:
        reading.add(
            InvalidSettingsValue,
            (*path, "projects"),
            "leaves out every project",
            said.key_position("projects") if isinstance(said, Mapping) else None,
            "keep one of them, or remove the environment",
        )
    return found


def _beside(
    directory: str, change: ProjectChange | Literal["none"]
) -> ProjectChange | Literal["none"]:
    if not isinstance(change, ProjectChange):
        return change
    return msgspec.structs.replace(
        change,
        files=_from(directory, change.files),
        env_files=_from(directory, change.env_files),
    )


def _from(directory: str, files: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(os.path.join(directory, file) for file in files)
