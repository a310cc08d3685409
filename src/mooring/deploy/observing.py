"""Looks at what is there: one list for each kind and namespace, never a request for each object."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from mooring.cluster import errors
from mooring.cluster.changes import KindName
from mooring.deploy import observed
from mooring.deploy.observed import Key, Observed
from mooring.refs import ObjectRef
from mooring.semantics import kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_MOST_NAMESPACES = 8
"""With more of them, a kind is listed in all namespaces at once."""


async def observe(client: "Client", refs: Iterable[ObjectRef]) -> Observed:
    """
    Return the live objects of the kinds and namespaces of ``refs``.

    Of a kind the version that comes first is asked for.  Objects outside of namespaces are got one
    by one: they are few, and a list of all is often not ours to see.

    Raises:
        ClusterError: the cluster cannot be reached.
    """
    wanted: dict[GroupKind, tuple[KindName, list[ObjectRef]]] = {}
    for ref in refs:
        kind = kinds.group_kind(ref.api_version, ref.kind)
        wanted.setdefault(kind, (KindName(ref.api_version, ref.kind), []))[1].append(ref)
    looked = _Looked()
    async with asyncio.TaskGroup() as group:
        for kind, (name, found) in wanted.items():
            in_cluster = [ref for ref in found if ref.namespace is None]
            if in_cluster:
                group.create_task(_one_by_one(client, kind, in_cluster, looked))
            namespaces = sorted({ref.namespace for ref in found if ref.namespace is not None})
            places: list[str | None] = [*namespaces]
            if len(namespaces) > _MOST_NAMESPACES:
                places = [None]
            for namespace in places:
                inside = [ref for ref in found if namespace in (None, ref.namespace)]
                group.create_task(_listed(client, kind, name, namespace, inside, looked))
    return Observed(
        looked.live, frozenset(looked.unserved), frozenset(looked.forbidden), looked.versions
    )


class _Looked:
    """What the tasks of one look gather."""

    def __init__(self) -> None:
        self.live: dict[Key, Manifest] = {}
        self.unserved: set[GroupKind] = set()
        self.forbidden: set[GroupKind] = set()
        self.versions: dict[tuple[str, str, str | None], str] = {}

    def keep(self, live: Manifest) -> None:
        self.live[observed.key(observed.ref_of(live))] = live


async def _listed(
    client: "Client",
    kind: GroupKind,
    name: KindName,
    namespace: str | None,
    refs: list[ObjectRef],
    looked: _Looked,
) -> None:
    try:
        listing = await client.list(name, namespace=namespace)
    except errors.UnknownKind:
        looked.unserved.add(kind)
    except errors.Forbidden:
        # To list may be forbidden where to get is not.
        await _one_by_one(client, kind, refs, looked)
    else:
        looked.versions[name.api_version, name.kind, namespace] = listing.resource_version
        for live in listing.items:
            looked.keep(live)


async def _one_by_one(
    client: "Client", kind: GroupKind, refs: list[ObjectRef], looked: _Looked
) -> None:
    async def get(ref: ObjectRef) -> None:
        try:
            live = await client.get(ref)
        except errors.UnknownKind:
            looked.unserved.add(kind)
        except errors.Forbidden:
            looked.forbidden.add(kind)
        else:
            if live is not None:
                looked.keep(live)

    async with asyncio.TaskGroup() as group:
        for ref in refs:
            group.create_task(get(ref))
