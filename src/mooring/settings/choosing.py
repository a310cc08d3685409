"""
Which environments a command is about: those of mooring.yaml, and what the files suggest.

Nearly every folder holds one main file and nothing else, so the modules that look closer are
loaded only where there is more to see.
"""

import os

import msgspec

from mooring.compose.discovery import LoadRequest, NoComposeFile
from mooring.compose.project import Loaded
from mooring.errors import InputError, InputErrors, UsageError
from mooring.settings import loading, place, suggested
from mooring.settings.environments import MAIN_NAMES, ProjectFiles, is_usual
from mooring.settings.settled import FILE_NAME, Settings
from mooring.settings.suggested import Suggested, Suggestion
from mooring.sources import Position


def written(load_request: LoadRequest) -> Settings:
    """
    Return what the user settled in mooring.yaml; nothing where there is no such file.

    Raises:
        InputErrors: the file has faults, or cannot be read.
    """
    directory = project_directory(load_request)
    path = os.path.join(directory, FILE_NAME)
    try:
        with open(path, "rb") as stream:
            content = stream.read()
    except FileNotFoundError:
        return Settings()
    except OSError as error:
        fault = InputError(f"{FILE_NAME} cannot be read: {error.strerror}", position=Position(path))
        raise InputErrors([fault]) from error

    from mooring.settings import reader

    return reader.read(content, os.path.relpath(path, load_request.directory), directory=directory)


def chosen(
    load_request: LoadRequest,
    settled: Settings,
    *,
    projects: tuple[ProjectFiles, ...] = (),
    only: str | None = None,
) -> tuple[Suggested, ...]:
    """
    Return the environments that ``settled`` and the files name, the least strict first.

    ``projects`` are those of which the stack consists, where they are several; with ``only`` there
    is one environment, of that name.

    Raises:
        InputErrors: nothing says which Compose file belongs to which environment.
        UsageError: there is no environment of the name ``only``.
    """
    found = _suggestion_for(load_request, projects)
    named = settled.environments
    if named is not None:
        if projects != settled.projects:
            named = tuple(msgspec.structs.replace(one, projects=projects) for one in named)
        environments = suggested.completed(named, found, amends=settled.amends)
    else:
        environments = found.environments or suggested.plain().environments
    is_open = not all(one.environment.files for one in environments)
    if found.unused and not found.environments and is_open:
        raise InputErrors([suggested.NobodysFiles(found.unused)])
    if only is None:
        return environments
    asked = tuple(one for one in environments if one.environment.name == only)
    if not asked:
        names = ", ".join(one.environment.name for one in environments)
        raise UsageError(f'there is no environment "{only}"', remedy=f"choose one of: {names}")
    return asked


def suggestion(load_request: LoadRequest) -> Suggestion:
    """Return the environments that the files suggest; their paths hold from where it runs."""
    files = load_request.files
    variable = load_request.environment.get("COMPOSE_FILE")
    if not files and not variable:
        return _suggestion_of(project_directory(load_request))
    separator = load_request.environment.get("COMPOSE_PATH_SEPARATOR") or os.pathsep
    named = files or tuple((variable or "").split(separator))
    if "-" in named or all(_is_plain(os.path.join(load_request.directory, one)) for one in named):
        return suggested.plain(files)

    from mooring.settings.folder import DiskFolder
    from mooring.settings.suggestion import suggested_for

    return suggested.reading(suggested_for(named, DiskFolder(load_request.directory)), files)


def _suggestion_of(directory: str) -> Suggestion:
    names = place.names_in(directory)
    if b"COMPOSE_FILE" in _content(os.path.join(directory, ".env")):
        return suggested.plain()
    main = next((name for name in MAIN_NAMES if name in names), "")
    if main and is_usual(names, _content(os.path.join(directory, main))):
        return suggested.plain((os.path.join(directory, main),))

    from mooring.settings.folder import DiskFolder
    from mooring.settings.suggestion import suggested as found_in

    return suggested.below(found_in(DiskFolder(directory)), directory)


def _is_plain(path: str) -> bool:
    return os.path.basename(path) in MAIN_NAMES and b"profiles" not in _content(path)


def _content(path: str) -> bytes:
    """Return the content of a regular file; nothing where there is none."""
    try:
        with open(path, "rb") as stream:
            return stream.read() if os.path.isfile(path) else b""
    except OSError:
        return b""


def _suggestion_for(load_request: LoadRequest, projects: tuple[ProjectFiles, ...]) -> Suggestion:
    if not projects:
        return suggestion(load_request)

    from mooring.settings import projects as several

    requests = several.load_requests(load_request, projects)
    found = {name: suggestion(request) for name, request in requests.items()}
    return several.suggestion(projects, found, load_request.directory)


def load_as_compose_does(load_request: LoadRequest) -> Loaded:
    """
    Return the project that Compose would find.

    Raises:
        InputErrors: faults of the files; where Compose finds none, which environments there are.
    """
    try:
        return loading.load(load_request)
    except InputErrors as fault:
        if not any(isinstance(error, NoComposeFile) for error in fault.errors):
            raise
        found = suggestion(load_request)
        if not found.environments and not found.unused:
            raise
        names = [one.environment.name for one in found.environments]
        if not names:
            raise InputErrors([suggested.NobodysFiles(found.unused)]) from fault
        remedy = f"name an environment, as in -e {names[0]}: there are {', '.join(names)}"
        raise InputErrors(
            [InputError("no file has a name that Compose looks for", remedy=remedy)]
        ) from fault


def proposed(
    load_request: LoadRequest,
) -> tuple[LoadRequest, tuple[ProjectFiles, ...], tuple[str, ...]]:
    """
    Return the files or the projects that a folder suggests, and what is left over.

    Whole Compose files of which no name says whose they are are projects of one application; a
    single one is the stack.
    """
    if load_request.files:
        return load_request, (), ()
    found = suggestion(load_request)
    if found.environments or not found.unused:
        return load_request, (), found.unused
    directory = project_directory(load_request)
    paths = {path: os.path.join(directory, path) for path in found.unused}
    if len(paths) == 1:
        return msgspec.structs.replace(load_request, files=tuple(paths.values())), (), ()

    from mooring.settings.neighbours import names_for

    projects = tuple(
        ProjectFiles(name=name, files=(paths[path],))
        for path, name in names_for(found.unused).items()
    )
    return load_request, projects, ()


def project_directory(load_request: LoadRequest) -> str:
    """Return where the project's files are: as asked, else beside its Compose file or settings."""
    return place.project_directory(
        load_request.directory, named=load_request.project_directory, files=load_request.files
    )
