#!/usr/bin/env python3
"""
Which HTTP library carries 64 requests at once: aiohttp, httpx, niquests, and asyncio without one.

Usage: python benchmarks/http_clients.py [--requests N] [--runs N] [--real] [--write]

Each library sends PATCHes of 2 KB over TLS, 64 at a time, to a server that is a process of its own
and answers with 2 KB after a delay; its own process is measured from its first request to its last
answer, without imports.  `--real` also sends server-side applies of ConfigMaps to a real API
server, where httpx and niquests speak HTTP/2 as well.  Libraries that are not installed are left
out with a line: only the chosen one is a dependency of Mooring's (docs/decisions/aiohttp.md).
"""

import argparse
import asyncio
import importlib.metadata
import json
import os
import resource
import ssl
import statistics
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "src")])

KEYS = ROOT / "tests" / "fake_api" / "tls"
IN_FLIGHT = 64
BODY_BYTES = 2048
DELAYS_MS = (0, 10)
APPLY = "application/apply-patch+yaml"


class Target(NamedTuple):
    """Where requests go; ``path`` holds a %d, ``certificate`` and ``key`` are shown to it."""

    host: str
    port: int
    path: str
    authority: str
    certificate: str
    key: str

    @property
    def url(self) -> str:
        """The URL, with a %d for the number of the request."""
        return f"https://{self.host}:{self.port}{self.path}"

    def tls(self) -> ssl.SSLContext:
        """Return the one context of a client."""
        context = ssl.create_default_context(cafile=self.authority)
        context.load_cert_chain(self.certificate, self.key)
        return context


def body(number: int) -> bytes:
    """Return a manifest of about 2 KB."""
    manifest = {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": f"bench-{number}", "namespace": "default"},
        "data": {"text": "x" * (BODY_BYTES - 200)},
    }
    return json.dumps(manifest).encode()


Send = Callable[[int], Awaitable[int]]


async def in_turns(count: int, send: Send) -> None:
    """Send requests 0 to ``count``, as many at once as is allowed."""
    numbers: Iterator[int] = iter(range(count))

    async def worker() -> None:
        for number in numbers:
            status = await send(number)
            if status not in (200, 201):
                raise SystemExit(f"status {status}")

    async with asyncio.TaskGroup() as group:
        for _ in range(IN_FLIGHT):
            group.create_task(worker())


async def with_aiohttp(target: Target, count: int) -> None:
    """One session, one connector."""
    import aiohttp

    connector = aiohttp.TCPConnector(ssl=target.tls(), limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def send(number: int) -> int:
            async with session.patch(
                target.url % number, data=body(number), headers={"Content-Type": APPLY}
            ) as reply:
                await reply.read()
                return reply.status

        await in_turns(count, send)


def _httpx(http2: bool) -> Callable[[Target, int], Awaitable[None]]:
    async def run(target: Target, count: int) -> None:
        import httpx

        limits = httpx.Limits(max_connections=IN_FLIGHT, max_keepalive_connections=IN_FLIGHT)
        async with httpx.AsyncClient(
            verify=target.tls(), limits=limits, http2=http2, timeout=60
        ) as client:

            async def send(number: int) -> int:
                reply = await client.patch(
                    target.url % number, content=body(number), headers={"Content-Type": APPLY}
                )
                return int(reply.status_code)

            await in_turns(count, send)

    return run


def _niquests(http2: bool) -> Callable[[Target, int], Awaitable[None]]:
    async def run(target: Target, count: int) -> None:
        import niquests

        async with niquests.AsyncSession(
            pool_connections=1,
            pool_maxsize=IN_FLIGHT,
            disable_http2=not http2,
            disable_http3=True,
        ) as session:
            session.trust_env = False
            session.verify = target.authority
            session.cert = (target.certificate, target.key)

            async def send(number: int) -> int:
                reply = await session.patch(
                    target.url % number, data=body(number), headers={"Content-Type": APPLY}
                )
                return int(reply.status_code or 0)

            await in_turns(count, send)

    return run


async def with_asyncio(target: Target, count: int) -> None:
    """Streams and string formatting: what a library can at best cost."""
    context = target.tls()
    idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def send(number: int) -> int:
        reader, writer = (
            idle.pop()
            if idle
            else await asyncio.open_connection(target.host, target.port, ssl=context)
        )
        content = body(number)
        writer.write(
            f"PATCH {target.path % number} HTTP/1.1\r\nHost: {target.host}\r\n"
            f"Content-Type: {APPLY}\r\nContent-Length: {len(content)}\r\n\r\n".encode()
            + content
        )
        head = await reader.readuntil(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
        if length:
            await reader.readexactly(int(length))
        else:
            await reader.readuntil(b"0\r\n\r\n")  # in chunks
        idle.append((reader, writer))
        return int(head[9:12])

    await in_turns(count, send)
    for _, writer in idle:
        writer.close()


CLIENTS: dict[str, tuple[str | None, Callable[[Target, int], Awaitable[None]]]] = {
    "asyncio alone": (None, with_asyncio),
    "aiohttp": ("aiohttp", with_aiohttp),
    "httpx": ("httpx", _httpx(http2=False)),
    "niquests": ("niquests", _niquests(http2=False)),
    "httpx, HTTP/2": ("httpx", _httpx(http2=True)),
    "niquests, HTTP/2": ("niquests", _niquests(http2=True)),
}
ONLY_REAL = {"httpx, HTTP/2", "niquests, HTTP/2"}
"""The local server speaks HTTP/1.1 only."""


class Served(asyncio.Protocol):
    """One connection of the local server."""

    def __init__(self, delay_seconds: float) -> None:
        self._delay = delay_seconds
        self._buffer = b""
        content = b"y" * BODY_BYTES
        self._reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each request that is whole, after the delay."""
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            head = self._buffer[:end].lower()
            length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            if len(self._buffer) < end + 4 + length:
                return
            self._buffer = self._buffer[end + 4 + length :]
            write = self._transport.write  # type: ignore[attr-defined]
            asyncio.get_running_loop().call_later(self._delay, write, self._reply)


async def serve(delay_seconds: float) -> None:
    """Listen, say on which port, and go on until standard input ends."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(KEYS / "server.crt", KEYS / "server.key")
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Served(delay_seconds), "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


def measure_here(client: str, target: Target, count: int) -> None:
    """Send all requests from this process and print what they cost."""
    _, run = CLIENTS[client]

    async def measured() -> dict[str, float]:
        before, started = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        await run(target, count)
        wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return {"wall": wall, "cpu": cpu, "peak": after.ru_maxrss / 1024}

    _import(client)
    print(json.dumps(asyncio.run(measured())))


def _import(client: str) -> None:
    library, _ = CLIENTS[client]
    if library:
        __import__(library)


def main(arguments: Sequence[str]) -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n\n")[0].strip())
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--real", action="store_true", help="a real API server as well")
    parser.add_argument("--write", action="store_true", help="write the figures to README.md")
    parser.add_argument("--serve", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--client", help=argparse.SUPPRESS)
    parser.add_argument("--target", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.serve is not None:
        asyncio.run(serve(options.serve))
        return 0
    if options.client:
        measure_here(options.client, Target(*json.loads(options.target)), options.requests)
        return 0
    rows = []
    for delay in DELAYS_MS:
        with _Server(delay) as port:
            target = Target(
                "127.0.0.1",
                port,
                "/patched/%d",
                *(str(KEYS / name) for name in ("ca.crt", "client.crt", "client.key")),
            )
            rows += _measured(f"local, {delay} ms", target, options, set(CLIENTS) - ONLY_REAL)
    if options.real:
        rows += _measured_really(options)
    text = _report(rows, options)
    print(text)
    if options.write:
        from benchmarks import measuring

        measuring.write_section("http_clients", text)
    return 0


class _Server:
    def __init__(self, delay_ms: int) -> None:
        command = [sys.executable, __file__, "--serve", str(delay_ms / 1000)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> int:
        assert self._process.stdout
        return int(self._process.stdout.readline())

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def _measured_really(options: argparse.Namespace) -> list[list[str]]:
    from tests.support.shared_controlplane import joined

    with joined(f"http-clients-{os.getpid()}") as endpoint:
        path = "/api/v1/namespaces/default/configmaps/bench-%d?fieldManager=bench&force=true"
        target = Target(
            endpoint.host,
            endpoint.port,
            path,
            endpoint.ca_file,
            endpoint.certificate_file,
            endpoint.key_file,
        )
        _once("asyncio alone", target, options.requests)  # creates them
        return _measured("API server", target, options, set(CLIENTS))


def _measured(
    where: str, target: Target, options: argparse.Namespace, clients: set[str]
) -> list[list[str]]:
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in CLIENTS if name in clients}
    for name in list(runs):
        try:
            _import(name)
        except ImportError:
            print(f"left out: {name} is not installed", file=sys.stderr)
            del runs[name]
    for _ in range(options.runs):
        for name, found in runs.items():
            found.append(_once(name, target, options.requests))
    rows = []
    for name, found in runs.items():
        wall, cpu, peak = (statistics.median(one[key] for one in found) for key in found[0])
        rate = options.requests / wall
        rows.append(
            [where, name, f"{wall:.2f}", f"{rate:.0f}", f"{cpu:.2f}", f"{peak:.0f}"],
        )
    return rows


def _once(client: str, target: Target, count: int) -> dict[str, float]:
    command = [sys.executable, __file__, "--client", client, "--target", json.dumps(target)]
    done = subprocess.run(
        [*command, "--requests", str(count)], capture_output=True, text=True, timeout=300
    )
    if done.returncode:
        raise SystemExit(f"{client} failed: {done.stderr[-2000:]}")
    return {key: float(value) for key, value in json.loads(done.stdout).items()}


def _report(rows: list[list[str]], options: argparse.Namespace) -> str:
    from benchmarks import measuring

    versions = []
    for library in sorted({library for library, _ in CLIENTS.values() if library}):
        try:
            versions.append(f"{library} {importlib.metadata.version(library)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    head = ["server", "client", "wall s", "requests/s", "CPU s", "peak MiB"]
    lines = [
        f"{measuring.machine()}, {measuring.load()}; {options.requests} PATCHes, {IN_FLIGHT} in "
        f"flight; medians of {options.runs} runs; {', '.join(versions)}.",
        "",
        "| " + " | ".join(head) + " |",
        "| --- | --- |" + " ---: |" * 4,
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
