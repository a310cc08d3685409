"""
A way to a real API server that ends who goes it: before or after a certain write.

Requests are handed on as they come, as the administrator's; what changes something is counted by
verb, kind and name, and recorded with its answer.
"""

import asyncio
import contextlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

import aiohttp
from aiohttp import web
from tests.support.controlplane import Endpoint

_KEPT_HEADERS = ("Accept", "Content-Type")


class Point(NamedTuple):
    """A write: the ``nth`` of this method, kind (its word in paths) and name."""

    method: str
    plural: str
    name: str
    nth: int


class Done(NamedTuple):
    """A write that the server has answered with ``status``."""

    point: Point
    status: int


class Ways:
    """The ways to one API server, on a thread of their own, inside a `with` block."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.session: aiohttp.ClientSession | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._connect())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self.session is not None
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        """Where the server is."""
        return self._endpoint.url

    @contextlib.contextmanager
    def way(self) -> Iterator["Way"]:
        """Yield one way, open for as long as the block runs."""
        made = Way(self)
        runner: web.AppRunner = self._run(made.open())
        try:
            yield made
        finally:
            self._run(runner.cleanup())

    async def _connect(self) -> None:
        connector = aiohttp.TCPConnector(ssl=self._endpoint.tls(), limit=0)
        self.session = aiohttp.ClientSession(connector=connector, auto_decompress=False)

    async def _close(self) -> None:
        assert self.session is not None
        await self.session.close()
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _run(self, work):  # type: ignore[no-untyped-def]
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


class Way:
    """One way: what was written over it, in the order of the answers, and who is to be ended."""

    def __init__(self, ways: Ways) -> None:
        self._ways = ways
        self.port = 0
        self.done: list[Done] = []
        self._counts: Counter[tuple[str, str, str]] = Counter()
        self._point: Point | None = None
        self._is_after = False
        self._kill: Callable[[], None] = lambda: None

    def end_at(self, point: Point, kill: Callable[[], None], *, after: bool) -> None:
        """Call ``kill`` when ``point`` is reached, before or after the server has done it."""
        self._point, self._kill, self._is_after = point, kill, after

    def kubeconfig(self, folder: Path) -> Path:
        """Write a kubeconfig for this way into ``folder`` and return its path."""
        url = f"http://127.0.0.1:{self.port}"
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "way",
            "clusters": [{"name": "way", "cluster": {"server": url}}],
            "users": [{"name": "way", "user": {}}],
            "contexts": [{"name": "way", "context": {"cluster": "way", "user": "way"}}],
        }
        path = folder / "kubeconfig"
        path.write_text(json.dumps(config), encoding="utf-8")
        return path

    async def open(self) -> web.AppRunner:
        """Listen, and return what stops it."""
        application = web.Application(client_max_size=2**26)
        application.router.add_route("*", "/{path:.*}", self._handle)
        # What was handed on is recorded, whether or not anybody waits for its answer.
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        point = self._counted(request, body)
        is_met = point is not None and point == self._point
        if is_met and not self._is_after:
            await asyncio.to_thread(self._kill)
            return _cut(request)
        assert self._ways.session is not None
        async with self._ways.session.request(
            request.method,
            f"{self._ways.url}{request.path_qs}",
            data=body or None,
            headers={name: request.headers[name] for name in _KEPT_HEADERS
                     if name in request.headers},
            timeout=aiohttp.ClientTimeout(total=None),
        ) as answer:  # fmt: skip
            if "watch" in request.query:
                return await self._followed(request, answer)
            content = await answer.read()
        if point is not None:
            self.done.append(Done(point, answer.status))
        if is_met:
            await asyncio.to_thread(self._kill)
            return _cut(request)
        headers = {"Content-Type": answer.headers.get("Content-Type", "application/json")}
        if "Content-Encoding" in answer.headers:
            headers["Content-Encoding"] = answer.headers["Content-Encoding"]
        return web.Response(status=answer.status, body=content, headers=headers)

    async def _followed(
        self, request: web.Request, answer: aiohttp.ClientResponse
    ) -> web.StreamResponse:
        response = web.StreamResponse(status=answer.status)
        await response.prepare(request)
        with contextlib.suppress(ConnectionError, aiohttp.ClientError):
            async for piece in answer.content.iter_any():
                await response.write(piece)
        return response

    def _counted(self, request: web.Request, body: bytes) -> Point | None:
        """Return which write it is, None for what changes nothing."""
        if request.method == "GET" or "dryRun" in request.query or b'"dryRun"' in body:
            return None
        parts = [part for part in request.path.split("/") if part]
        parts = parts[2:] if parts[0] == "api" else parts[3:]
        if parts[0] == "namespaces" and len(parts) > 2:
            parts = parts[2:]
        which = (request.method, parts[0], parts[1] if len(parts) > 1 else "")
        self._counts[which] += 1
        return Point(*which, self._counts[which])


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()  # type: ignore[attr-defined]
    return web.Response()
