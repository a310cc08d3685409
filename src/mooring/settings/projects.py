"""
Several Compose projects that become one application: where each is, in which environment.

A stack may be split into projects that Docker Compose runs apart and that meet on networks which
they call external.  They are listed in mooring.yaml under ``projects``, or with ``--project`` on
the command line, each under a name of the user's.  Every one is loaded as Compose loads it when it
is called in the project's folder; an environment may use other files of it, or leave it out.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as ReadOnly
from typing import Literal

import msgspec

from mooring.compose.discovery import LoadRequest
from mooring.decisions import Decision, OpenQuestion
from mooring.errors import InputErrors, UsageError
from mooring.patterns import LazyPattern
from mooring.settings.environments import (
    TIERS_BY_ENVIRONMENT,
    Environment,
    ProjectChange,
    ProjectFiles,
)
from mooring.settings.suggested import NobodysFiles, Suggested, Suggestion, plain

_NAME = LazyPattern(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
_FORM = "write --project NAME=FILE or --project NAME=FOLDER, with commas between several files"


def in_environment(
    projects: Iterable[ProjectFiles],
    changes: dict[str, ProjectChange | Literal["none"]],
) -> tuple[ProjectFiles, ...]:
    """Return ``projects`` as an environment with ``changes`` has them."""
    found: list[ProjectFiles] = []
    for one in projects:
        change = changes.get(one.name, ProjectChange())
        if not isinstance(change, ProjectChange):
            continue
        found.append(
            msgspec.structs.replace(
                one,
                files=change.files or one.files,
                env_files=change.env_files or one.env_files,
                profiles=change.profiles or one.profiles,
            )
        )
    return tuple(found)


def suggestion(
    projects: Sequence[ProjectFiles], found: ReadOnly[str, Suggestion], directory: str
) -> Suggestion:
    """
    Return the environments that the folders of ``projects`` suggest together.

    ``found`` is what each suggests alone, by its name, with absolute paths; ``directory`` is where
    the command runs.  A project has in an environment of another's what is its own of that tier.

    Raises:
        InputErrors: files of a project that go into no environment.
    """
    faults = [
        NobodysFiles(one.unused) for one in found.values() if one.unused and not one.environments
    ]
    if faults:
        raise InputErrors(faults)
    by_project = {
        name: {each.environment.name: each for each in one.environments or plain().environments}
        for name, one in found.items()
    }
    names = {name for one in by_project.values() for name in one}
    environments: list[Suggested] = []
    for name in (one for one in TIERS_BY_ENVIRONMENT if one in names):
        tier = TIERS_BY_ENVIRONMENT[name]
        its: list[ProjectFiles] = []
        decisions: list[Decision] = []
        questions: list[OpenQuestion] = []
        for project in projects:
            own = by_project[project.name].get(name) or by_project[project.name][tier]
            its.append(with_suggested(project, own.environment))
            if own.environment.name == name:
                decisions += _decisions(project, own, directory)
                questions += _questions(project, own, directory)
        environments.append(
            Suggested(
                environment=Environment(name=name, tier=tier, projects=tuple(its)),
                decisions=tuple(decisions),
                questions=tuple(questions),
            )
        )
    return Suggestion(environments=tuple(environments))


def with_suggested(project: ProjectFiles, found: Environment | ProjectFiles) -> ProjectFiles:
    """Return ``project`` with what ``found`` says and it leaves open."""
    return msgspec.structs.replace(
        project,
        files=project.files or found.files,
        env_files=project.env_files or found.env_files,
        profiles=project.profiles or found.profiles,
    )


def _decisions(project: ProjectFiles, found: Suggested, directory: str) -> Iterator[Decision]:
    """Yield what was decided of an environment's part of ``project``, as mooring.yaml says it."""
    for one in found.decisions:
        key = one.topic.replace(" ", "_")
        if not getattr(project, key):
            yield msgspec.structs.replace(
                one,
                choice=f"{project.name}: {one.choice}",
                overrule=_answer(project, found.environment, key, directory),
            )


def _questions(project: ProjectFiles, found: Suggested, directory: str) -> Iterator[OpenQuestion]:
    for one in found.questions:
        answer = _answer(project, found.environment, "files", directory)
        yield msgspec.structs.replace(
            one,
            question=f"{project.name}: {one.question}",
            answer=f"{answer} if that is meant, or with the files that are its own",
        )


def _answer(project: ProjectFiles, environment: Environment, key: str, directory: str) -> str:
    said = getattr(environment, key)
    if key != "profiles":
        said = tuple(os.path.relpath(os.path.join(directory, one), directory) for one in said)
    inner = f"{{{project.name}: {{{key}: [{', '.join(said)}]}}}}"
    return f"environments: {{{environment.name}: {{projects: {inner}}}}}"


def from_command_line(words: Sequence[str]) -> tuple[ProjectFiles, ...]:
    """
    Return the projects that ``--project`` names: ``NAME=FILE[,FILE...]`` or ``NAME=FOLDER``.

    Raises:
        UsageError: a word of another form, or a name given twice.
    """
    found: dict[str, ProjectFiles] = {}
    for word in words:
        name, separator, value = word.partition("=")
        paths = tuple(path for path in value.split(",") if path)
        if not separator or not paths:
            raise UsageError(f'--project "{word}" names no file', remedy=_FORM)
        if _NAME.fullmatch(name) is None:
            raise UsageError(
                f'--project "{word}": "{name}" is no name for a project',
                remedy='use lower-case letters, digits and "-" inside, as in backend',
            )
        if name in found:
            raise UsageError(
                f'--project names "{name}" twice',
                remedy=f"put the files into one: --project {name}=FILE,FILE",
            )
        is_folder = len(paths) == 1 and os.path.isdir(paths[0])
        found[name] = (
            ProjectFiles(name=name, directory=paths[0])
            if is_folder
            else ProjectFiles(name=name, files=paths)
        )
    return tuple(found.values())


def load_requests(base: LoadRequest, projects: Iterable[ProjectFiles]) -> dict[str, LoadRequest]:
    """
    Return what loads each of ``projects`` as Compose would in its folder, by the user's name of it.

    ``base`` is what the command asks for: where it runs, its process environment, and what was
    said for all projects.  ``COMPOSE_FILE`` and ``COMPOSE_PROJECT_NAME`` of the process are for a
    single project, and are not passed on.
    """
    return {one.name: _load_request(base, one) for one in projects}


def _load_request(base: LoadRequest, one: ProjectFiles) -> LoadRequest:
    files = tuple(os.path.join(base.directory, file) for file in one.files)
    folder = os.path.join(base.directory, one.directory or os.path.dirname(files[0]))
    folder = os.path.normpath(folder)
    environment = {
        name: value
        for name, value in base.environment.items()
        if name not in ("COMPOSE_FILE", "COMPOSE_PROJECT_NAME")
    }
    if "PWD" in environment:
        environment["PWD"] = folder
    return LoadRequest(
        directory=folder,
        files=files,
        project_directory=folder if one.directory else "",
        env_files=tuple(
            os.path.join(base.directory, file) for file in one.env_files or base.env_files
        ),
        profiles=one.profiles or base.profiles,
        environment=environment,
        name=one.project,
        shown_from=base.shown_from or base.directory,
    )
