"""
What goes over the WebSocket of one connection to a port of a pod.

Channel 0 carries the bytes and channel 1 an error; each begins with a message that repeats the
port, in two bytes.  Source: kubelet, pkg/kubelet/cri/streaming/portforward/websocket.go.
"""

from collections.abc import AsyncGenerator
from typing import Final

import aiohttp

from mooring.cluster.connection import Connection

DATA: Final = 0
ERROR: Final = 1
_PROTOCOLS: Final = ("v4.channel.k8s.io",)
_PORT_BYTES: Final = 2


async def opened(connection: Connection, pod: str, port: int) -> aiohttp.ClientWebSocketResponse:
    """
    Return a new connection to ``port`` of the pod at the path ``pod``; whoever asks closes it.

    Raises:
        ClusterError: the server, or the kubelet behind it, does not forward ports for us.
    """
    return await connection.websocket(f"{pod}/portforward", [("ports", str(port))], _PROTOCOLS)


async def send(socket: aiohttp.ClientWebSocketResponse, content: bytes) -> None:
    """Send ``content`` to the program behind the port."""
    await socket.send_bytes(bytes([DATA]) + content)


async def received(
    socket: aiohttp.ClientWebSocketResponse,
) -> AsyncGenerator[tuple[int, bytes]]:
    """Yield each message, `DATA` or `ERROR` and what it says, until the connection ends."""
    is_begun = {DATA: False, ERROR: False}
    async for message in socket:
        if message.type is not aiohttp.WSMsgType.BINARY or not message.data:
            continue
        channel, content = message.data[0], message.data[1:]
        if channel not in is_begun:
            continue
        if not is_begun[channel]:
            is_begun[channel] = True
            content = content[_PORT_BYTES:]
        if content:
            yield channel, content
