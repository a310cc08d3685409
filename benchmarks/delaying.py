"""
A link that takes its time: hands on bytes between a client and a server, each a while later.

What a distant cluster is to a deployer, without the distance: both directions are delayed by the
same time and otherwise left alone, order and TLS included.  Run as a program it serves until it is
ended: `python delaying.py LISTENING_PORT SERVER_PORT MILLISECONDS COUNT_FILE`.  It is a process of
its own so that what it costs is not counted to the one that is measured.  How many connections were
open at once, at most, stands in the file: over HTTP/1.1 no more requests can be in flight.
"""

import asyncio
import contextlib
import sys
from pathlib import Path

_PIECE = 1 << 16
_BACKLOG = 256
_CLOSING_SECONDS = 1.0


async def serve(listening: int, server: int, seconds: float, count_file: Path) -> None:
    """Connect whoever comes to ``listening`` with ``server``, both on loopback, for ever."""
    now = most = 0
    count_file.write_text("0", encoding="utf-8")

    async def link(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal now, most
        try:
            there, back = await asyncio.open_connection("127.0.0.1", server)
        except OSError:
            writer.close()
            return
        now += 1
        if now > most:
            most = now
            count_file.write_text(str(most), encoding="utf-8")
        await asyncio.gather(
            _later(reader, back, seconds), _later(there, writer, seconds), return_exceptions=True
        )
        now -= 1

    running = await asyncio.start_server(link, "127.0.0.1", listening, backlog=_BACKLOG)
    async with running:
        await running.serve_forever()


async def _later(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, wait: float) -> None:
    """Write what is read ``wait`` seconds after it came, however much comes meanwhile."""
    loop = asyncio.get_running_loop()
    pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def write() -> None:
        while True:
            due, piece = await pieces.get()
            left = due - loop.time()
            if left > 0:
                await asyncio.sleep(left)
            if not piece:
                break
            writer.write(piece)
            await writer.drain()

    writing = asyncio.ensure_future(write())
    try:
        while True:
            piece = await reader.read(_PIECE)
            pieces.put_nowait((loop.time() + wait, piece))
            if not piece:
                break
        await writing
    finally:
        writing.cancel()
        writer.close()
        with contextlib.suppress(OSError, TimeoutError):
            await asyncio.wait_for(writer.wait_closed(), _CLOSING_SECONDS)


if __name__ == "__main__":
    port, target, milliseconds, file = sys.argv[1:]
    asyncio.run(serve(int(port), int(target), float(milliseconds) / 1000, Path(file)))
