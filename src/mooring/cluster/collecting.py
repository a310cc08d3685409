"""
Everything that was declared in a cluster, or in one namespace of it, and what could not be read.

Of pods, ReplicaSets and endpoints only those are read that no controller made: the others are
found by their metadata, which is a small part of them.  What we may not see is part of the answer:
where it is missing nothing may be said of it.
"""

import asyncio
from typing import Final

import msgspec

from mooring.cluster.changes import KindName, Listing, Manifest
from mooring.cluster.client import Client
from mooring.cluster.errors import Forbidden, Invalid, NotFound, Refused, ServerFault
from mooring.facts import declared, said
from mooring.refs import ObjectRef
from mooring.semantics import kinds
from mooring.semantics.kinds import GroupKind

_NUMEROUS: Final = frozenset(
    {
        kinds.POD,
        kinds.REPLICA_SET,
        GroupKind("", "Endpoints"),
        GroupKind("discovery.k8s.io", "EndpointSlice"),
    }
)
"""Kinds of which controllers make by far the most objects."""


class Unread(msgspec.Struct, frozen=True, order=True):
    """A kind that could not be read, or only in part, and why."""

    kind: str
    reason: str


class Collected(msgspec.Struct, frozen=True):
    """
    What a cluster holds: objects as the server gives them, and what of it could not be read.

    ``made`` counts the pods and ReplicaSets that controllers made; they are not among ``objects``.
    """

    objects: tuple[Manifest, ...]
    unread: tuple[Unread, ...]
    version: str
    made: int = 0


async def collected(client: Client, *, namespace: str | None) -> Collected:
    """
    Return all objects that can be declared, of all namespaces unless one is named.

    Raises:
        Unreachable, Unauthorized: nothing can be read.
    """
    version = await client.version()
    served = [
        one for one in await client.kinds() if _group_kind(one) not in declared.RUN_TIME_KINDS
    ]
    found = await asyncio.gather(*(_of_kind(client, kind, namespace) for kind in served))
    objects = [item for one in found for item in one.objects]
    unread = [item for one in found for item in one.unread]
    unread += [Unread(one, "the server behind it does not answer") for one in await client.silent()]
    return Collected(tuple(objects), tuple(sorted(unread)), version, sum(one.made for one in found))


async def _of_kind(client: Client, kind: KindName, namespace: str | None) -> Collected:
    is_numerous = _group_kind(kind) in _NUMEROUS
    unread: tuple[Unread, ...] = ()
    try:
        listing = await client.list(kind, namespace=namespace, metadata_only=is_numerous)
    except Forbidden as error:
        narrower = None
        if namespace is None and await client.is_namespaced(kind):
            narrower = await _narrower(client, kind, is_numerous=is_numerous)
        if narrower is None:
            return Collected((), (Unread(kind.kind, _why(error)),), "")
        listing = narrower
        unread = (Unread(kind.kind, f"only those of the namespace {client.namespace}"),)
    except (NotFound, Invalid):
        return Collected((), (), "")  # gone meanwhile, or not meant to be listed
    except ServerFault as error:
        return Collected((), (Unread(kind.kind, _why(error)),), "")
    if not is_numerous:
        return Collected(listing.items, unread, "")
    own = [item for item in listing.items if not _is_made(item)]
    whole = await asyncio.gather(*(client.get(_ref(kind, item)) for item in own))
    objects = tuple(item for item in whole if item is not None)
    return Collected(objects, unread, "", len(listing.items) - len(own))


async def _narrower(client: Client, kind: KindName, *, is_numerous: bool) -> Listing | None:
    try:
        return await client.list(kind, namespace=client.namespace, metadata_only=is_numerous)
    except Refused:
        return None


def _why(error: Refused) -> str:
    return "not allowed" if isinstance(error, Forbidden) else error.message


def _is_made(item: Manifest) -> bool:
    owners = item["metadata"].get("ownerReferences") or ()
    return any(one.get("controller") is True for one in owners) or said.is_made_by_cluster(item)


def _group_kind(kind: KindName) -> GroupKind:
    return kinds.group_kind(kind.api_version, kind.kind)


def _ref(kind: KindName, item: Manifest) -> ObjectRef:
    metadata = item["metadata"]
    return ObjectRef(kind.api_version, kind.kind, metadata["name"], metadata.get("namespace"))
