"""Exec and port-forward of the fake server: the kubelet's end of their WebSockets."""

import asyncio
import json
from collections.abc import Callable

from aiohttp import WSMsgType, web

Command = Callable[[list[str], bytes], tuple[int, bytes, bytes]]
"""From the words of a command and its input to exit status, output and errors."""

_CLOSE = 255


async def executed(request: web.Request, command: Command) -> web.StreamResponse:
    """Run ``command`` over channels of version 5 or 4."""
    socket = web.WebSocketResponse(protocols=("v5.channel.k8s.io", "v4.channel.k8s.io"))
    await socket.prepare(request)
    stdin = bytearray()
    if request.query.get("stdin") == "true":
        async for message in socket:
            if message.type is WSMsgType.BINARY and message.data[0] == 0:
                stdin += message.data[1:]
            elif message.data[:2] == bytes([_CLOSE, 0]):
                break
    status, out, errors = command(request.query.getall("command"), bytes(stdin))
    for channel, content in ((1, out), (2, errors)):
        if content:
            await socket.send_bytes(bytes([channel]) + content)
    ended = {"kind": "Status", "status": "Success" if status == 0 else "Failure"}
    if status:
        causes = [{"reason": "ExitCode", "message": str(status)}]
        ended |= {"reason": "NonZeroExitCode", "details": {"causes": causes}}  # type: ignore[dict-item]
    await socket.send_bytes(b"\x03" + json.dumps(ended).encode())
    await socket.close()
    return socket


async def forwarded(request: web.Request, local_port: int | None) -> web.StreamResponse:
    """Carry channel 0 to a port of this machine; None refuses on the channel for errors."""
    socket = web.WebSocketResponse(protocols=("v4.channel.k8s.io",))
    await socket.prepare(request)
    port = int(request.query["ports"]).to_bytes(2, "little")
    for channel in (0, 1):
        await socket.send_bytes(bytes([channel]) + port)
    if local_port is None:
        await socket.send_bytes(b"\x01connection refused")
        await socket.close()
        return socket
    reader, writer = await asyncio.open_connection("127.0.0.1", local_port)

    async def back() -> None:
        while piece := await reader.read(65536):
            await socket.send_bytes(b"\x00" + piece)
        await socket.close()

    task = asyncio.create_task(back())
    async for message in socket:
        if message.type is WSMsgType.BINARY and message.data[0] == 0:
            writer.write(message.data[1:])
            await writer.drain()
    task.cancel()
    writer.close()
    return socket
