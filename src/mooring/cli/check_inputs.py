"""
What `mooring check` judges: the objects that a project would become, or those in files.

Each is judged by itself: an environment, a kustomization, a chart, manifests that stand apart.
"""

import os
from collections.abc import Callable, Collection
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from mooring import pipeline
from mooring.check import (
    open_questions,
    project_faults,
    releases,
    snapshots,
    told_before,
    unreadable,
)
from mooring.check.bundle import Bundle
from mooring.check.engine import Input
from mooring.findings import Finding
from mooring.manifests import gathering
from mooring.manifests.entries import Entry
from mooring.manifests.kustomize import build
from mooring.pipeline import Request
from mooring.semantics import kinds
from mooring.settings.environments import Tier

if TYPE_CHECKING:
    from mooring.settings.clusters import Cluster

Render: TypeAlias = Callable[[str], tuple[Collection[Entry], Collection[Finding]]]
"""Makes manifests of the chart in a folder, and tells what went wrong."""


def of_project(request: Request, *, today: date) -> tuple[Input, ...]:
    """
    Return the objects of the strictest environment asked for, and what was found while making them.

    They are looked at on the day ``today``.
    """
    from mooring.answered import with_values
    from mooring.kube import manifest
    from mooring.report import answers

    named = pipeline.environments(request)[-1].name
    found = pipeline.without_answered(
        pipeline.stack(msgspec.structs.replace(request, only=named)), pipeline.OUTPUT
    )
    made = found.environments[-1]
    is_strict = made.environment.tier is not Tier.DEV
    objects = with_values(made.objects, environment=made.environment.name, output=pipeline.OUTPUT)
    bundle = Bundle(
        (Entry(manifest.revealed(item)) for item in objects),
        namespace=made.namespace,
        is_closed=True,
        cluster=made.environment.cluster,
        today=today,
        origins_begin=made.translation.application.folder,
        registries=registries(request),
        runtime_classes=frozenset(one.name for one in made.environment.runtimes.values()),
    )
    bundle.sources = _sources(made.project.files)
    questions = made.translation.questions if is_strict else ()
    told = (*made.findings, *project_faults.findings(made.project))
    of_project = tuple(told_before.about_project(told, questions))
    placed = answers.placed(made.translation.questions, (named,), pipeline.OUTPUT)
    asked = open_questions.findings(placed, is_strict=is_strict)
    return (
        Input(
            bundle,
            (*of_project, *asked),
            told_before.Before(bundle, of_project, questions),
            # Where `mooring convert` puts it, so that a tree can be compared with its project.
            place=f"environments/{named}",
        ),
    )


def _sources(files: Collection[str]) -> dict[str, bytes]:
    """Return the content of the files that can be read, by the names that the user is shown."""
    found: dict[str, bytes] = {}
    for path in files:
        relative = os.path.relpath(path)
        try:
            with open(path, "rb") as stream:
                found[relative if len(relative) < len(path) else path] = stream.read()
        except OSError:
            continue  # standard input, or what has gone since: it was told when it was loaded
    return found


def cluster_of_files(request: Request) -> "Cluster | None":
    """
    Return the cluster to which manifests go: that of the environment asked for, or the strictest.

    None where mooring.yaml, if there is one, settles none.
    """
    named = pipeline.settings(request).environments or ()
    asked = [one for one in named if request.only in (None, one.name)]
    return asked[-1].cluster if asked else None


def registries(request: Request) -> tuple[str, ...]:
    """Return the registries that images may come from; none where any will do."""
    return pipeline.settings(request).checks.registries


def in_files(
    paths: Collection[str],
    *,
    stdin: bytes | None,
    rendered: Render,
    registries: tuple[str, ...],
    cluster: "Cluster | None",
    today: date,
) -> tuple[Input, ...]:
    """
    Return the objects in the files and folders ``paths``, and what cannot be read there.

    Manifests that stand by themselves are one input, each kustomization that no other takes in and
    each chart is one of its own.  ``rendered`` makes manifests of a chart; ``cluster`` is where
    all of it goes, ``registries`` where its images may come from (none: anywhere), and ``today``
    the day on which it is looked at.

    Raises:
        UsageError: a path does not exist.
        InputError: a file cannot be read.
    """

    bundled = partial(Bundle, cluster=cluster, registries=registries, today=today)

    def is_cluster_scoped(api_version: str, kind: str) -> bool:
        return kinds.is_cluster_scoped(kinds.group_kind(api_version, kind))

    with pipeline.without_gc():
        gathered = gathering.gather(paths, stdin=stdin)
        every = []
        if gathered.documents or gathered.faults or not gathered.builds:
            seen = snapshots.declared_in(gathered)
            bundle = bundled(
                seen.entries,
                is_whole=gathered.is_whole and not seen.is_part,
                background=seen.background,
                namespace=releases.namespace(seen.entries),
            )
            bundle.going = seen.going
            every.append(Input(bundle, tuple(unreadable.findings(gathered)), unseen=seen.unseen))
        built = {
            folder: build.build(folder, shown=folder, is_cluster_scoped=is_cluster_scoped)
            for folder in gathered.kustomizations
        }
        taken_in = frozenset().union(*(one.included for one in built.values()))
        for folder, one in built.items():
            if os.path.realpath(folder) not in taken_in:
                bundle = bundled(one.entries, is_whole=not one.faults)
                told = tuple(unreadable.of_faults(one.faults))
                every.append(Input(bundle, told, place=_place(folder, paths)))
        for folder in gathered.charts:
            found, faults = rendered(folder)
            bundle = bundled(found, is_whole=not faults, namespace=releases.namespace(found))
            every.append(Input(bundle, tuple(faults), place=_place(folder, paths)))
    return tuple(every)


def _place(folder: str, paths: Collection[str]) -> str:
    """Return ``folder`` as seen from that of ``paths`` in which it lies."""
    whole = os.path.realpath(folder)
    for path in paths:
        place = os.path.relpath(whole, os.path.realpath(path))
        if not place.startswith(os.pardir):
            return place
    return folder
