"""Turns: so many may write at once, and of those who wait the first by their place."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """At most ``most`` turns at once; a place that falls free goes to the lowest number."""

    def __init__(self, most: int) -> None:
        self._free = most
        self._came = 0
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []

    @asynccontextmanager
    async def turn(self, place: int) -> AsyncIterator[None]:
        """Wait for a turn, and have it while the block runs."""
        if self._free and not self._waiting:
            self._free -= 1
        else:
            await self._wait(place)
        try:
            yield
        finally:
            self._give()

    async def _wait(self, place: int) -> None:
        call = asyncio.get_running_loop().create_future()
        self._came += 1
        heapq.heappush(self._waiting, (place, self._came, call))
        try:
            await call
        except asyncio.CancelledError:
            if call.done() and not call.cancelled():
                self._give()  # It was called and does not come.
            raise

    def _give(self) -> None:
        while self._waiting:
            _, _, call = heapq.heappop(self._waiting)
            if not call.done():
                call.set_result(None)
                return
        self._free += 1
