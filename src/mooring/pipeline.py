"""
The stages in order: the program's table of contents.

    load       Compose files of an environment -> project             mooring.compose
    translate  project -> application, ledger, decisions, questions   mooring.translate
    generate   application and environment -> objects                 mooring.generate
    render     objects of all environments -> file tree               mooring.render

Each environment goes the whole way on its own.  Environments that read the same files share the
work up to the objects, because they would do the same work twice.
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from mooring.compose.discovery import LoadRequest
from mooring.compose.project import Loaded, Project
from mooring.errors import UsageError
from mooring.findings import Finding
from mooring.kube.object_set import ObjectSet
from mooring.render.file_tree import FileTree
from mooring.render.writing import Changes
from mooring.settings.choices import Choices
from mooring.settings.environments import Environment, environments_for
from mooring.translate.project import Translation


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a command asks for: where, which files, and the settings that count.

    ``load`` names the Compose files and the process environment; ``environments`` None means
    those that the project's files suggest.
    """

    load: LoadRequest
    environments: tuple[Environment, ...] | None = None
    choices: Choices = Choices()
    only: str | None = None


class EnvironmentResult(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was made for one environment."""

    environment: Environment
    project: Project
    translation: Translation
    findings: tuple[Finding, ...]
    namespace: str
    objects: ObjectSet


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A project in all its environments."""

    name: str
    environments: tuple[EnvironmentResult, ...]


def load(request: LoadRequest) -> Loaded:
    """Return the project that Compose would load, with what is to be said about its files."""
    from mooring.compose import loader

    return loader.load(request)


def environments(request: Request) -> tuple[Environment, ...]:
    """Return the environments of the project: those that were settled, else by its files."""
    found = request.environments
    if found is None:
        directory = request.load.project_directory or request.load.directory
        explicit = request.load.files or tuple(
            name for name in [request.load.environment.get("COMPOSE_FILE", "")] if name
        )
        listing = () if explicit else tuple(_names_in(directory))
        found = environments_for(request.load.files, directory_listing=listing)
        if explicit and not request.load.files:
            found = tuple(msgspec.structs.replace(one, files=()) for one in found)
    if request.only is None:
        return found
    chosen = tuple(environment for environment in found if environment.name == request.only)
    if not chosen:
        names = ", ".join(environment.name for environment in found)
        raise UsageError(
            f'there is no environment "{request.only}"', remedy=f"choose one of: {names}"
        )
    return chosen


def stack(request: Request) -> Stack:
    """Return the objects of every environment, and how they came to be."""
    from mooring.generate.objects import namespace_name, objects
    from mooring.translate.project import translate

    results: list[EnvironmentResult] = []
    with _without_gc():
        known: dict[tuple[tuple[str, ...], ...], tuple[Loaded, Translation]] = {}
        for environment in environments(request):
            asked = _load_request(request.load, environment)
            inputs = (asked.files, asked.env_files, asked.profiles)
            if inputs not in known:
                loaded = load(asked)
                known[inputs] = loaded, translate(loaded.project, choices=request.choices)
            loaded, translation = known[inputs]
            application = translation.application
            results.append(
                EnvironmentResult(
                    environment=environment,
                    project=loaded.project,
                    translation=translation,
                    findings=(*loaded.findings, *translation.findings),
                    namespace=namespace_name(application, environment),
                    objects=objects(application, environment),
                )
            )
    return Stack(name=results[0].translation.application.name, environments=tuple(results))


def tree(made: Stack, format_name: str) -> FileTree:
    """
    Return the files of ``made`` in the form ``format_name``, one of `FORMATS`.

    Raises:
        UsageError: there is no such form.
    """
    from mooring.render import kustomize, plain
    from mooring.render.environments import EnvironmentObjects
    from mooring.render.readme import readme

    forms = {"kustomize": kustomize.render, "plain": plain.render}
    if format_name not in forms:
        raise UsageError(
            f'there is no format "{format_name}"', remedy=f"choose one of: {', '.join(forms)}"
        )
    environments = [
        EnvironmentObjects(
            name=result.environment.name, namespace=result.namespace, objects=result.objects
        )
        for result in made.environments
    ]
    strictest = made.environments[-1].translation
    with _without_gc():
        return forms[format_name](
            environments,
            readme=readme(
                made.name,
                environments,
                format_name=format_name,
                decisions=strictest.decisions,
                questions=strictest.questions,
                entries=strictest.ledger.entries,
            ),
        )


def write(files: FileTree, output: str, *, lock: str, force: bool = False) -> Changes:
    """Write ``files`` into the folder ``output``; see `mooring.render.writing.write`."""
    from mooring.render import writing

    return writing.write(files, output, lock=lock, force=force)


FORMATS = ("kustomize", "plain")
"""The forms in which objects can be written."""


def _load_request(load_request: LoadRequest, environment: Environment) -> LoadRequest:
    return msgspec.structs.replace(
        load_request,
        files=environment.files or load_request.files,
        env_files=environment.env_files or load_request.env_files,
        profiles=environment.profiles or load_request.profiles,
    )


def _names_in(directory: str) -> list[str]:
    try:
        return os.listdir(directory)
    except OSError:
        return []


@contextmanager
def _without_gc() -> Iterator[None]:
    """Keep the collector from walking a growing heap of frozen values again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
