"""
Which files make the project, where it lives, and the variables that its files may use.

In the order of Docker Compose: the process environment, the env files of the place where the
command runs (they may set ``COMPOSE_FILE``), the Compose files, the env files of the project
directory.  A variable that is set already is never replaced.

The process environment is an argument: nothing here asks the process for anything.

Source: Compose Specification, "Compose file"; Docker Compose, "Set, use, and manage variables",
"Pre-defined environment variables".
"""

import os
import stat
from collections.abc import Iterable
from collections.abc import Mapping as ReadOnly

import msgspec

from mooring.compose import dotenv, profiles, project_name
from mooring.compose.source_files import STDIN, SourceFiles, absolute
from mooring.errors import InputError, InputErrors, UsageError
from mooring.findings import Finding, Rule, Severity
from mooring.sources import Position

FILE_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""What a Compose file is called, best first."""
OVERRIDE_NAMES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)
"""What is laid over a file that was found by its name, best first."""

SEVERAL_FILES = Rule(id="several-compose-files", severity=Severity.WARNING, since="0.1")


class LoadRequest(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a command asks to load; every path is absolute or relative to ``directory``.

    ``directory`` is absolute: where the command runs.  ``environment`` is the whole process
    environment that the load may see.  Without ``files``, ``COMPOSE_FILE`` and then the usual
    names decide; without ``env_files``, ``COMPOSE_ENV_FILES`` and then ``.env``; without
    ``profiles``, ``COMPOSE_PROFILES``; without ``name``, `project_name`.  Files are shown as they
    are seen from ``shown_from``, which is ``directory`` where it is empty.
    """

    directory: str
    files: tuple[str, ...] = ()
    project_directory: str = ""
    env_files: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    environment: ReadOnly[str, str] = {}
    name: str = ""
    stdin: bytes | None = None
    shown_from: str = ""


class Discovered(msgspec.Struct, frozen=True, kw_only=True):
    """
    What there is to load.

    ``files`` are absolute paths in load order (``-`` is standard input), ``directory`` is the
    project directory, ``environment`` what interpolation sees; ``variables_at`` tells where env
    files set a variable of it.  ``name`` is the project's name where it was set from outside.
    """

    files: tuple[str, ...]
    directory: str
    environment: dict[str, str]
    variables_at: dict[str, Position]
    profiles: tuple[str, ...]
    name: str | None
    findings: tuple[Finding, ...] = ()


class NoComposeFile(InputError):
    """There is nothing to load."""

    def __init__(self, directory: str) -> None:
        super().__init__(
            "there is no compose file here or in any directory above",
            position=Position(directory),
            remedy=f"create {FILE_NAMES[0]}, or name a file with -f",
        )


def discover(request: LoadRequest, files: SourceFiles) -> Discovered:
    """
    Return what ``request`` asks to load.

    Raises:
        InputErrors: no Compose file, env files that cannot be read, an invalid project name.
        UsageError: a setting of the process environment that means nothing.
    """
    environment = dict(request.environment)
    variables_at: dict[str, Position] = {}
    env_files = request.env_files or _listed(environment.get("COMPOSE_ENV_FILES"))
    by_default = not env_files and not _default_env_file_disabled(request.environment)
    project = absolute(request.directory, request.project_directory)
    directory = _directory(request, project, request.files)

    first = _env_files(request, env_files, directory if by_default else None)
    _add_variables(environment, variables_at, first, files)

    findings: list[Finding] = []
    paths = tuple(_path(request.directory, file) for file in request.files)
    if not paths and "COMPOSE_FILE" in environment:
        paths = _from_compose_file(environment, variables_at.get("COMPOSE_FILE"), request, files)
    if not paths:
        paths = _by_name(directory, files, findings)
    if not paths:
        raise InputErrors([NoComposeFile(files.shown(directory))])

    directory = _directory(request, project, paths)
    second = _env_files(request, env_files, directory if by_default else None)
    if second != first:
        _add_variables(environment, variables_at, second, files)
    return Discovered(
        files=paths,
        directory=directory,
        environment=environment,
        variables_at=variables_at,
        profiles=profiles.asked_for(request.profiles, environment.get("COMPOSE_PROFILES")),
        name=project_name.explicit(
            request.name,
            environment.get("COMPOSE_PROJECT_NAME"),
            position=variables_at.get("COMPOSE_PROJECT_NAME"),
        ),
        findings=tuple(findings),
    )


def read_env_files(
    paths: Iterable[tuple[str, Position | None]],
    environment: ReadOnly[str, str],
    files: SourceFiles,
) -> dict[str, dotenv.EnvEntry]:
    """
    Return the variables that env files set; a later file replaces an earlier one.

    ``paths`` are absolute, each with the position that asks for it (None: the command line).
    ``environment`` is what they may refer to; it wins over what the files say of a name.

    Raises:
        InputErrors: files that cannot be read; all of them at once.
    """
    found: dict[str, dotenv.EnvEntry] = {}
    known: dict[str, str] = {}
    errors: list[InputError] = []
    for path, asked_at in paths:
        try:
            content = files.read(path, "env file", asked_at=asked_at, pipes=asked_at is None)
            entries = dotenv.parse(content, files.shown(path), environment.get, known=known)
        except InputErrors as fault:
            errors.extend(fault.errors)
            continue
        for name, entry in entries.items():
            if entry.value is not None:
                known[name] = entry.value
                found[name] = entry
    if errors:
        raise InputErrors(errors)
    return found


def _add_variables(
    environment: dict[str, str],
    variables_at: dict[str, Position],
    paths: tuple[str, ...],
    files: SourceFiles,
) -> None:
    asked = [(path, None) for path in paths]
    for name, entry in read_env_files(asked, environment, files).items():
        if name not in environment and entry.value is not None:
            environment[name] = entry.value
            if entry.position is not None:
                variables_at[name] = entry.position


def _env_files(
    request: LoadRequest, asked: tuple[str, ...], default_directory: str | None
) -> tuple[str, ...]:
    if asked:
        return tuple(absolute(request.directory, path) for path in asked)
    if default_directory is not None:
        path = os.path.join(default_directory, ".env")
        if is_file(path):
            return (path,)
    return ()


def is_file(path: str) -> bool:
    """Tell whether something other than a directory is at ``path``, and may be looked at."""
    try:
        return not stat.S_ISDIR(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def _directory(request: LoadRequest, project: str, files: tuple[str, ...]) -> str:
    """The directory asked for, or else that of the first file, or else where the command runs."""
    if request.project_directory:
        return project
    for file in files:
        if file != STDIN:
            return os.path.dirname(absolute(request.directory, file))
    return request.directory


def _path(directory: str, file: str) -> str:
    return file if file == STDIN else absolute(directory, file)


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def _default_env_file_disabled(environment: ReadOnly[str, str]) -> bool:
    value = environment.get("COMPOSE_DISABLE_ENV_FILE")
    if value is None:
        return False
    if value in ("1", "t", "T", "true", "TRUE", "True"):
        return True
    if value in ("0", "f", "F", "false", "FALSE", "False"):
        return False
    raise UsageError(
        f'COMPOSE_DISABLE_ENV_FILE is "{value}", which is neither true nor false',
        remedy="set it to 1 or 0, or unset it",
    )


def _from_compose_file(
    environment: ReadOnly[str, str],
    position: Position | None,
    request: LoadRequest,
    files: SourceFiles,
) -> tuple[str, ...]:
    separator = environment.get("COMPOSE_PATH_SEPARATOR") or os.pathsep
    errors: list[InputError] = []
    paths: list[str] = []
    for name in environment["COMPOSE_FILE"].split(separator):
        path = _path(request.directory, name)
        paths.append(path)
        if path != STDIN and not os.path.isfile(path):
            fault = "is not a regular file" if os.path.exists(path) else "does not exist"
            errors.append(
                InputError(
                    f'compose file "{files.shown(path)}", set by COMPOSE_FILE, {fault}',
                    position=position or Position(files.shown(path)),
                    remedy="correct COMPOSE_FILE, or unset it to load the usual file names",
                )
            )
    if errors:
        raise InputErrors(errors)
    return tuple(paths)


def _by_name(directory: str, files: SourceFiles, findings: list[Finding]) -> tuple[str, ...]:
    """The Compose file of the nearest directory that has one, and its override file."""
    while True:
        found = [
            path for name in FILE_NAMES if os.path.exists(path := os.path.join(directory, name))
        ]
        if found:
            overrides = [
                path
                for name in OVERRIDE_NAMES
                if os.path.exists(path := os.path.join(directory, name))
            ]
            findings.extend(
                _several(candidates, files)
                for candidates in (found, overrides)
                if len(candidates) > 1
            )
            return (*found[:1], *overrides[:1])
        parent = os.path.dirname(directory)
        if parent == directory:
            return ()
        directory = parent


def _several(candidates: list[str], files: SourceFiles) -> Finding:
    used, *others = (files.shown(path) for path in candidates)
    return SEVERAL_FILES.finding(
        Position(used),
        f"{used} is loaded, and {', '.join(others)} beside it not",
        remedy="remove the files that are not meant, or name the files with -f",
    )
