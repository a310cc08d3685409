"""
How migrations are undone on the way back to an earlier revision.

A Job that says how it is undone (`kube.labels.WAY_BACK`) is followed back by a Job of its own: the
same pod with another command, made from the revision that ran it, newest first.  It runs before
anything of the earlier revision is written, so it finds settings and data as they were left.  What
it undid counts as not done, so that the way forward runs it again.  Whatever Job ran since and does
not say how it is undone is a question for a person.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from mooring.deploy import plan as planning
from mooring.deploy.inventory import Inventory
from mooring.deploy.journal import Revision
from mooring.deploy.order import Gate, Graph
from mooring.kube.labels import DEPENDS_ON, WAY_BACK
from mooring.kube.names import label
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import Item, ManifestSet

UNDOES = "mooring.dev/undoes"
"""Annotation of a Job on the way back: its place among them, a slash, and the Job it undoes."""


_WORDS = ("command", "args")


class Back(msgspec.Struct, frozen=True):
    """
    What the way back takes.

    ``jobs`` run in this order, ``left`` are the names of Jobs that nothing undoes.
    """

    jobs: tuple[dict[str, Any], ...] = ()
    left: tuple[str, ...] = ()

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """The name of each of ``jobs``, and of the Job that it undoes."""
        return tuple(
            (one["metadata"]["name"], one["metadata"]["annotations"][UNDOES].partition("/")[2])
            for one in self.jobs
        )


def back(
    history: Iterable[tuple[Revision, Sequence[Manifest] | None]],
    wanted: Revision,
    inventory: Inventory,
    *,
    number: int,
) -> Back:
    """
    Return what undoes the Jobs that have run since ``wanted``, the newest first.

    ``history`` has the revisions, the oldest first, with their objects, None where they are not
    kept.  ``number`` is that of the revision to come.
    """
    ran: dict[tuple[ObjectRef, str], Item] = {}
    then: frozenset[tuple[ObjectRef, str]] = frozenset()
    left: list[str] = []
    for revision, objects in history:
        if objects is None and revision.number > wanted.number:
            left.extend(name for name in revision.jobs if name not in wanted.jobs)
        for item in _jobs(objects or ()):
            if not _undoes(item):
                ran.setdefault((item.ref, _digest(item)), item)
            elif inventory.has_done(item.ref, _digest(item)):
                ran = {key: one for key, one in ran.items() if key[0].name != _undoes(item)}
        if revision.number == wanted.number:
            then = frozenset(ran)
    jobs: list[dict[str, Any]] = []
    for (ref, digest), item in reversed(ran.items()):
        if (ref, digest) in then:
            continue
        entry = inventory.get(ref)
        is_done = inventory.has_done(ref, digest)
        if is_done and WAY_BACK in item.annotations:
            jobs.append(_job(item, place=len(jobs), number=number))
        elif is_done or entry is None or entry.uid:
            left.append(ref.name)
    return Back(tuple(jobs), tuple(dict.fromkeys(left)))


def _jobs(objects: Sequence[Manifest]) -> list[Item]:
    return list(ManifestSet(objects, namespace=None).of_kind(kinds.JOB))


def _digest(item: Item) -> str:
    return planning.fingerprint(item.manifest, item.ref)


def _job(item: Item, *, place: int, number: int) -> dict[str, Any]:
    """Return the Job that undoes ``item``."""
    metadata = fields.mapping(item.manifest.get("metadata"))
    notes = {
        key: value for key, value in item.annotations.items() if key not in (WAY_BACK, DEPENDS_ON)
    }
    spec = fields.mapping(item.manifest.get("spec"))
    template = fields.mapping(spec.get("template"))
    pod = fields.mapping(template.get("spec"))
    first, *others = fields.items(pod.get("containers"))
    said = msgspec.json.decode(item.annotations[WAY_BACK], type=dict[str, list[str]])
    container: dict[str, Any] = {**fields.mapping(first), **dict.fromkeys(_WORDS), **said}
    containers = [{key: one for key, one in container.items() if one is not None}]
    return {
        **item.manifest,
        "metadata": {
            **metadata,
            "name": label(f"{item.ref.name}-back-{number}"),
            "annotations": {**notes, UNDOES: f"{place}/{item.ref.name}"},
        },
        "spec": {
            **spec,
            "template": {**template, "spec": {**pod, "containers": [*containers, *others]}},
        },
    }


def _undoes(item: Item) -> str:
    """Return the name of the Job that ``item`` undoes; empty where it is no way back."""
    return item.annotations.get(UNDOES, "").partition("/")[2]


def undone(objects: ManifestSet) -> Mapping[ObjectRef, ObjectRef]:
    """Return the Jobs on the way back among ``objects``, and the Job that each undoes."""
    return {
        item.ref: msgspec.structs.replace(item.ref, name=name)
        for item in objects.of_kind(kinds.JOB)
        if (name := _undoes(item))
    }


def first(graph: Graph, objects: ManifestSet) -> Graph:
    """Return ``graph`` in which all but namespaces waits until the ways back are gone."""
    ways = sorted(
        (item for item in objects.of_kind(kinds.JOB) if _undoes(item)),
        key=lambda item: int(item.annotations[UNDOES].partition("/")[0]),
    )
    if not ways:
        return graph
    spaces = [ref for ref in graph.parents if ref.kind == "Namespace"]
    parents = {ref: graph.parents[ref] for ref in spaces}
    before: dict[ObjectRef, Gate] = dict.fromkeys(spaces, Gate.EXISTS)
    for item in ways:
        # What it reads is there, as the newer revision left it.
        parents[item.ref] = before
        before = {item.ref: Gate.READY}
    implied = frozenset(parents)
    for ref, own in graph.parents.items():
        if ref not in implied:
            kept = {parent: gate for parent, gate in own.items() if parent not in implied}
            parents[ref] = {**kept, **before}
    return Graph(parents, graph.declared)
