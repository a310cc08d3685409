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
from collections.abc import Collection, Iterator
from contextlib import contextmanager

import msgspec

from mooring.builds import Build
from mooring.compose.discovery import LoadRequest
from mooring.compose.project import Loaded, Project
from mooring.errors import InputErrors, UsageError
from mooring.findings import Finding
from mooring.kube.object_set import ObjectSet
from mooring.render.file_tree import FileTree
from mooring.render.writing import Changes
from mooring.settings import choosing, loading
from mooring.settings.environments import Environment, ProjectFiles
from mooring.settings.settled import Settings, is_extended
from mooring.settings.suggested import Suggested
from mooring.translate.project import Translation
from mooring.translate.scheduling import words

TYPE_CHECKING = False  # what stands above is imported at run time, see `cli.own_modules`
if TYPE_CHECKING:
    from mooring.generate.objects import Generation


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """
    What a command asks for: where, and of which environment (None: all of them).

    ``load`` names the Compose files and the process environment; ``projects`` the several projects
    to make one application of, instead of those of mooring.yaml.  ``settings`` None means those
    of the mooring.yaml in the project's directory, where there is one.
    """

    load: LoadRequest
    projects: tuple[ProjectFiles, ...] = ()
    only: str | None = None
    settings: Settings | None = None


class EnvironmentResult(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that was made for one environment."""

    environment: Environment
    project: Project
    translation: Translation
    findings: tuple[Finding, ...]
    namespace: str
    objects: ObjectSet
    builds: tuple[Build, ...] = ()


class Stack(msgspec.Struct, frozen=True, kw_only=True):
    """A project in all its environments."""

    name: str
    environments: tuple[EnvironmentResult, ...]


def project_directory(load_request: LoadRequest) -> str:
    """Return the folder in which mooring.yaml stands, or would."""
    return choosing.project_directory(load_request)


def load_each(request: Request) -> dict[str, Loaded]:
    """
    Return what is loaded of ``request``, before anything is joined.

    Of several projects each under the user's name of it, as the environment that is asked for has
    them, or else the strictest; a single project stands under "", as Compose finds it where no
    environment is asked for.
    """
    settled = settings(request)
    is_single = not _projects(request, settled)
    if is_single and request.only is None:
        return {"": choosing.load_as_compose_does(request.load)}
    environment = _chosen(request, settled)[-1].environment
    asked = _load_request(request.load, environment, settled)
    if is_single:
        return {"": loading.load(asked)}
    return loading.load_projects(asked, environment.projects)


def settings(request: Request) -> Settings:
    """
    Return what the user settled in mooring.yaml; nothing where there is no such file.

    Raises:
        InputErrors: the file has faults, or cannot be read.
    """
    return choosing.written(request.load) if request.settings is None else request.settings


def environments(request: Request) -> tuple[Environment, ...]:
    """Return the environments of the project: those that were settled, else by its files."""
    return tuple(one.environment for one in _chosen(request, settings(request)))


def _projects(request: Request, settled: Settings) -> tuple[ProjectFiles, ...]:
    """Return the projects of which the stack consists, none where it is one: files are named."""
    return request.projects or (() if request.load.files else settled.projects)


def _chosen(request: Request, settled: Settings) -> tuple[Suggested, ...]:
    return choosing.chosen(
        request.load, settled, projects=_projects(request, settled), only=request.only
    )


def proposed(request: Request) -> tuple[Request, tuple[str, ...]]:
    """Return ``request`` with what the folder suggests where nothing is named, and what is left."""
    if request.projects:
        return request, ()
    load_request, projects, unused = choosing.proposed(request.load)
    return msgspec.structs.replace(request, load=load_request, projects=projects), unused


def stack(request: Request) -> Stack:
    """
    Return the objects of every environment, and how they came to be.

    Raises:
        InputErrors: the Compose files or mooring.yaml have faults.
        UsageError: there is no environment of the name that is asked for.
    """
    from mooring.generate.objects import Generation, namespace_name
    from mooring.generate.secret_keys import with_keys
    from mooring.translate.in_environment import in_environment
    from mooring.translate.project import translate

    settled = settings(request)
    results: list[EnvironmentResult] = []
    with without_gc():
        loads: dict[tuple[object, ...], tuple[Loaded, Settings]] = {}
        prepared: dict[tuple[object, ...], tuple[Loaded, Settings]] = {}
        translations: dict[tuple[object, ...], Translation] = {}
        generations: dict[tuple[object, ...], Generation] = {}
        for chosen in _chosen(request, settled):
            environment = chosen.environment
            asked = _load_request(request.load, environment, settled)
            read = (asked.files, asked.env_files, asked.profiles, environment.projects)
            if read not in loads:
                base = choosing.project_directory(asked)
                loaded = loading.load_joined(
                    asked, environment.projects, every=_projects(request, settled), base=base
                )
                loads[read] = loaded, _with_extensions(settled, loaded.project)
            variables = loads[read][1].choices.variables(environment.name)
            inputs = (read, environment.name if variables else "")
            if inputs not in prepared:
                prepared[inputs] = _prepared(*loads[read], variables, environment.name)
            loaded, nearer = prepared[inputs]
            settled_images = environment.images.settled
            if (inputs, settled_images) not in translations:
                translations[inputs, settled_images] = translate(
                    loaded.project,
                    choices=nearer.choices,
                    unset=loaded.unset,
                    settled_images=settled_images,
                    folder=os.path.relpath(loaded.project.directory, request.load.directory),
                )
            translation = in_environment(
                translations[inputs, settled_images], environment, nearer.choices
            )
            application = translation.application
            translation = msgspec.structs.replace(
                translation,
                decisions=(*chosen.decisions, *translation.decisions),
                questions=(*chosen.questions, *with_keys(translation.questions, application)),
            )
            differs = (
                environment.cluster
                or environment.runtimes
                or nearer.choices.differ_in(environment.name)
            )
            own = environment.name if differs else None
            whole_names = any(one.looks_up_names for one in application.documents)
            namespace = namespace_name(application, environment) if whole_names else None
            alike = (inputs, settled_images, environment.outside, own, namespace)
            if alike not in generations:
                before = next(iter(generations.values()), None)
                generations[alike] = Generation(application, before)
            generation = generations[alike]
            namespace = namespace_name(application, environment)
            objects, told = _judged(
                translation, environment, generation.objects(environment), namespace
            )
            results.append(
                EnvironmentResult(
                    environment=environment,
                    project=loaded.project,
                    translation=translation,
                    findings=(*loaded.findings, *translation.findings, *told),
                    namespace=namespace,
                    objects=objects,
                    builds=_images_to_build(generation, environment),
                )
            )
    results = _with_builds_told_apart(results)
    if request.only is None:
        dialled = {name for each in translations.values() for name in each.unmet_hosts}
        _check_subjects(prepared.values(), {made.environment.name for made in results}, dialled)
    return Stack(name=results[0].translation.application.name, environments=tuple(results))


def _judged(
    translation: Translation, environment: Environment, objects: ObjectSet, namespace: str
) -> tuple[ObjectSet, tuple[Finding, ...]]:
    """Return ``objects`` with their quota, and where they do not fit what there is for them."""
    application = translation.application
    has_nodes = environment.cluster is not None and environment.cluster.nodes
    if not has_nodes and environment.quota is None and not application.connections:
        return objects, ()

    from mooring.generate.capacity import judged

    return judged(application, environment, objects, namespace)


def _images_to_build(generation: "Generation", environment: Environment) -> tuple[Build, ...]:
    application = generation.present(environment)
    if not application.builds:
        return ()

    from mooring.generate.builds import images_to_build

    return images_to_build(application, environment)


def _with_builds_told_apart(results: list[EnvironmentResult]) -> list[EnvironmentResult]:
    """Return ``results``, the last of which says what is built differently under one name."""
    if len(results) < 2 or not any(result.builds for result in results):
        return results

    from mooring.generate.builds import built_apart

    found = built_apart({result.environment.name: result.builds for result in results})
    last = msgspec.structs.replace(results[-1], findings=(*results[-1].findings, *found))
    return [*results[:-1], last]


def _with_extensions(settled: Settings, project: Project) -> Settings:
    if not is_extended(project.root):
        return settled

    from mooring.settings.extensions import with_extensions

    return with_extensions(settled, project.root)


def _prepared(
    loaded: Loaded, settled: Settings, variables: dict[str, dict[str, str]], environment: str
) -> tuple[Loaded, Settings]:
    """
    Return the project with the values ``variables`` that are settled for ``environment``.

    Each job that a scheduler runs by the clock is a service of its own there.
    """
    if variables:
        from mooring.settings.variables import with_variables

        project = with_variables(loaded.project, variables, environment, settled.names)
        loaded = msgspec.structs.replace(loaded, project=project)
    if not words.are_spoken(loaded.project.services):
        return loaded, settled

    from mooring.translate.scheduling.unfolding import unfolded

    project, choices = unfolded(loaded.project, settled.choices)
    return (
        msgspec.structs.replace(loaded, project=project),
        msgspec.structs.replace(settled, choices=choices),
    )


def _check_subjects(
    loads: Collection[tuple[Loaded, Settings]],
    environments: Collection[str],
    dialled: Collection[str],
) -> None:
    """
    Raise InputErrors where something is settled for a name that no environment has.

    ``dialled`` are hosts that some service dials and none is.
    """
    if not any(settled.names for _, settled in loads):
        return

    from mooring.settings import subjects

    faults = subjects.check(
        [settled for _, settled in loads],
        [loaded.project for loaded, _ in loads],
        environments,
        dialled,
    )
    if faults:
        raise InputErrors(faults)


def without_answered(made: Stack, output: str) -> Stack:
    """Return ``made`` without the questions that the files below the folder ``output`` answer."""
    if not os.path.isdir(output):
        return made

    from mooring.answered import still_open

    return msgspec.structs.replace(
        made,
        environments=tuple(
            msgspec.structs.replace(
                each,
                translation=msgspec.structs.replace(
                    each.translation,
                    questions=still_open(
                        each.translation.questions,
                        each.objects,
                        environment=each.environment.name,
                        output=output,
                    ),
                ),
            )
            for each in made.environments
        ),
    )


def tree(made: Stack, format_name: str) -> FileTree:
    """
    Return the files of ``made`` in the form ``format_name``, one of `FORMATS`.

    Raises:
        UsageError: there is no such form.
    """
    if format_name not in FORMATS:
        raise UsageError(
            f'there is no format "{format_name}"', remedy=f"choose one of: {', '.join(FORMATS)}"
        )
    if format_name == "plain":
        from mooring.render.plain import render
    else:
        from mooring.render.kustomize import render

    from mooring.render.environments import EnvironmentObjects
    from mooring.render.readme import readme

    environments = [
        EnvironmentObjects(
            name=result.environment.name,
            namespace=result.namespace,
            objects=result.objects,
            builds=result.builds,
        )
        for result in made.environments
    ]
    strictest = made.environments[-1].translation

    def text() -> str:
        return readme(
            made.name,
            environments,
            format_name=format_name,
            folder=strictest.application.folder,
            decisions=strictest.decisions,
            questions=strictest.questions,
            entries=strictest.ledger.entries,
        )

    with without_gc():
        return render(environments, readme=text)


def write(files: FileTree, output: str, *, lock: str, force: bool = False) -> Changes:
    """Write ``files`` into the folder ``output``; see `mooring.render.writing.write`."""
    from mooring.render import writing

    return writing.write(files, output, lock=lock, force=force)


OUTPUT = "deploy"
"""The folder into which manifests are written where no other is named."""

FORMATS = ("kustomize", "plain")
"""The forms in which objects can be written."""


def _load_request(
    load_request: LoadRequest, environment: Environment, settled: Settings
) -> LoadRequest:
    return msgspec.structs.replace(
        load_request,
        files=environment.files or load_request.files,
        env_files=environment.env_files or load_request.env_files,
        profiles=environment.profiles or load_request.profiles,
        name=load_request.name or settled.project or "",
    )


@contextmanager
def without_gc() -> Iterator[None]:
    """Keep the collector from walking a growing heap of frozen values again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
