"""
Environments that nobody named, with what is to be said about how they were found.

`suggestion` finds them where a folder holds more than the one main file.
"""

import os

import msgspec

from mooring.decisions import Decision, OpenQuestion
from mooring.errors import InputError
from mooring.settings.environments import ENVIRONMENTS_BY_WORD, Environment, ProjectFiles, Tier


class Suggested(msgspec.Struct, frozen=True, kw_only=True):
    """An environment, and what is to be said about how its files were found."""

    environment: Environment
    decisions: tuple[Decision, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """
    The environments, the least strict first; none where nothing says which file is whose.

    ``unused`` are the Compose files of the folder that go into none of them.
    """

    environments: tuple[Suggested, ...]
    unused: tuple[str, ...] = ()


class NobodysFiles(InputError):
    """There are Compose files, but nothing says which of them is whose."""

    def __init__(self, files: tuple[str, ...]) -> None:
        super().__init__(
            f"{', '.join(files)}: no name is one that Compose looks for, or an environment's",
            remedy=f"name what belongs together, as in -f {files[0]}; mooring init writes it down"
            + _as_projects(files),
        )


def _as_projects(files: tuple[str, ...]) -> str:
    """Return how to name ``files`` where each is a project of its own; nothing for a single one."""
    if not 1 < len(files) <= _FEW:
        return ""

    from mooring.settings.neighbours import names_for

    words = " ".join(f"--project {name}={path}" for path, name in names_for(files).items())
    return f"; or, where each is a project of its own, write {words}"


_FEW = 4


def below(suggestion: Suggestion, directory: str) -> Suggestion:
    """Return ``suggestion``, whose paths begin at ``directory``, with paths that hold anywhere."""

    def placed(one: Suggested) -> Suggested:
        environment = msgspec.structs.replace(
            one.environment,
            files=tuple(os.path.join(directory, file) for file in one.environment.files),
            env_files=tuple(os.path.join(directory, file) for file in one.environment.env_files),
        )
        return msgspec.structs.replace(one, environment=environment)

    return msgspec.structs.replace(
        suggestion, environments=tuple(placed(one) for one in suggestion.environments)
    )


def reading(suggestion: Suggestion, files: tuple[str, ...]) -> Suggestion:
    """Return ``suggestion``, all of whose environments read ``files``."""
    return msgspec.structs.replace(
        suggestion,
        environments=tuple(
            msgspec.structs.replace(
                one, environment=msgspec.structs.replace(one.environment, files=files)
            )
            for one in suggestion.environments
        ),
    )


def plain(files: tuple[str, ...] = ()) -> Suggestion:
    """Return the three tiers, all reading the same ``files``."""
    return Suggestion(
        environments=tuple(
            Suggested(environment=Environment(name=tier.value, tier=tier, files=files))
            for tier in Tier
        )
    )


def completed(
    settled: tuple[Environment, ...], suggestion: Suggestion, *, amends: bool
) -> tuple[Suggested, ...]:
    """
    Return the environments that mooring.yaml names, with the files that it leaves open.

    One without files has those that are suggested for an environment of its name, or else of its
    tier.  Where the file only ``amends`` environments that are suggested, the others stay.
    """
    named = {environment.name: environment for environment in settled}
    suggested = {one.environment.name: one for one in suggestion.environments}
    if amends and named.keys() <= suggested.keys():
        return tuple(
            _joined(named[name], one) if name in named else one for name, one in suggested.items()
        )
    return tuple(_joined(one, _like(one, suggested)) for one in settled)


def _projects(environment: Environment, other: Environment) -> tuple[ProjectFiles, ...]:
    """Return the projects of ``environment``, with the files that were found for ``other``."""
    if not environment.projects:
        return ()

    from mooring.settings.projects import with_suggested

    found = {one.name: one for one in other.projects}
    return tuple(with_suggested(one, found.get(one.name, one)) for one in environment.projects)


def _like(environment: Environment, suggested: dict[str, Suggested]) -> Suggested | None:
    usual = ENVIRONMENTS_BY_WORD.get(environment.name, "")
    return suggested.get(usual) or suggested.get(environment.tier)


def _joined(environment: Environment, found: Suggested | None) -> Suggested:
    """Return what ``environment`` says, and for the rest what was ``found``."""
    if environment.files or found is None:
        return Suggested(environment=environment)
    other = found.environment
    complete = msgspec.structs.replace(
        environment,
        files=other.files,
        env_files=environment.env_files or other.env_files,
        profiles=environment.profiles or other.profiles,
        projects=_projects(environment, other),
    )
    is_said = environment.name != other.name
    return Suggested(
        environment=complete,
        decisions=tuple(
            one
            for one in found.decisions
            if not (is_said or getattr(environment, one.topic.replace(" ", "_")))
        ),
        questions=() if is_said else found.questions,
    )
