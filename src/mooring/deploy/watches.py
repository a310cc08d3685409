"""
Watches: one for each kind and namespace, opened before the first write, never one for each object.

What they see goes into one queue, in the order in which the server tells it.  A watch that is
open and says nothing cannot be told from one at which nothing happens: `Watches.look_again` lists
what it is about.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from contextlib import aclosing
from typing import TYPE_CHECKING

from mooring.cluster import errors
from mooring.cluster.changes import Change, Event, KindName
from mooring.deploy.observed import Observed
from mooring.errors import ClusterError
from mooring.refs import ObjectRef
from mooring.semantics import kinds
from mooring.semantics.fields import Manifest

if TYPE_CHECKING:
    from mooring.cluster.client import Client

AROUND_PODS = (
    KindName("v1", "Pod"),
    KindName("apps/v1", "ReplicaSet"),
    KindName("v1", "Event"),
)
SLICES = KindName("discovery.k8s.io/v1", "EndpointSlice")

AS_WRITTEN = frozenset(
    {
        "ConfigMap", "Secret", "ServiceAccount", "Role", "RoleBinding", "ClusterRole",
        "ClusterRoleBinding", "NetworkPolicy", "LimitRange", "ResourceQuota", "StorageClass",
        "PriorityClass", "RuntimeClass", "IngressClass", "CronJob", "Ingress",
        "HorizontalPodAutoscaler", "PodDisruptionBudget", "PersistentVolume",
        "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration",
    }
)  # fmt: skip
"""Kinds that are as they were written: nothing happens to them for which we wait."""


class Seen:
    """What a watch tells: an event of a kind in a namespace."""

    __slots__ = ("event", "kind", "namespace")

    def __init__(self, kind: KindName, namespace: str | None, event: Event) -> None:
        self.kind, self.namespace, self.event = kind, namespace, event


class Watches:
    """The watches of one deployment, tasks of ``group``; ``tell`` is called with what is seen."""

    def __init__(
        self, client: "Client", group: asyncio.TaskGroup, tell: Callable[[Seen], None]
    ) -> None:
        self._client, self._group, self._tell = client, group, tell
        self._open: dict[tuple[KindName, str | None], asyncio.Task[None]] = {}
        self._heard: dict[tuple[KindName, str | None], float] = {}
        self._looking: asyncio.Task[None] | None = None
        self.blind: dict[KindName, str] = {}
        """Kinds that may not be watched, and what the server says of it."""

    async def open_for(self, refs: Iterable[ObjectRef], seen: Observed) -> list[Manifest]:
        """
        Watch what changes about ``refs``, from ``seen`` on; return what else is there now.

        The pods, ReplicaSets, events and EndpointSlices around them are listed and watched, too.
        """
        wanted: dict[tuple[KindName, str | None], str | None] = {}
        for ref in refs:
            kind = kinds.group_kind(ref.api_version, ref.kind)
            if ref.kind in AS_WRITTEN or kind in seen.unserved:
                continue
            name = KindName(ref.api_version, ref.kind)
            version = seen.versions.get((ref.api_version, ref.kind, ref.namespace))
            wanted.setdefault((name, ref.namespace), version)
            if kinds.pod_path(kind) is not None:
                for around in AROUND_PODS:
                    wanted.setdefault((around, ref.namespace), None)
            if kind == kinds.SERVICE:
                wanted.setdefault((SLICES, ref.namespace), None)
        found: list[Manifest] = []

        async def one(name: KindName, namespace: str | None, version: str | None) -> None:
            if (name, namespace) in self._open:
                return
            try:
                if version is None:
                    listing = await self._client.list(name, namespace=namespace)
                    found.extend(listing.items)
                    version = listing.resource_version
            except (errors.Forbidden, errors.UnknownKind) as error:
                self.blind[name] = error.message
                return
            task = self._group.create_task(self._watch(name, namespace, version))
            self._open[name, namespace] = task
            self._heard[name, namespace] = _now()

        async with asyncio.TaskGroup() as group:
            for (name, namespace), version in wanted.items():
                group.create_task(one(name, namespace, version))
        return found

    def close(self) -> None:
        """End all watches."""
        for task in (*self._open.values(), self._looking):
            if task is not None:
                task.cancel()

    def look_again(self, namespaces: Collection[str | None], *, silent_seconds: float) -> None:
        """Have listed anew, beside all else, what was silent for so long in ``namespaces``."""
        if self._looking is not None and not self._looking.done():
            return
        latest = _now() - silent_seconds
        silent = [
            place
            for place, heard in self._heard.items()
            if heard <= latest and place[1] in namespaces and place[0] not in self.blind
        ]
        if silent:
            self._looking = self._group.create_task(self._list(silent))

    async def _list(self, places: list[tuple[KindName, str | None]]) -> None:
        for kind, namespace in places:
            try:
                listing = await self._client.list(kind, namespace=namespace)
            except ClusterError:
                continue  # What is heard of it by other ways has to do.
            self._tell(Seen(kind, namespace, Event(Change.RELISTED, listing=listing)))

    async def _watch(self, kind: KindName, namespace: str | None, version: str) -> None:
        while True:
            try:
                events = self._client.watch(kind, since=version, namespace=namespace)
                async with aclosing(events) as stream:  # type: ignore[type-var]
                    async for event in stream:
                        self._heard[kind, namespace] = _now()
                        self._tell(Seen(kind, namespace, event))
                        version = _version(event) or version
            except errors.Forbidden as error:
                self.blind[kind] = error.message
                return
            except ClusterError:
                # The watch tried again for long; so do we, from a new list.
                await asyncio.sleep(1)
                try:
                    listing = await self._client.list(kind, namespace=namespace)
                except ClusterError:
                    continue
                version = listing.resource_version
                self._tell(Seen(kind, namespace, Event(Change.RELISTED, listing=listing)))


def _now() -> float:
    return asyncio.get_running_loop().time()


def _version(event: Event) -> str:
    if event.listing is not None:
        return event.listing.resource_version
    metadata = event.item.get("metadata")
    return str(metadata.get("resourceVersion") or "") if isinstance(metadata, dict) else ""
