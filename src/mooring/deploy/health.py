"""
The health of everything that was deployed, at one moment: a verdict on each object.

Pods, ReplicaSets, events and EndpointSlices are listed once for each namespace; what may not be
listed is left out, and said.
"""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

import msgspec

from mooring.cluster import errors
from mooring.cluster.changes import KindName
from mooring.deploy import observed, watches
from mooring.deploy.observed import Observed
from mooring.deploy.view import View
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.readiness import judging
from mooring.semantics.readiness.around import Budget
from mooring.semantics.readiness.claim import WAITS_FOR_POD
from mooring.semantics.readiness.verdicts import Verdict, current

if TYPE_CHECKING:
    from mooring.cluster.client import Client


class Health(msgspec.Struct, frozen=True):
    """The verdicts by ref, what was seen around the objects, and the kinds that were not seen."""

    verdicts: dict[ObjectRef, Verdict]
    view: View
    unseen: tuple[str, ...] = ()

    @property
    def unready(self) -> dict[ObjectRef, Verdict]:
        """What is not current."""
        return {ref: one for ref, one in self.verdicts.items() if not one.is_current}


async def health(
    client: "Client",
    refs: Iterable[ObjectRef],
    seen: Observed,
    *,
    now: float,
    done: Iterable[ObjectRef] = (),
) -> Health:
    """
    Return the health of ``refs``, which were ``seen``, at the time ``now``.

    ``done`` are Jobs that completed: they may be gone.
    """
    wanted = tuple(refs)
    view, unseen = await _around(client, wanted, seen)
    completed = {observed.key(ref) for ref in done}
    verdicts: dict[ObjectRef, Verdict] = {}
    for ref in wanted:
        live = view.get(ref)
        if live is None:
            is_done = observed.key(ref) in completed
            verdicts[ref] = current("it completed") if is_done else judging.judged(None)
            continue
        replicas = None
        is_seen = watches.SLICES.kind not in unseen
        if ref.kind == "Service" and is_seen:
            replicas = view.backing_replicas(live)
        around = view.around(
            live,
            now=now,
            budget=Budget(),
            binding_mode=WAITS_FOR_POD,
            backing_replicas=replicas,
            is_seen=is_seen,
        )
        verdicts[ref] = judging.judged(live, around)
    return Health(verdicts, view, unseen)


async def _around(
    client: "Client", refs: tuple[ObjectRef, ...], seen: Observed
) -> tuple[View, tuple[str, ...]]:
    view = View(seen.live.values())
    wanted: set[tuple[KindName, str]] = set()
    for ref in refs:
        kind = kinds.group_kind(ref.api_version, ref.kind)
        if ref.namespace is None:
            continue
        if kinds.pod_path(kind) is not None:
            wanted.update((one, ref.namespace) for one in watches.AROUND_PODS)
        if kind == kinds.SERVICE:
            wanted.add((watches.SLICES, ref.namespace))
    unseen: set[str] = set()

    async def one(name: KindName, namespace: str) -> None:
        try:
            listing = await client.list(name, namespace=namespace)
        except (errors.Forbidden, errors.UnknownKind):
            unseen.add(name.kind)
            return
        for live in listing.items:
            view.see(live)

    async with asyncio.TaskGroup() as group:
        for name, namespace in sorted(wanted):
            group.create_task(one(name, namespace))
    return view, tuple(sorted(unseen))


def pods_of(view: View, ref: ObjectRef) -> tuple[str, ...]:
    """Return the names of the pods of ``ref``."""
    live = view.get(ref)
    if live is None:
        return ()
    return tuple(
        fields.text(fields.at(pod, "metadata", "name")) or "" for pod in view.pods_of(live)
    )
