"""
A client of the fake server's store without the network between: for runs by the thousand.

Every write is counted, and the process can be "killed" before or after any of them: from then on
nothing gets out any more, as if there were no process.  The controllers step while the client
waits.
"""

import asyncio
import contextlib
import copy
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.fake_api import FakeApi
from tests.fake_api.kinds import Kind
from tests.fake_api.selectors import matches
from tests.fake_api.statuses import Refusal, not_found
from tests.fake_api.store import Entry, Key

from mooring.cluster import refusals
from mooring.cluster.changes import Change, Event, KindName, Listing
from mooring.cluster.client import FIELD_MANAGER, Answer, Client
from mooring.cluster.errors import Forbidden, UnknownKind
from mooring.cluster.execution import Reached
from mooring.refs import ObjectRef

Manifest = dict[str, Any]
_CHANGES = {"ADDED": Change.ADDED, "MODIFIED": Change.MODIFIED, "DELETED": Change.DELETED}


class Killed(BaseException):
    """The process is gone."""


class InProcess(Client):
    """
    Asks and writes to ``fake``, which need not be started.

    ``kill_at`` is the number of the write (from 1) at which the process ends, ``after`` whether
    that write is done.  ``before_write`` is called with the number before each write.
    """

    def __init__(
        self,
        fake: FakeApi,
        *,
        kill_at: int | None = None,
        after: bool = False,
        before_write: Callable[[int, str, Key], None] = lambda *_: None,
        namespace: str = "default",
    ) -> None:
        self.fake = fake
        self.namespace = namespace
        self.writes: list[tuple[str, Key]] = []
        self.is_killed = False
        self.unwatchable: frozenset[str] = frozenset()
        """Kinds that this client may get and not list or watch."""
        self._kill_at, self._after = kill_at, after
        self._before_write = before_write

    # Reading.

    async def get(self, ref: ObjectRef) -> Manifest | None:
        kind, key = await self._place(ref)
        found = self.fake.store.get(key)
        return self._out(kind, found) if found is not None else None

    async def list(
        self,
        kind: KindName,
        *,
        namespace: str | None = None,
        labels: str | None = None,
        metadata_only: bool = False,
    ) -> Listing:
        found = await self._kind(kind)
        if kind.kind in self.unwatchable:
            raise Forbidden(f"{kind.kind} may not be listed", code=403)
        place = namespace if found.is_namespaced else None
        items = [
            self._out(found, one)
            for one in self.fake.store.of(found.group, found.plural, place)
            if labels is None or matches(labels, one["metadata"].get("labels") or {})
        ]
        return Listing(tuple(items), str(self.fake.store.version))

    async def watch(  # type: ignore[override]
        self,
        kind: KindName,
        *,
        since: str,
        namespace: str | None = None,
        labels: str | None = None,
        metadata_only: bool = False,
    ) -> AsyncIterator[Event]:
        found = await self._kind(kind)
        queue: asyncio.Queue[Entry] = asyncio.Queue()
        for entry in self.fake.store.since(int(since)):
            queue.put_nowait(entry)
        self.fake.store.listeners.append(queue.put_nowait)
        try:
            while True:
                entry = await queue.get()
                self._alive()
                is_of_kind = (entry.key.group, entry.key.plural) == (found.group, found.plural)
                if is_of_kind and namespace in (None, entry.key.namespace):
                    yield Event(_CHANGES[entry.change], self._out(found, entry.item))
        finally:
            self.fake.store.listeners.remove(queue.put_nowait)

    async def serves(self, kind: KindName, *, anew: bool = False) -> bool:
        try:
            self.fake.store.kinds(looked=True)
            await self._kind(kind)
        except UnknownKind:
            return False
        return True

    async def is_namespaced(self, kind: KindName) -> bool:
        return (await self._kind(kind)).is_namespaced

    async def logs(
        self, pod: ObjectRef, container: str, *, previous: bool = False, tail: int | None = None
    ) -> str:
        self._alive()
        return "a line of the log"

    async def proxy_get(self, service: ObjectRef, port: Any, path: str = "/", **_: Any) -> Answer:
        self._alive()
        return Answer(200, b"")

    async def reach(self, pod: ObjectRef, port: int, **_: Any) -> Reached:
        self._alive()
        return Reached(accepts=True)

    # Writing.

    async def apply(
        self,
        manifest: Any,
        *,
        dry_run: bool = False,
        force: bool = False,
        check: Callable[[], None] | None = None,
    ) -> Manifest:
        kind, key = await self._place(_ref(manifest))
        if check is not None:
            check()
        sent = copy.deepcopy(dict(manifest))
        with self._writing("apply", key, dry_run), _told():
            item, _ = self.fake.store.apply(
                kind, key, sent, FIELD_MANAGER, force=force, dry_run=dry_run
            )
        return self._out(kind, item)

    async def create(self, manifest: Any, *, dry_run: bool = False) -> Manifest:
        kind, key = await self._place(_ref(manifest))
        sent = copy.deepcopy(dict(manifest))
        with self._writing("create", key, dry_run), _told():
            item = self.fake.store.create(kind, key, sent, FIELD_MANAGER, dry_run=dry_run)
        return self._out(kind, item)

    async def replace(self, manifest: Any, *, dry_run: bool = False) -> Manifest:
        kind, key = await self._place(_ref(manifest))
        sent = copy.deepcopy(dict(manifest))
        with self._writing("replace", key, dry_run), _told():
            item = self.fake.store.replace(kind, key, sent, FIELD_MANAGER, dry_run=dry_run)
        return self._out(kind, item)

    async def delete(
        self,
        ref: ObjectRef,
        *,
        uid: str | None = None,
        propagation: str = "Background",
        dry_run: bool = False,
        check: Callable[[], None] | None = None,
    ) -> bool:
        kind, key = await self._place(ref)
        if check is not None:
            check()
        options: Manifest = {"propagationPolicy": propagation}
        if uid:
            options["preconditions"] = {"uid": uid}
        with self._writing("delete", key, dry_run):
            if self.fake.store.get(key) is None:
                return False
            with _told():
                self.fake.store.delete(kind, key, options, dry_run=dry_run)
        return True

    # The process.

    @contextmanager
    def _writing(self, verb: str, key: Key, dry_run: bool) -> Iterator[None]:
        self._alive()
        if dry_run:
            yield
            return
        self.writes.append((verb, key))
        number = len(self.writes)
        self._before_write(number, verb, key)
        if number == self._kill_at and not self._after:
            self.is_killed = True
            raise Killed
        yield
        if number == self._kill_at:
            self.is_killed = True
            raise Killed

    def _alive(self) -> None:
        if self.is_killed:
            raise Killed

    async def _place(self, ref: ObjectRef) -> tuple[Kind, Key]:
        kind = await self._kind(KindName(ref.api_version, ref.kind))
        namespace = (ref.namespace or self.namespace) if kind.is_namespaced else ""
        return kind, Key(kind.group, kind.plural, namespace, ref.name)

    async def _kind(self, name: KindName) -> Kind:
        await asyncio.sleep(0)
        self._alive()
        for kind in self.fake.store.kinds():
            if (kind.api_version, kind.kind) == (name.api_version, name.kind):
                return kind
        raise UnknownKind(f"the server serves no {name.kind}", code=404)

    def _out(self, kind: Kind, item: Manifest) -> Manifest:
        return {**copy.deepcopy(item), "apiVersion": kind.api_version, "kind": kind.kind}


@contextmanager
def _told() -> Iterator[None]:
    """Raise a refusal of the store as the client tells it."""
    try:
        yield
    except Refusal as refusal:
        body = json.dumps(refusal.status).encode()
        raise refusals.refusal(refusal.code, body) from refusal


def _ref(manifest: Any) -> ObjectRef:
    metadata = manifest["metadata"]
    return ObjectRef(
        manifest["apiVersion"], manifest["kind"], metadata["name"], metadata.get("namespace")
    )


@contextlib.asynccontextmanager
async def stepping(fake: FakeApi) -> AsyncIterator[None]:
    """Let the controllers of ``fake`` step while the block runs."""

    async def step() -> None:
        while True:
            fake.controllers.tick()
            await asyncio.sleep(0.001)

    task = asyncio.create_task(step())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


__all__ = ["InProcess", "Killed", "not_found", "stepping"]
