"""
What Jobs have done, kept so that none runs twice: a Job may remove itself once it is done.

So it is made without the time after which it does so (``ttlSecondsAfterFinished``), and is given
that once its completion is remembered: whoever ends in between leaves a Job behind that says what
it has done.  Its creation and its completion are each written to the inventory at once.  Where
somebody else has removed it between the two its events tell; where they do not, nobody knows, and
a person has to say whether it runs again.

Source: https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/ (the field may
be set and changed at any time, also once the Job is finished).
"""

import asyncio
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from mooring.cluster.changes import KindName
from mooring.deploy.holding import Holding
from mooring.deploy.inventory import Entry
from mooring.deploy.memory import Memory
from mooring.deploy.writing import Refusal
from mooring.refs import ObjectRef
from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import job
from mooring.semantics.readiness.verdicts import Verdict

if TYPE_CHECKING:
    from mooring.cluster.client import Client


class JobMemory:
    """
    The Jobs of one deployment; ``again`` are the names of those that are to run again.

    ``undone`` are those that undo another one.
    """

    def __init__(
        self,
        client: "Client",
        memory: Memory,
        holding: Holding,
        again: frozenset[str],
        undone: Mapping[ObjectRef, ObjectRef],
    ) -> None:
        self._undone = undone
        self._client, self._memory, self._holding, self._again = client, memory, holding, again
        self._succeeded: dict[ObjectRef, int] = {}
        self._lock = asyncio.Lock()

    def has_done(self, ref: ObjectRef, digest: str) -> bool:
        """Tell whether it is remembered that the Job of that content completed."""
        return self._memory.inventory.has_done(ref, digest)

    async def has_completed(self, ref: ObjectRef, digest: str) -> bool:
        """
        Tell whether a Job that is not there has completed.

        Raises:
            Refusal: it was there, and nothing says how it ended.
        """
        known = self._memory.inventory.get(ref)
        if ref.name in self._again or known is None or not known.uid or known.digest != digest:
            return False
        listing = await self._client.list(KindName("v1", "Event"), namespace=ref.namespace)
        told = _told(
            one for one in listing.items if fields.at(one, "involvedObject", "uid") == known.uid
        )
        if any(text.startswith("Completed:") for text in told):
            await self.completed(ref, digest)
            return True
        if any(text.startswith(("BackoffLimit", "DeadlineExceeded")) for text in told):
            return False  # It failed and was removed: it runs again, as one that is there would.
        spec = "it was started before, is gone, and nothing says whether it completed"
        raise Refusal("JobVanished", f"{spec}; `mooring up --again {ref.name}` runs it again")

    async def written(self, entry: Entry) -> None:
        """Remember that a Job was made, or (without a uid) that it is about to be made anew."""
        async with self._lock:
            self._holding.check()
            await self._memory.save_inventory(self._memory.inventory.with_applied([entry]))

    async def completed(self, ref: ObjectRef, digest: str) -> None:
        """Remember that a Job completed, and that what it undoes has not: that is taken away."""
        async with self._lock:
            self._holding.check()
            inventory = self._memory.inventory
            if inventory.has_done(ref, digest):
                return
            if ref in self._undone:
                other = self._undone[ref]
                known = inventory.get(other)
                await self._client.delete(other, uid=(known.uid or None) if known else None)
                self._holding.check()
                inventory = inventory.with_undone(other)
            await self._memory.save_inventory(inventory.with_done(ref, digest))

    def lasting(self, ref: ObjectRef, manifest: Manifest, digest: str) -> Manifest:
        """Return ``manifest`` of a Job so that it stays until its completion is remembered."""
        if self.has_done(ref, digest) or not removes_itself(manifest):
            return manifest
        spec = {**fields.mapping(manifest.get("spec"))}
        del spec[_LIFETIME]
        return {**manifest, "spec": spec}

    def see(self, ref: ObjectRef, live: Manifest) -> None:
        """Keep in mind how many of its pods were seen to succeed."""
        succeeded = fields.integer(fields.at(live, "status", "succeeded")) or 0
        self._succeeded[ref] = max(succeeded, self._succeeded.get(ref, 0))

    def vanished(
        self, ref: ObjectRef, digest: str, *, was_ready: bool, events: Iterable[Manifest]
    ) -> Verdict:
        """Return what it means that a Job that was there is gone."""
        told = _told(events)
        is_done = self.has_done(ref, digest) or was_ready
        return job.vanished(
            seen_complete=is_done or any(text.startswith("Completed:") for text in told),
            succeeded=self._succeeded.get(ref, 0),
            wanted=1,
            events="; ".join(told),
        )


_LIFETIME = "ttlSecondsAfterFinished"


def removes_itself(manifest: Manifest) -> bool:
    """Tell whether a Job is removed some time after it has ended."""
    return fields.at(manifest, "spec", _LIFETIME) is not None


def _told(events: Iterable[Manifest]) -> list[str]:
    return [f"{one.get('reason')}: {one.get('message')}" for one in events]
