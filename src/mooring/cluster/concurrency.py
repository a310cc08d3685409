"""
How many requests may be in flight: as many as the server takes without getting slower.

It starts at 8 and doubles, up to 64, while waiting for an answer takes about as long as it did
with half as many: then more at once is more per second; where it is not, it goes back and tries
again later.  An overloaded server (429, 500 and more,
or more than a second for one answer in twenty) halves it, at most once per round of answers,
because a round is overloaded as one.  What the server says of when to come back holds for all
requests.

Source: reference figures of API Priority and Fairness; 64 is below the seats of `global-default`.
"""

import asyncio
import collections
import statistics
from collections.abc import Callable
from types import TracebackType
from typing import Final

LEAST: Final = 1
FIRST: Final = 8
MOST: Final = 64

_FLAT: Final = 1.5
"""Up to this ratio of latencies twice as many at once is still a gain of a third."""
_SLOW_SECONDS: Final = 1.0
_ROUNDS: Final = 8
"""Rounds of answers until more is tried again where it was no gain."""


class Limit:
    """
    The number of requests that may be in flight, from what is told of each that ended.

    No clock and no waiting: `Gate` has those.
    """

    def __init__(self) -> None:
        self.value = FIRST
        self._seconds: list[float] = []
        self._with_half: float | None = None
        self._patience = 0
        self._since_halved = MOST

    def ended(self, seconds: float, *, is_overloaded: bool, is_full: bool) -> None:
        """
        Take in that an answer came after ``seconds``.

        ``is_full`` tells whether as many as allowed were in flight: only then more could help.
        """
        self._since_halved += 1
        if is_overloaded:
            self._halve()
            return
        self._seconds.append(seconds)
        if len(self._seconds) < max(self.value, FIRST):
            return
        window, self._seconds = sorted(self._seconds), []
        if window[(len(window) * 19) // 20] > _SLOW_SECONDS:
            self._halve()
            return
        self._judge(statistics.median(window), is_full=is_full)

    def _judge(self, median: float, *, is_full: bool) -> None:
        if self._with_half is not None:
            is_gain = median <= self._with_half * _FLAT
            self._with_half = None
            if not is_gain:
                self.value //= 2
                self._patience = _ROUNDS
                return
        if self._patience:
            self._patience -= 1
        elif is_full and self.value < MOST:
            self._with_half = median
            self.value = min(MOST, self.value * 2)

    def _halve(self) -> None:
        if self._since_halved < self.value:
            return
        self._since_halved = 0
        self._seconds = []
        self._with_half = None
        self.value = max(LEAST, self.value // 2)


class Gate:
    """Lets requests pass one by one, in the order in which they came, as the limit allows."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._limit = Limit()
        self._waiting: collections.deque[asyncio.Future[None]] = collections.deque()
        self._closed_until = 0.0
        self.in_flight = 0
        self.peak = 0

    @property
    def limit(self) -> int:
        """How many requests may be in flight now."""
        return self._limit.value

    async def __aenter__(self) -> "Gate":
        while (wait := self._closed_until - self._clock()) > 0:
            await asyncio.sleep(wait)
        if self.in_flight >= self._limit.value or self._waiting:
            place = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled():
                    self._leave()
                elif place in self._waiting:
                    self._waiting.remove(place)  # Whoever left since may have passed it over.
                raise
        else:
            self._enter()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._leave()

    def ended(self, seconds: float, *, is_overloaded: bool = False) -> None:
        """Tell how long an answer took, or that the server has too much to do."""
        is_full = self.in_flight >= self._limit.value
        self._limit.ended(seconds, is_overloaded=is_overloaded, is_full=is_full)

    def close_for(self, seconds: float) -> None:
        """Let nobody pass for ``seconds``: the server said when to come back."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)

    def _enter(self) -> None:
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)

    def _leave(self) -> None:
        self.in_flight -= 1
        while self._waiting and self.in_flight < self._limit.value:
            place = self._waiting.popleft()
            if not place.done():
                self._enter()
                place.set_result(None)
