"""
Commands in containers, over a WebSocket.

Each message begins with the number of its channel: 0 in, 1 out, 2 errors, 3 the end as a Status.
Version 5 adds 255, which closes another channel; under version 4 a command never learns that its
input has ended.

Source: https://github.com/kubernetes/enhancements/tree/master/keps/sig-api-machinery/4006-transition-spdy-to-websockets
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import aiohttp
import msgspec

from mooring.cluster.connection import Connection
from mooring.cluster.errors import Unreachable
from mooring.cluster.execution import Executed

_V5: Final = "v5.channel.k8s.io"
PROTOCOLS: Final = (_V5, "v4.channel.k8s.io")
_STDIN, _STDOUT, _STDERR, _ERROR, _CLOSE = 0, 1, 2, 3, 255
_PIECE_BYTES: Final = 32 * 1024


async def executed(
    connection: Connection,
    pod: str,
    container: str,
    command: Sequence[str],
    *,
    stdin: bytes,
    timeout_seconds: float,
) -> Executed:
    """Run ``command`` in a container of the pod at the path ``pod``; see `client.Client.exec`."""
    query = [
        ("container", container),
        ("stdout", "true"),
        ("stderr", "true"),
        *((("stdin", "true"),) if stdin else ()),
        *(("command", word) for word in command),
    ]
    try:
        async with asyncio.timeout(timeout_seconds):
            socket = await connection.websocket(f"{pod}/exec", query, PROTOCOLS)
            try:
                await _write(socket, stdin)
                return await _read(socket)
            finally:
                await socket.close()
    except TimeoutError:
        raise Unreachable(
            f"the command {command[0]} in the container {container} did not end within "
            f"{timeout_seconds:.0f} s"
        ) from None


async def _write(socket: aiohttp.ClientWebSocketResponse, stdin: bytes) -> None:
    for begin in range(0, len(stdin), _PIECE_BYTES):
        await socket.send_bytes(bytes([_STDIN]) + stdin[begin : begin + _PIECE_BYTES])
    if stdin and socket.protocol == _V5:
        await socket.send_bytes(bytes([_CLOSE, _STDIN]))


async def _read(socket: aiohttp.ClientWebSocketResponse) -> Executed:
    found = {_STDOUT: bytearray(), _STDERR: bytearray(), _ERROR: bytearray()}
    async for message in socket:
        if message.type is not aiohttp.WSMsgType.BINARY or not message.data:
            continue
        channel = found.get(message.data[0])
        if channel is not None:
            channel += message.data[1:]
    status, error = ended(bytes(found[_ERROR]))
    return Executed(status, bytes(found[_STDOUT]), bytes(found[_STDERR]), error)


def ended(content: bytes) -> tuple[int | None, str]:
    """Return the exit status that a Status tells, or None and why there is none."""
    try:
        status: Any = msgspec.json.decode(content)
    except msgspec.DecodeError:
        told = content.decode(errors="replace").strip()
        return None, told or "the connection ended before the command did"
    if status.get("status") == "Success":
        return 0, ""
    for cause in (status.get("details") or {}).get("causes") or ():
        if cause.get("reason") == "ExitCode" and str(cause.get("message")).isdigit():
            return int(cause["message"]), ""
    return None, str(status.get("message") or "")
