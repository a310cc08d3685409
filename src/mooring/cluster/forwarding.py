"""Ports of pods on this machine: each connection to 127.0.0.1 is a WebSocket of its own."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, suppress
from typing import Final

import aiohttp

from mooring.cluster import port_frames
from mooring.cluster.connection import Connection
from mooring.errors import ClusterError

_log = logging.getLogger(__name__)

_PIECE_BYTES: Final = 32 * 1024
_LINGER_SECONDS: Final = 5.0


@asynccontextmanager
async def forwarded(connection: Connection, pod: str, port: int) -> AsyncIterator[int]:
    """Yield a local port that leads to ``port`` of the pod; see `client.Client.port_forward`."""
    running: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(_carry(connection, pod, port, reader, writer))
        running.add(task)
        task.add_done_callback(running.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


async def _carry(
    connection: Connection,
    pod: str,
    port: int,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
) -> None:
    """Carry one connection until one of its ends closes."""
    try:
        socket = await port_frames.opened(connection, pod, port)
        try:
            sending = asyncio.create_task(_send(socket, reader))
            try:
                await _receive(socket, writer, port)
            finally:
                sending.cancel()
                with suppress(asyncio.CancelledError, OSError, aiohttp.ClientError):
                    await sending
        finally:
            await socket.close()
    except (ClusterError, OSError, aiohttp.ClientError) as error:
        _log.debug("port %d of %s: %s", port, pod, type(error).__name__)
    finally:
        writer.close()


async def _send(socket: aiohttp.ClientWebSocketResponse, reader: asyncio.StreamReader) -> None:
    while piece := await reader.read(_PIECE_BYTES):
        await port_frames.send(socket, piece)
    # The protocol cannot tell the pod that no more comes; what it still says has this long.
    await asyncio.sleep(_LINGER_SECONDS)
    await socket.close()


async def _receive(
    socket: aiohttp.ClientWebSocketResponse, writer: asyncio.StreamWriter, port: int
) -> None:
    async with aclosing(port_frames.received(socket)) as messages:
        async for channel, content in messages:
            if channel == port_frames.ERROR:
                _log.debug("port %d: the pod refuses", port)
                return
            writer.write(content)
            await writer.drain()
