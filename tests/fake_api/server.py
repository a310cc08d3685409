"""
The HTTP face of the fake server, on a thread of its own.

Served: both discoveries, `/version`, `/readyz`; get, list (pages, label selectors, metadata only),
watch (bookmarks, 410), server-side apply, merge patch, create, replace, delete, `status`; pod logs;
the service proxy (what `proxied` says), exec (`command`) and port-forward (`forwards`).  Not
served: field selectors other than by equality, deletecollection, scale, authorisation (script a
403).
"""

import asyncio
import copy
import json
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl

from aiohttp import web
from tests.fake_api import kinds, sockets
from tests.fake_api.behaviour import Behaviour
from tests.fake_api.controllers import Controllers
from tests.fake_api.faults import Fault, On, Script, What
from tests.fake_api.kinds import Kind
from tests.fake_api.seen import Seen
from tests.fake_api.selectors import matches
from tests.fake_api.sockets import Command
from tests.fake_api.statuses import Refusal, expired, no_such_path, not_found
from tests.fake_api.store import Entry, Key, Manifest, Store

TLS = Path(__file__).parent / "tls"
TOKEN = "token-of-the-fake"
VERSION = "v1.36.3"
_BOOKMARK_SECONDS = 1.0
_HANG_SECONDS = 3600.0


class FakeApi:
    """
    The server, listening on loopback inside a `with` block; everything public is thread-safe.

    ``tick_seconds`` lets its controllers step by themselves, None only when `tick` is called.
    ``delay_seconds`` is added to each way of each request.  ``tls`` off makes it plain HTTP.
    """

    def __init__(
        self,
        *,
        tls: bool = True,
        tick_seconds: float | None = 0.02,
        delay_seconds: float = 0.0,
        aggregated: bool = True,
        namespaces: tuple[str, ...] = ("default",),
    ) -> None:
        self.lock = threading.RLock()
        self.store = Store(time.time)
        self.controllers = Controllers(self.store)
        self.script = Script()
        self.delay_seconds = delay_seconds
        self.tokens = {TOKEN}
        self.seen: list[Seen] = []
        self.proxied: dict[str, tuple[int, bytes]] = {}
        """`namespace/name:port/path` -> what a Service answers."""
        self.command: Command = lambda words, stdin: (0, b"", b"")
        """What a command in a container does."""
        self.forwards: dict[int, int] = {}
        """Ports of pods, and the ports of this machine that stand for them."""
        self.is_aggregated = aggregated
        self.bookmark_seconds = _BOOKMARK_SECONDS
        self._in_flight = 0
        self.peak_in_flight = 0
        self._tls = tls
        self._tick_seconds = tick_seconds
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._started = threading.Event()
        self._stop: asyncio.Event | None = None
        self._error: BaseException | None = None
        self.port = 0
        for name in namespaces:
            self.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}})

    # Scripting.

    def behave(self, workload: str, behaviour: Behaviour) -> None:
        """Let the pods of workloads that match the glob behave so."""
        with self.lock:
            self.controllers.behave(workload, behaviour)

    def fail(self, on: On, fault: Fault) -> None:
        """Let ``fault`` happen to the requests ``on``."""
        with self.lock:
            self.script.add(on, fault)

    def tick(self, times: int = 1) -> None:
        """Let the controllers take steps."""
        with self.lock:
            for _ in range(times):
                self.controllers.tick()

    def put(self, item: Manifest, *, manager: str = "somebody") -> Manifest:
        """Create or replace an object, as somebody else does; return it."""
        with self.lock:
            kind, key = self._place(item)
            live = self.store.get(key)
            if live is None:
                return self.store.create(kind, key, item, manager, dry_run=False)
            return self.store.replace(kind, key, item, manager)

    def edit(
        self,
        kind: str,
        namespace: str,
        name: str,
        change: Callable[[Manifest], None],
        *,
        manager: str = "kubectl-edit",
    ) -> Manifest:
        """Change an object in place, as somebody else does; what changed is theirs."""
        with self.lock:
            found, key = self._named(kind, namespace, name)
            item = copy.deepcopy(self._existing(found, key))
            change(item)
            return self.store.replace(found, key, item, manager)

    def get(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """Return an object, or None; ``namespace`` is "" for kinds without."""
        with self.lock:
            _, key = self._named(kind, namespace, name)
            return copy.deepcopy(self.store.get(key))

    def all(self, kind: str, namespace: str | None = None) -> list[Manifest]:
        """Return the objects of a kind."""
        with self.lock:
            found = self._kind(kind)
            return copy.deepcopy(self.store.of(found.group, found.plural, namespace))

    def drop(self, kind: str, namespace: str, name: str) -> None:
        """Let an object disappear at once, whatever holds it."""
        with self.lock:
            self.store.remove(self._named(kind, namespace, name)[1])

    def recreate(self, kind: str, namespace: str, name: str) -> Manifest:
        """Delete an object and make it again, with another UID."""
        with self.lock:
            found, key = self._named(kind, namespace, name)
            item = copy.deepcopy(self._existing(found, key))
            self.store.remove(key)
            metadata = {
                one: item["metadata"][one]
                for one in ("name", "namespace", "labels", "annotations")
                if one in item["metadata"]
            }
            item.pop("status", None)
            return self.store.create(
                found, key, {**item, "metadata": metadata}, "somebody", dry_run=False
            )

    def saved(self) -> object:
        """Return everything that there is, for `restore`."""
        with self.lock:
            listeners, self.store.listeners = self.store.listeners, []
            try:
                return copy.deepcopy((self.store, self.controllers))
            finally:
                self.store.listeners = listeners

    def restore(self, saved: object) -> None:
        """Be as it was when ``saved`` was returned, with nothing seen and nothing scripted."""
        with self.lock:
            assert isinstance(saved, tuple)
            self.store, self.controllers = copy.deepcopy(saved)
            self.script.clear()
            self.seen = []
            self.peak_in_flight = 0

    def forget_history(self) -> None:
        """Let every watch and page that continues from before now be told 410."""
        with self.lock:
            self.store.forget_history()

    @property
    def runs(self) -> dict[str, int]:
        """How often the pods of each Job, `namespace/name`, came to their end."""
        with self.lock:
            return dict(self.controllers.runs)

    def requests(self, verb: str | None = None, kind: str | None = None) -> list[Seen]:
        """Return what was seen so far, of a verb ("write" for all that write) and a kind."""
        with self.lock:
            on = On(verb=verb, kind=kind)
            return [one for one in self.seen if on.matches(one)]

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def kubeconfig(self, folder: Path, *, token: str = TOKEN, namespace: str = "default") -> Path:
        """Write a kubeconfig for it into ``folder`` and return its path."""
        cluster: Manifest = {"server": self.url}
        if self._tls:
            cluster["certificate-authority"] = str(TLS / "ca.crt")
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "fake",
            "clusters": [{"name": "fake", "cluster": cluster}],
            "users": [{"name": "tester", "user": {"token": token}}],
            "contexts": [
                {
                    "name": "fake",
                    "context": {"cluster": "fake", "user": "tester", "namespace": namespace},
                }
            ],
        }
        path = folder / "kubeconfig"
        path.write_text(json.dumps(config), encoding="utf-8")
        return path

    # Running.

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, name="fake-api", daemon=True)
        self._thread.start()
        self._started.wait(30)
        if self._error is not None:
            raise self._error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._loop is not None
        assert self._stop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            self._error = error
            self._started.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        application = web.Application(client_max_size=2**26)
        application.router.add_route("*", "/{path:.*}", self._handle)
        runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1
        )
        await runner.setup()
        context = None
        if self._tls:
            context = ssl.create_default_context(
                ssl.Purpose.CLIENT_AUTH, cafile=str(TLS / "ca.crt")
            )
            context.load_cert_chain(TLS / "server.crt", TLS / "server.key")
            context.verify_mode = ssl.CERT_OPTIONAL
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context, backlog=1024)
        await site.start()
        self.port = runner.addresses[0][1]
        self._started.set()
        ticking = asyncio.create_task(self._tick_for_ever())
        await self._stop.wait()
        ticking.cancel()
        await runner.cleanup()

    async def _tick_for_ever(self) -> None:
        while self._tick_seconds is not None:
            await asyncio.sleep(self._tick_seconds)
            self.tick()

    # Requests.

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(self.delay_seconds)
        with self.lock:
            seen, store = self._note(request), self.store
        is_long = seen.verb == "watch" or seen.query.get("follow") == "true"
        if not is_long:
            self._in_flight += 1
            self.peak_in_flight = max(self.peak_in_flight, self._in_flight)
        seen.in_flight = self._in_flight
        try:
            response = await self._answer(request, seen, store)
            await asyncio.sleep(self.delay_seconds)
            return response
        finally:
            seen.ended = time.monotonic()
            if not is_long:
                self._in_flight -= 1

    async def _answer(self, request: web.Request, seen: Seen, store: Store) -> web.StreamResponse:
        with self.lock:
            fault = self.script.take(seen)
        what = fault.what if fault else None
        try:
            if not seen.user:
                raise Refusal(401, "Unauthorized", "Unauthorized")
            if fault and what is What.STATUS:
                raise Refusal(
                    fault.code,
                    fault.reason,
                    fault.message,
                    details=fault.details,
                    headers=fault.headers,
                )
            if what is What.RESET:
                return self._cut(request)
            if what is What.HANG:
                await asyncio.sleep(_HANG_SECONDS)
            if fault and what is What.SLOW:
                await asyncio.sleep(fault.seconds)
            if fault and fault.call and what is What.CALL_BEFORE:
                await asyncio.to_thread(fault.call, seen)
            if (upgraded := await self._upgraded(request)) is not None:
                seen.code = 101
                return upgraded
            if seen.verb == "watch":
                return await self._watch(request, seen, is_silent=what is What.SILENT)
            body = await request.read()
            with self.lock:
                if store is not self.store:
                    return self._cut(request)  # it was meant for what there was before
                before = self.store.version
                older = fault.versions if fault and what is What.STALE else 0
                code, answer = self._carried_out(request, seen, body, older)
                seen.changed = self.store.version != before
        except Refusal as refusal:
            seen.code = refusal.code
            return _json(refusal.code, refusal.status, headers=refusal.headers)
        if fault and fault.call and what is What.CALL_AFTER:
            await asyncio.to_thread(fault.call, seen)
        if what is What.RESET_AFTER:
            return self._cut(request)
        if what is What.HANG_AFTER:
            await asyncio.sleep(_HANG_SECONDS)
        seen.code = code
        if isinstance(answer, bytes):
            return web.Response(status=code, body=answer, content_type="text/plain")
        return _json(code, answer)

    def _note(self, request: web.Request) -> Seen:
        query = dict(parse_qsl(request.query_string, keep_blank_values=True))
        seen = Seen(
            number=len(self.seen) + 1,
            verb="other",
            method=request.method,
            path=request.path,
            query=query,
            user=self._user(request),
            manager=query.get("fieldManager", ""),
            is_dry_run="dryRun" in query,
            started=time.monotonic(),
        )
        self.seen.append(seen)
        parts = [one for one in request.path.split("/") if one]
        place = self._parsed(parts)
        if place is None:
            if parts and parts[0] in ("api", "apis"):
                seen.verb = "discovery"
            return seen
        kind, namespace, name, sub = place
        seen.kind, seen.namespace, seen.name = kind.kind, namespace, name
        if sub == "log":
            seen.verb = "log"
        elif request.method == "GET":
            is_watch = query.get("watch") in ("1", "true")
            seen.verb = "get" if name else "watch" if is_watch else "list"
        elif request.method == "PATCH":
            is_apply = request.content_type.startswith("application/apply-patch")
            seen.verb = "apply" if is_apply else "patch"
        else:
            words = {"POST": "create", "PUT": "replace", "DELETE": "delete"}
            seen.verb = words.get(request.method, "other")
        return seen

    def _parsed(self, parts: list[str]) -> tuple[Kind, str, str, str] | None:
        """Return kind, namespace, name and subresource of a path, None where it has no kind."""
        if parts[:1] == ["api"] and len(parts) > 2:
            group, version, rest = "", parts[1], parts[2:]
        elif parts[:1] == ["apis"] and len(parts) > 3:
            group, version, rest = parts[1], parts[2], parts[3:]
        else:
            return None
        namespace = ""
        if rest[:1] == ["namespaces"] and len(rest) > 2:
            namespace, rest = rest[1], rest[2:]
        if not rest:
            return None
        try:
            kind = self.store.kind(group, version, rest[0])
        except Refusal:
            return None
        return kind, namespace, rest[1] if len(rest) > 1 else "", "/".join(rest[2:])

    def _user(self, request: web.Request) -> str:
        """Return the token of who asks, "certificate" for one, "" for nobody who is known."""
        ssl_object = request.transport.get_extra_info("ssl_object") if request.transport else None
        if ssl_object is not None and ssl_object.getpeercert():
            return "certificate"
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return given if given in self.tokens else ""

    def _carried_out(
        self, request: web.Request, seen: Seen, body: bytes, older: int
    ) -> tuple[int, Any]:
        place = self._parsed([one for one in request.path.split("/") if one])
        if place is None:
            return 200, self._without_kind(request)
        kind, namespace, name, sub = place
        key = Key(kind.group, kind.plural, namespace, name)
        if sub == "log":
            return 200, self._log(key, seen)
        if sub.startswith("proxy"):
            return self._proxied(key, sub)
        if seen.verb == "get":
            return 200, _metadata_only(request, self._existing(kind, key))
        if seen.verb == "list":
            return 200, self._list(request, kind, namespace, seen, older)
        content: Manifest = json.loads(body) if body else {}
        if seen.verb == "delete":
            is_dry = seen.is_dry_run or bool(content.get("dryRun"))
            seen.is_dry_run = is_dry
            return 200, self.store.delete(kind, key, content, dry_run=is_dry)
        if seen.verb == "apply":
            force = seen.query.get("force") == "true"
            item, is_new = self.store.apply(
                kind, key, content, seen.manager, force=force, dry_run=seen.is_dry_run
            )
            return (201 if is_new else 200), item
        if seen.verb == "create":
            key = key._replace(name=content.get("metadata", {}).get("name", ""))
            seen.name = key.name
            item = self.store.create(kind, key, content, seen.manager, dry_run=seen.is_dry_run)
            seen.name = item["metadata"]["name"]
            return 201, item
        is_status = sub == "status"
        if seen.verb == "patch":
            live = self._existing(kind, key)
            content = _merge_patched(copy.deepcopy(live), content)
        return 200, self.store.replace(
            kind,
            key,
            content,
            seen.manager or "unknown",
            dry_run=seen.is_dry_run,
            subresource=is_status,
        )

    async def _upgraded(self, request: web.Request) -> web.StreamResponse | None:
        """Serve exec and port-forward; None for everything else."""
        place = self._parsed([one for one in request.path.split("/") if one])
        if place is None or place[3] not in ("exec", "portforward"):
            return None
        kind, namespace, name, sub = place
        with self.lock:
            self._existing(kind, Key(kind.group, kind.plural, namespace, name))
        if request.headers.get("Upgrade", "").lower() != "websocket":
            raise Refusal(400, "BadRequest", "Upgrade request required")
        if sub == "exec":
            return await sockets.executed(request, self.command)
        return await sockets.forwarded(request, self.forwards.get(int(request.query["ports"])))

    def _without_kind(self, request: web.Request) -> Any:
        path = request.path.rstrip("/")
        if path == "/version":
            return {"major": "1", "minor": "36", "gitVersion": VERSION}
        if path in ("/readyz", "/livez", "/healthz"):
            return b"ok"
        known = self.store.kinds(looked=path == "/apis")
        if self.is_aggregated and path in ("/api", "/apis"):
            return kinds.discovery(known, path)
        found = kinds.plain_discovery(known, path)
        if found is None:
            raise no_such_path()
        return found

    def _log(self, key: Key, seen: Seen) -> bytes:
        pod = self.store.get(key)
        if pod is None:
            raise not_found("pods", key.name)
        names = [one["name"] for one in pod["spec"]["containers"]]
        container = seen.query.get("container", names[0])
        if container not in names:
            told = f"container {container} is not valid for pod {key.name}"
            raise Refusal(400, "BadRequest", told)
        owners = pod["metadata"].get("ownerReferences") or ()
        workload, _, _ = self.controllers._workload_of(pod, owners)
        status = next(iter((pod.get("status") or {}).get("containerStatuses") or ()), {})
        if seen.query.get("previous") == "true" and not status.get("restartCount"):
            told = f'previous terminated container "{container}" in pod "{key.name}" not found'
            raise Refusal(400, "BadRequest", told)
        lines = self.controllers.behaviour_of(workload).log.splitlines(keepends=True)
        tail = seen.query.get("tailLines")
        return "".join(lines[-int(tail) :] if tail and int(tail) else lines).encode()

    def _proxied(self, key: Key, sub: str) -> tuple[int, bytes]:
        name = f"{key.namespace}/{key.name}/{sub.removeprefix('proxy').lstrip('/')}"
        if name in self.proxied:
            return self.proxied[name]
        plain = key.name.rpartition(":")[0]
        if self.store.get(key._replace(name=plain)) is None:
            raise not_found(key.plural, plain)
        raise Refusal(503, "ServiceUnavailable", f'no endpoints available for service "{key.name}"')

    def _list(
        self, request: web.Request, kind: Kind, namespace: str, seen: Seen, older: int
    ) -> Manifest:
        version = self.store.version - older
        start = ""
        if seen.query.get("continue"):
            text, _, start = seen.query["continue"].partition(" ")
            version = int(text)
            if version < self.store.oldest:
                raise expired()
        objects = self.store.as_of(version)
        found = [
            (f"{key.namespace}/{key.name}", item)
            for key, item in sorted(objects.items())
            if (key.group, key.plural) == (kind.group, kind.plural)
            and namespace in ("", key.namespace)
            and matches(item, seen.query)
        ]
        found = [one for one in found if one[0] > start]
        limit = int(seen.query.get("limit") or 0) or len(found)
        metadata: Manifest = {"resourceVersion": str(version)}
        if len(found) > limit:
            metadata["continue"] = f"{version} {found[limit - 1][0]}"
            metadata["remainingItemCount"] = len(found) - limit
        items = [item for _, item in found[:limit]]
        if "PartialObjectMetadata" in request.headers.get("Accept", ""):
            partial = [{"metadata": item["metadata"]} for item in items]
            return {
                "kind": "PartialObjectMetadataList",
                "apiVersion": "meta.k8s.io/v1",
                "metadata": metadata,
                "items": partial,
            }
        # Typed lists leave out what their own kind says, as the real server does.
        bare = [
            {k: v for k, v in item.items() if k not in ("apiVersion", "kind")} for item in items
        ]
        return {
            "kind": f"{kind.kind}List",
            "apiVersion": kind.api_version,
            "metadata": metadata,
            "items": bare,
        }

    async def _watch(
        self, request: web.Request, seen: Seen, *, is_silent: bool
    ) -> web.StreamResponse:
        place = self._parsed([one for one in request.path.split("/") if one])
        if place is None:
            raise no_such_path()
        kind, namespace, _, _ = place
        events: asyncio.Queue[Entry] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def listener(entry: Entry) -> None:
            loop.call_soon_threadsafe(events.put_nowait, entry)

        with self.lock:
            store = self.store
            given = int(seen.query.get("resourceVersion") or 0)
            backlog = store.since(given) if given else []
            last = store.version
            store.listeners.append(listener)
        seen.code = 200
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        try:
            await response.prepare(request)
            if is_silent:
                await asyncio.sleep(_HANG_SECONDS)
            for entry in backlog:
                await _send(response, _event(request, kind, namespace, seen, entry))
            while True:
                try:
                    entry = await asyncio.wait_for(events.get(), self.bookmark_seconds)
                except TimeoutError:
                    with self.lock:
                        version = store.version
                    if events.empty() and seen.query.get("allowWatchBookmarks"):
                        metadata = {"resourceVersion": str(version)}
                        item = {
                            "kind": kind.kind,
                            "apiVersion": kind.api_version,
                            "metadata": metadata,
                        }
                        await _send(response, {"type": "BOOKMARK", "object": item})
                    continue
                if entry.version > last:
                    await _send(response, _event(request, kind, namespace, seen, entry))
        except (ConnectionError, asyncio.CancelledError):
            return response
        finally:
            with self.lock:
                store.listeners.remove(listener)

    def _cut(self, request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()  # type: ignore[attr-defined]
        return web.Response()

    # Looking things up.

    def _kind(self, kind: str) -> Kind:
        return next(one for one in self.store.kinds() if one.kind == kind)

    def _named(self, kind: str, namespace: str, name: str) -> tuple[Kind, Key]:
        found = self._kind(kind)
        return found, Key(found.group, found.plural, namespace, name)

    def _place(self, item: Manifest) -> tuple[Kind, Key]:
        found = next(
            one
            for one in self.store.kinds()
            if (one.api_version, one.kind) == (item["apiVersion"], item["kind"])
        )
        namespace = item["metadata"].get("namespace", "default") if found.is_namespaced else ""
        return found, Key(found.group, found.plural, namespace, item["metadata"]["name"])

    def _existing(self, kind: Kind, key: Key) -> Manifest:
        item = self.store.get(key)
        if item is None:
            raise not_found(kind.qualified, key.name)
        return item


def _json(code: int, value: Any, headers: dict[str, str] | None = None) -> web.Response:
    return web.Response(
        status=code,
        body=json.dumps(value).encode(),
        content_type="application/json",
        headers=headers,
    )


def _metadata_only(request: web.Request, item: Manifest) -> Manifest:
    if "PartialObjectMetadata" not in request.headers.get("Accept", ""):
        return item
    return {
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": item["metadata"],
    }


def _event(
    request: web.Request, kind: Kind, namespace: str, seen: Seen, entry: Entry
) -> Manifest | None:
    """Return what a watch is told of a change, None where it is none of its business."""
    key = entry.key
    if (key.group, key.plural) != (kind.group, kind.plural) or namespace not in ("", key.namespace):
        return None
    was = entry.before is not None and matches(entry.before, seen.query)
    now = entry.change != "DELETED" and matches(entry.item, seen.query)
    if not was and not now:
        return None
    change = "MODIFIED" if was and now else "ADDED" if now else "DELETED"
    return {"type": change, "object": _metadata_only(request, entry.item)}


async def _send(response: web.StreamResponse, event: Manifest | None) -> None:
    if event is not None:
        await response.write(json.dumps(event).encode() + b"\n")


def _merge_patched(value: Any, patch: Any) -> Any:
    """Return ``value`` after a merge patch (RFC 7396)."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for key, inner in patch.items():
        if inner is None:
            result.pop(key, None)
        else:
            result[key] = _merge_patched(result.get(key), inner)
    return result
