"""
Ports of pods on this machine: each connection to 127.0.0.1 is a WebSocket of its own.

Channel 0 carries the bytes and channel 1 an error; each begins with a message that repeats the
port, in two bytes.  Source: kubelet, pkg/kubelet/cri/streaming/portforward/websocket.go.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import aiohttp

from mooring.cluster.connection import Connection
from mooring.errors import ClusterError

_log = logging.getLogger(__name__)

_PROTOCOLS: Final = ("v4.channel.k8s.io",)
_DATA, _ERROR = 0, 1
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
        socket = await connection.websocket(
            f"{pod}/portforward", [("ports", str(port))], _PROTOCOLS
        )
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
        await socket.send_bytes(bytes([_DATA]) + piece)
    # The protocol cannot tell the pod that no more comes; what it still says has this long.
    await asyncio.sleep(_LINGER_SECONDS)
    await socket.close()


async def _receive(
    socket: aiohttp.ClientWebSocketResponse, writer: asyncio.StreamWriter, port: int
) -> None:
    is_begun = {_DATA: False, _ERROR: False}
    async for message in socket:
        if message.type is not aiohttp.WSMsgType.BINARY or not message.data:
            continue
        channel, content = message.data[0], message.data[1:]
        if channel not in is_begun:
            continue
        if not is_begun[channel]:
            is_begun[channel] = True
            content = content[2:]  # the port once more
        if channel == _ERROR and content:
            _log.debug("port %d: the pod refuses", port)
            return
        if content and channel == _DATA:
            writer.write(content)
            await writer.drain()
