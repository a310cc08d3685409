"""
Whether a pod takes connections at a port, and what it answers: one connection through its kubelet.

The kubelet connects from inside the pod's own network, so no network policy stands between, and a
program that listens on its own address alone is not found.  A connection that is taken is told by
nothing; only one that is refused is, so a short silence means that somebody listens.
"""

import asyncio
from contextlib import aclosing
from typing import Final

from mooring.cluster import port_frames
from mooring.cluster.connection import Connection
from mooring.cluster.execution import Reached

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
    socket = await port_frames.opened(connection, pod, port)
    reply = bytearray()
    try:
        if said:
            await port_frames.send(socket, said)
        async with (
            asyncio.timeout(seconds),
            aclosing(port_frames.received(socket)) as messages,
        ):
            async for channel, content in messages:
                if channel == port_frames.ERROR:
                    return Reached(accepts=False, told=content.decode("utf-8", "replace").strip())
                reply += content
                if not said or b"\n" in reply or len(reply) > _MOST_BYTES:
                    return Reached(accepts=True, reply=bytes(reply))
        return Reached(accepts=True, told="it closed the connection", reply=bytes(reply))
    except TimeoutError:
        told = f"no answer within {seconds:g} s" if said else ""
        return Reached(accepts=True, told=told, reply=bytes(reply))
    finally:
        await socket.close()
