"""
What is to be deployed: a converted tree, any kustomization, or any manifests.

The tree of an environment is found where `convert` writes it.  The project is what most objects
are labelled with, as all that we write is.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterable
from typing import Any

from mooring.cli.invocation import Invocation
from mooring.deploy import restarts
from mooring.errors import InputError, InputErrors, UsageError
from mooring.kube import names
from mooring.kube.labels import INSTANCE, PART_OF
from mooring.manifests import gathering
from mooring.manifests.documents import Fault
from mooring.manifests.entries import Entry
from mooring.manifests.kustomize import build
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.settings.environments import MAIN_NAMES
from mooring.settings.place import FILE_NAME

DEFAULT_ENVIRONMENT = "default"
OUTPUT = "deploy"
"""`pipeline.OUTPUT`, without loading all that a conversion needs."""


class Given:
    """
    The manifests of one environment, and what they are called.

    ``folder`` is where they were found; ``is_converted`` tells whether it is the tree of the stack.
    ``source`` is the folder of another Compose project that they were made from; empty where they
    were not.
    """

    def __init__(
        self, manifests: list[dict[str, Any]], *, project: str, environment: str, folder: str,
        is_converted: bool, source: str = "",
    ) -> None:  # fmt: skip
        self.manifests = manifests
        self.project = project
        self.environment = environment
        self.folder = folder
        self.is_converted = is_converted
        self.source = source


def given(
    invocation: Invocation,
    environment: str | None,
    *,
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
) -> Given:
    """
    Return the manifests that the command line names.

    Raises:
        UsageError: nothing is named, or it is not there.
        InputErrors: what is there cannot be read.
    """
    named = environment or invocation.environment or os.environ.get("MOORING_ENVIRONMENT")
    if kustomization and paths:
        raise UsageError("-k and --manifests exclude each other", remedy="name one of them")
    if kustomization:
        entries, faults = _either(kustomization)
        folder = kustomization
    elif paths:
        entries, faults = _gathered(paths)
        folder = paths[0]
    else:
        if not named:
            raise UsageError(
                "no environment is named",
                remedy=f"name one: {', '.join(_environments(output)) or 'as in mooring up dev'}",
            )
        folder = _folder(output, named)
        entries, faults = _either(folder)
    manifests = _manifests(entries, faults, folder)
    return Given(
        manifests,
        project=invocation.project_name or _project(manifests, folder),
        environment=named or DEFAULT_ENVIRONMENT,
        folder=folder,
        is_converted=not (kustomization or paths),
    )


def of_release(name: str, path: str, environment: str) -> Given:
    """
    Return the manifests of a release whose folder is ``path``, in ``environment`` of its own.

    In a tree that `convert` wrote, beside its project or not, and in overlays that go by the names
    of environments, those of the environment are taken; of any other folder all that is in it.

    Raises:
        UsageError: there is no such folder, or environment, or it holds no object.
        InputErrors: what is there cannot be read.
    """
    if not os.path.isdir(path):
        raise UsageError(
            f"release {name}: there is no folder {path}", remedy="correct its path in mooring.yaml"
        )
    places = [os.path.join(path, *parts) for parts in _TREES]
    trees = [place for place in places if os.path.isdir(place)]
    folder = next(
        (f for place in trees if os.path.isdir(f := os.path.join(place, environment))), ""
    )
    if trees and not folder:
        there = sorted({one for place in trees for one in os.listdir(place)})
        raise UsageError(
            f"release {name}: there is no environment {environment} in {path}",
            remedy=f"say which with environment: in mooring.yaml; there is: {', '.join(there)}",
        )
    folder = folder or path
    is_project = bool({*MAIN_NAMES, FILE_NAME} & set(os.listdir(path)))
    try:
        manifests = _manifests(*_either(folder), folder)
    except UsageError as error:
        if is_project:
            told, remedy = (
                f"release {name}: {path} is not converted yet",
                "run mooring convert in it",
            )
            raise UsageError(told, remedy=remedy) from error
        raise
    is_ours = any(os.path.isfile(os.path.join(path, *parts, _LOCK)) for parts in _LOCKS)
    return Given(
        manifests,
        project=_project(manifests, folder) if is_ours else name,
        environment=environment,
        folder=folder,
        is_converted=False,
        source=path if is_project and folder.startswith(os.path.join(path, OUTPUT)) else "",
    )


_TREES = (("environments",), (OUTPUT, "environments"), ("overlays",))
_LOCK, _LOCKS = "mooring.lock", ((), (OUTPUT,))


def _manifests(
    entries: tuple[Entry, ...], faults: tuple[Fault, ...], folder: str
) -> list[dict[str, Any]]:
    """
    Return the manifests of what was found in ``folder``.

    Raises:
        InputErrors: faults were found.
        UsageError: nothing was.
    """
    if faults:
        raise InputErrors(InputError(one.message, position=one.position) for one in faults)
    made = frozenset(_config(entry.manifest) for entry in entries if entry.is_hashed)
    manifests = restarts.with_checksums([entry.manifest for entry in entries], made)
    if not manifests:
        raise UsageError(f"there is no object in {folder}", remedy="name another folder")
    return manifests


def _config(manifest: dict[str, Any]) -> ObjectRef:
    """Return the ref of a ConfigMap or Secret that a kustomization has made."""
    metadata = fields.mapping(manifest.get("metadata"))
    namespace = fields.text(metadata.get("namespace")) or None
    return ObjectRef("v1", str(manifest.get("kind")), str(metadata.get("name")), namespace)


def _environments(output: str) -> list[str]:
    folder = os.path.join(output, "environments")
    return sorted(os.listdir(folder)) if os.path.isdir(folder) else []


def _folder(output: str, environment: str) -> str:
    for folder in (
        os.path.join(output, "environments", environment),
        os.path.join(output, environment),
    ):
        if os.path.isdir(folder):
            return folder
    there = _environments(output)
    raise UsageError(
        f"there is no environment {environment} in {output}/",
        remedy=f"there is: {', '.join(there)}"
        if there
        else "run mooring convert first, or name manifests with -k or --manifests",
    )


def _either(folder: str) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    """Return what the kustomization in ``folder`` makes, or where it has none, what lies in it."""
    is_built = any(os.path.isfile(os.path.join(folder, name)) for name in gathering.KUSTOMIZATIONS)
    return _built(folder) if is_built else _gathered((folder,))


def _built(folder: str) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    if not os.path.isdir(folder):
        raise UsageError(f"there is no folder {folder}", remedy="correct the path")
    made = build.build(folder, shown=folder, is_cluster_scoped=_is_cluster_scoped)
    return made.entries, made.faults


def _gathered(paths: tuple[str, ...]) -> tuple[tuple[Entry, ...], tuple[Fault, ...]]:
    stdin = sys.stdin.buffer.read() if gathering.STANDARD_INPUT in paths and sys.stdin else None
    found = gathering.gather(paths, stdin=stdin)
    entries, faults = list(found.entries), list(found.faults)
    for folder in found.kustomizations:
        built, told = _built(folder)
        entries.extend(built)
        faults.extend(told)
    if found.charts:
        from mooring.cli import charts

        for folder in found.charts:
            rendered, findings = charts.rendered(folder)
            entries.extend(rendered)
            if findings:
                raise UsageError(findings[0].message, remedy="render it, and name the manifests")
    return tuple(entries), tuple(faults)


def _is_cluster_scoped(api_version: str, kind: str) -> bool:
    return kinds.is_cluster_scoped(kinds.group_kind(api_version, kind))


def _project(manifests: Iterable[dict[str, Any]], folder: str) -> str:
    counts: Counter[str] = Counter()
    for one in manifests:
        labels = fields.labels(fields.at(one, "metadata", "labels"))
        found = labels.get(INSTANCE) or labels.get(PART_OF)
        if found:
            counts[found] += 1
    if counts:
        return min(counts, key=lambda name: (-counts[name], name))
    last = os.path.basename(os.path.abspath("." if folder == "-" else folder))
    stem, suffix = os.path.splitext(last)
    if suffix in (".yaml", ".yml", ".json"):
        last = stem  # Each file its own project: one does not take away what another brought.
    return names.label(last) if last else "manifests"
