"""Holds the lease: takes it, renews it, gives it back; who does not hold it writes nothing."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mooring.cluster import errors
from mooring.deploy import lease
from mooring.deploy.lease import Held, Holder
from mooring.errors import ClusterError
from mooring.refs import ObjectRef

if TYPE_CHECKING:
    from mooring.cluster.client import Client


class LeaseHeld(ClusterError):
    """Somebody else deploys to the same environment now."""

    def __init__(self, held: Held) -> None:
        since = f", last heard of at {held.renewed}" if held.renewed else ""
        super().__init__(
            f"{held.shown} is deploying here{since}",
            remedy="wait for its end, or give more time with --wait-for-lease",
        )


class LeaseLost(ClusterError):
    """Somebody else took the lease over, or it could not be renewed: nothing more is written."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"the lease for this deployment is lost: {why}",
            remedy="see with `mooring status` who deploys, then run the same command again",
        )


def _clock() -> float:
    """Return seconds that go on while the machine sleeps: others go on deploying, too."""
    return time.clock_gettime(_BOOT) if _BOOT is not None else time.monotonic()


_BOOT: int | None = getattr(time, "CLOCK_BOOTTIME", None)


class Holding:
    """
    A lease that is held while a ``with`` block runs.

    ``clock`` never goes back and never stops, in seconds; ``wait_seconds`` is how long to wait for
    somebody else.

    Raises:
        LeaseHeld: on entering, when somebody else holds it.
    """

    def __init__(
        self,
        client: "Client",
        ref: ObjectRef,
        holder: Holder,
        *,
        wait_seconds: float = 45.0,
        is_alive: Callable[[str], bool] = lambda _: True,
        told: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = _clock,
    ) -> None:
        self._client, self._ref, self._holder = client, ref, holder
        self._wait_seconds = wait_seconds
        self._is_alive, self._told, self._clock = is_alive, told, clock
        self._until = 0.0
        self._acquired = ""
        self._lost = ""
        self._held: Held | None = None
        self._renewing: asyncio.Task[None] | None = None

    def check(self) -> None:
        """
        Return where it is safe to write now.

        Raises:
            LeaseLost: it is not.
        """
        if self._lost:
            raise LeaseLost(self._lost)
        if self._clock() > self._until:
            raise LeaseLost("it could not be renewed in time")

    async def __aenter__(self) -> "Holding":
        await self._take()
        self._renewing = asyncio.create_task(self._renew())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._renewing is not None:
            self._renewing.cancel()
            await asyncio.gather(self._renewing, return_exceptions=True)
        if self._held is not None and not self._lost:
            # Who is interrupted gives it back all the same, so that the next need not wait.
            await asyncio.shield(self._release(self._held))

    async def _take(self) -> None:
        begun = self._clock()
        seen: Held | None = None
        seen_at = begun
        pause = 0.2
        while True:
            live = await self._client.get(self._ref)
            held = lease.read(live) if live is not None else None
            now = self._clock()
            if seen is None or held is None or held.version != seen.version:
                seen, seen_at = held, now
            unchanged = now - seen_at
            if held is None or lease.may_take(
                held, self._holder, unchanged_seconds=unchanged, is_alive=self._is_alive
            ):
                if await self._write(held):
                    return
            elif now - begun >= self._wait_seconds:
                raise LeaseHeld(held)
            else:
                self._told(held.shown)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 2.0)

    async def _write(self, before: Held | None) -> bool:
        """Write the lease as ours; return False where somebody was faster."""
        sent_at = self._clock()
        now = datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        self._acquired = self._acquired or now
        made = lease.taken(self._ref, self._holder, now=now, acquired=self._acquired, before=before)
        try:
            if before is None:
                live = await self._client.create(made)
            else:
                live = await self._client.replace(made)
        except errors.OutcomeUnknown:
            found = await self._client.get(self._ref)
            if found is None or lease.read(found).identity != self._holder.identity:
                return False
            live = found
        except (errors.Conflict, errors.NotFound) as error:
            if isinstance(error, errors.NotFound) and before is None:
                raise  # Its namespace is not there.
            return False
        self._held = lease.read(live)
        self._until = sent_at + lease.DURATION_SECONDS - lease.MARGIN_SECONDS
        return True

    async def _renew(self) -> None:
        pause: float = lease.RENEW_SECONDS
        while True:
            await asyncio.sleep(pause)
            pause = 1.0
            try:
                # An answer that does not come must not keep us from asking again in time.
                async with asyncio.timeout(lease.ANSWER_SECONDS):
                    if await self._write(self._held):
                        pause = lease.RENEW_SECONDS
                    else:
                        await self._look_whose_it_is()
            except (ClusterError, TimeoutError):
                continue  # Tried again until it has run out, which `check` sees.
            if self._lost:
                return

    async def _look_whose_it_is(self) -> None:
        """Learn why it could not be renewed: an answer was lost, or it is no longer ours."""
        live = await self._client.get(self._ref)
        held = lease.read(live) if live is not None else None
        if held is not None and held.identity == self._holder.identity:
            self._held = held
            return
        if held is None:
            self._lost = "it was deleted"
        else:
            self._lost = f"{held.shown or 'somebody'} has it now"

    async def _release(self, held: Held) -> None:
        try:
            async with asyncio.timeout(5):
                await self._client.replace(lease.released(self._ref, held))
        except (ClusterError, TimeoutError):
            return  # It runs out by itself.
