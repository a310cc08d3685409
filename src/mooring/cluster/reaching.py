"""
Whether a pod takes connections at a port, and what it answers: one connection through its kubelet.

The kubelet connects from inside the pod's own network, so no network policy stands between, and a
program that listens on its own address alone is not found.  A connection that is taken is told by
nothing; only one that is refused is, so a short silence means that somebody listens.

Source: kubelet, pkg/kubelet/cri/streaming/portforward/websocket.go, as `forwarding`.
"""

import asyncio
from typing import Final

import aiohttp

from mooring.cluster.connection import Connection
from mooring.cluster.execution import Reached

_PROTOCOLS: Final = ("v4.channel.k8s.io",)
_DATA, _ERROR = 0, 1
_MOST_BYTES: Final = 64 * 1024


async def reached(
    connection: Connection, pod: str, port: int, *, said: bytes, seconds: float
) -> Reached:
    """
    Return what comes of a connection to ``port`` of ``pod`` on which ``said`` is sent.

    Where nothing is said, silence for ``seconds`` means that the connection was taken.

    Raises:
        ClusterError: the server, or the kubelet behind it, does not forward ports for us.
    """
    socket = await connection.websocket(f"{pod}/portforward", [("ports", str(port))], _PROTOCOLS)
    reply = bytearray()
    is_begun = {_DATA: False, _ERROR: False}
    try:
        if said:
            await socket.send_bytes(bytes([_DATA]) + said)
        async with asyncio.timeout(seconds):
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
                    return Reached(accepts=False, told=content.decode("utf-8", "replace").strip())
                reply += content
                if reply and (not said or b"\n" in reply or len(reply) > _MOST_BYTES):
                    return Reached(accepts=True, reply=bytes(reply))
        return Reached(accepts=True, told="it closed the connection", reply=bytes(reply))
    except TimeoutError:
        told = f"no answer within {seconds:g} s" if said else ""
        return Reached(accepts=True, told=told, reply=bytes(reply))
    finally:
        await socket.close()
