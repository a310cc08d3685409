"""
Takes a deployment away: what was put up last goes first, and data stays unless it is asked for.

Only what the inventory names and what is provably ours is deleted, as in pruning.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import msgspec

from mooring.cluster.changes import KindName
from mooring.deploy import desired as desired_objects
from mooring.deploy import observed, order, pruning, writing
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


class Removal(msgspec.Struct, frozen=True):
    """What is deleted, group after group, and what stays with the reason."""

    groups: tuple[tuple[Candidate, ...], ...]
    kept: tuple[Candidate, ...]
    gone: tuple[ObjectRef, ...]

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
        tuple(one.ref for one in found if one.is_gone),
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


async def take_away(
    client: "Client",
    wanted: Removal,
    *,
    check: Callable[[], None],
    told: Callable[[ObjectRef], None],
    seconds: float,
) -> None:
    """
    Delete what is ``wanted`` and return once all of it is gone.

    Raises:
        Refusal: something is not gone in time, or may not be deleted.
    """
    for group in wanted.groups:
        for begin in range(0, len(group), _AT_ONCE):
            await asyncio.gather(
                *(
                    _one(client, candidate, check, told, seconds)
                    for candidate in group[begin : begin + _AT_ONCE]
                )
            )


async def _one(
    client: "Client",
    candidate: Candidate,
    check: Callable[[], None],
    told: Callable[[ObjectRef], None],
    seconds: float,
) -> None:
    await writing.delete(
        client, candidate.ref, uid=candidate.uid, check=check, gone_seconds=seconds
    )
    told(candidate.ref)


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
