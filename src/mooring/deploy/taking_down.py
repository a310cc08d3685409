"""
Takes a deployment away: what was put up last goes first, and data stays unless it is asked for.

Only what the inventory names and what is provably ours is deleted, as in pruning.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from mooring.cluster import errors
from mooring.cluster.changes import KindName
from mooring.deploy import desired as desired_objects
from mooring.deploy import ending, observed, order, pruning, writing
from mooring.deploy.inventory import Inventory
from mooring.deploy.observed import Observed
from mooring.deploy.pruning import Candidate
from mooring.errors import InputErrors
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import ManifestSet

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_AT_ONCE = 16


Groups: TypeAlias = tuple[tuple[Candidate, ...], ...]


class Removal(msgspec.Struct, frozen=True):
    """What is deleted, group after group, and what stays with the reason."""

    groups: Groups
    kept: tuple[Candidate, ...]
    gone: tuple[Candidate, ...]

    @property
    def count(self) -> int:
        """How many objects are deleted."""
        return sum(map(len, self.groups))


def removal(
    inventory: Inventory,
    seen: Observed,
    manifests: Iterable[Manifest],
    *,
    project: str,
    environment: str,
    with_volumes: bool,
) -> Removal:
    """
    Return what is taken away.

    ``manifests`` are those of the last revision: they tell the order.  ``with_volumes`` takes
    claims, volumes and namespaces as well.
    """
    found = pruning.candidates(
        inventory,
        (),
        seen,
        owner=desired_objects.owner_name(project, environment),
        with_protected=with_volumes,
    )
    depths = _depths(ManifestSet(manifests))
    levels: dict[int, list[Candidate]] = {}
    for one in found:
        if not one.kept and not one.is_gone:
            level = depths.get(observed.key(one.ref), _LEAF)
            if one.ref.kind == "Namespace":
                level = -1  # It takes with it all that is left.
            levels.setdefault(level, []).append(one)
    return Removal(
        tuple(tuple(levels[level]) for level in sorted(levels, reverse=True)),
        tuple(one for one in found if one.kept),
        tuple(one for one in found if one.is_gone),
    )


_LEAF = 1_000_000


def _depths(objects: ManifestSet) -> dict[observed.Key, int]:
    """Return how many objects stand below each, along the longest way."""
    try:
        graph = order.order(objects)
    except (order.DependencyCycle, InputErrors):
        return {}
    depths: dict[ObjectRef, int] = {}
    for ref, parents in graph.parents.items():
        depths[ref] = 1 + max((depths[parent] for parent in parents), default=-1)
    return {observed.key(ref): depth for ref, depth in depths.items()}


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """
    How things are taken away.

    ``check`` raises where nothing may be written; ``gone`` is told of each object that is gone,
    ``said`` what is waited for.  ``seconds`` is how long an object, or the pods of a group, may
    take.  ``clock`` is monotonic, ``now`` the time in seconds since 1970.
    """

    check: Callable[[], None]
    gone: Callable[[ObjectRef], None]
    said: Callable[[str], None]
    seconds: float
    clock: Callable[[], float]
    now: Callable[[], float]


async def take_away(client: "Client", groups: Groups, way: Way) -> None:
    """
    Delete ``groups``, one after the other, each once the pods of the one before have ended.

    Raises:
        Refusal: something is not gone in time, or may not be deleted.
    """
    for group in groups:
        pods = await _pods_of(client, group)
        for begin in range(0, len(group), _AT_ONCE):
            await asyncio.gather(
                *(_one(client, candidate, way) for candidate in group[begin : begin + _AT_ONCE])
            )
        await _until_ended(client, pods, way)


async def ended(client: "Client", gone: Iterable[Candidate], way: Way) -> None:
    """
    Return once the pods of what is ``gone`` already have ended, too.

    Raises:
        Refusal: they do not in time.
    """
    await _until_ended(client, await _pods_of(client, gone), way)


async def _pods_of(client: "Client", group: Iterable[Candidate]) -> dict[str, ObjectRef] | None:
    return await ending.pods_of(
        client, {candidate.ref: candidate.uid for candidate in group if candidate.uid}
    )


async def _until_ended(client: "Client", pods: dict[str, ObjectRef] | None, way: Way) -> None:
    if pods is None:
        way.said("whether the pods have ended is not known: we may not list them")
    elif pods:
        await ending.until_ended(
            client, pods, seconds=way.seconds, told=way.said, clock=way.clock, now=way.now
        )


async def _one(client: "Client", candidate: Candidate, way: Way) -> None:
    ref = candidate.ref
    try:
        await writing.delete(
            client, ref, uid=candidate.uid, check=way.check, gone_seconds=way.seconds
        )
    except writing.Refusal as refusal:
        raise writing.Refusal(refusal.reason, f"{ref.kind}/{ref.name}: {refusal}") from refusal
    way.gone(ref)


async def claims_of(client: "Client", seen: Observed) -> tuple[ObjectRef, ...]:
    """Return the claims that StatefulSets among what was ``seen`` have made for their pods."""
    found: list[ObjectRef] = []
    for live in seen.live.values():
        if live.get("kind") != "StatefulSet":
            continue
        namespace = fields.text(fields.at(live, "metadata", "namespace"))
        name = fields.text(fields.at(live, "metadata", "name")) or ""
        stems = [
            f"{fields.text(fields.at(one, 'metadata', 'name'))}-{name}-"
            for _, one in fields.mappings(fields.at(live, "spec", "volumeClaimTemplates"))
        ]
        if not stems:
            continue
        kind = KindName("v1", kinds.CLAIM.kind)
        for claim in (await client.list(kind, namespace=namespace, metadata_only=True)).items:
            called = fields.text(fields.at(claim, "metadata", "name")) or ""
            stem = called.rstrip("0123456789")
            if stem in stems and stem != called:
                found.append(ObjectRef("v1", kinds.CLAIM.kind, called, namespace))
    return tuple(dict.fromkeys(found))


async def swept_with(
    client: "Client", removal: Removal, told: Iterable[ObjectRef]
) -> tuple[ObjectRef, ...]:
    """
    Return the claims that go with the namespaces of ``removal``, but those that are ``told``.

    They may be left from before, or somebody else's; where we may not look there are none.
    """
    known = {*told, *(candidate.ref for group in removal.groups for candidate in group)}
    found: list[ObjectRef] = []
    for ref in sorted(known):
        if ref.kind != kinds.NAMESPACE.kind:
            continue
        kind = KindName("v1", kinds.CLAIM.kind)
        try:
            listing = await client.list(kind, namespace=ref.name, metadata_only=True)
        except errors.Forbidden:
            continue
        names = (fields.text(fields.at(one, "metadata", "name")) or "" for one in listing.items)
        claims = (ObjectRef("v1", kinds.CLAIM.kind, name, ref.name) for name in names)
        found.extend(claim for claim in claims if claim not in known)
    return tuple(found)
