"""
The road from the plan to everything being ready: write in order, watch, judge, wait, hold.

What comes next is decided by `reconcile.Run`, what is ready by `semantics.readiness`; here they
meet the cluster.  Every task belongs to one group, all that is seen goes through one queue.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from mooring.cluster import concurrency, errors
from mooring.cluster.changes import Change, KindName
from mooring.deploy import (
    backing,
    happenings,
    job_memory,
    movement,
    observed,
    plan,
    precedence,
    view,
    watches,
    ways_back,
    writing,
)
from mooring.deploy.happenings import Happening
from mooring.deploy.holding import Holding
from mooring.deploy.inventory import Entry
from mooring.deploy.job_memory import JobMemory
from mooring.deploy.memory import Memory
from mooring.deploy.plan import Action, Step
from mooring.deploy.reconcile import Node, Phase, Run
from mooring.deploy.redaction import Redactor
from mooring.deploy.requests import Request
from mooring.deploy.steadiness import Steadiness
from mooring.deploy.telling import Telling
from mooring.deploy.turns import Turns
from mooring.deploy.view import View
from mooring.deploy.volume_binding import BindingModes
from mooring.deploy.watches import Seen, Watches
from mooring.deploy.writing import Refusal
from mooring.errors import ClusterError
from mooring.refs import ObjectRef
from mooring.semantics import failing, fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions, judging, stateful_set
from mooring.semantics.readiness.verdicts import Status, Verdict, current

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_TICK_SECONDS = 0.5
_LOOK_SECONDS = 2.0
_SILENT_SECONDS = 15.0
_LONG_SILENT_SECONDS = 60.0
_LONGEST_HOLD_SECONDS = 60.0


class _TooLate(Exception):
    """Something failed before the turn of an object came: it is not begun."""


class Rollout:
    """
    One deployment on its way.

    ``run`` is how far each object has come, ``view`` what is known of the cluster, ``applied`` what
    was written.
    """

    def __init__(
        self,
        client: "Client",
        request: Request,
        memory: Memory,
        holding: Holding,
        *,
        emit: Callable[[Happening], None],
        clock: Callable[[], float],
        now: Callable[[], float],
    ) -> None:
        self._client, self._request, self._memory = client, request, memory
        self._holding, self._clock, self._now = holding, clock, now
        self.run = Run(request.plan.steps, request.graph, request.limits, now=clock())
        self.view = View(request.seen.live.values())
        self.redact = Redactor(request.desired.objects)
        self._telling = Telling(emit, self.redact, clock)
        self.applied: dict[ObjectRef, Entry] = {}
        self._without_pods = backing.without_pods(request.desired.objects)
        self._by_key = {observed.key(ref): node for ref, node in self.run.nodes.items()}
        self._queue: asyncio.Queue[Seen | None] = asyncio.Queue()
        self._served: dict[ObjectRef, bool] = {}
        self._modes = BindingModes()
        self._steadiness = Steadiness()
        self._writers: set[asyncio.Task[None]] = set()
        self._turns = Turns(concurrency.MOST)
        items = map(request.desired.objects.get, self.run.nodes)
        slow = {item.ref for item in items if item is not None and precedence.takes_long(item)}
        self._places = precedence.places(request.graph, slow)
        self._jobs = JobMemory(
            client, memory, holding, request.again, ways_back.undone(request.desired.objects)
        )
        self._looked_at = self._looked_again_at = self._ticked_at = clock()
        self._silent_seconds = min(_SILENT_SECONDS, request.limits.quiet / 3)
        self._freed: set[str] = set()

    @property
    def at(self) -> float:
        """The seconds since it began."""
        return self._telling.at

    async def whole(self, begin: Callable[[], Awaitable[None]]) -> None:
        """
        Write and wait until all is ready and has stayed so, or something failed.

        ``begin`` goes on beside the first look around; nothing is written before both have ended.
        """
        async with asyncio.TaskGroup() as group:
            self._group = group
            self._watches = Watches(self._client, group, self._queue.put_nowait)
            looking = group.create_task(self._look_around())
            try:
                await begin()
                await looking
                await self._until_ready()
                if not self.run.failures and self._request.plan.changes:
                    await self._hold()
            finally:
                self._watches.close()
            while self._writers:
                # What is under way is finished, so that it is known what is there.
                await asyncio.wait(self._writers)
        self.run.hold_back()

    async def _look_around(self) -> None:
        """Learn what is there, and watch from then on."""
        if any(ref.kind == "PersistentVolumeClaim" for ref in self.run.nodes):
            await self._modes.learn(self._client)
        for live in await self._watches.open_for(self.run.nodes, self._request.seen):
            self.view.see(live)

    async def _until_ready(self) -> None:
        while not self.run.is_done:
            while refs := self.run.startable():
                for ref in refs:
                    self._start(ref)
            if self.run.failures and not self._writers:
                return
            if not self.run.is_done:
                await self._take_in(_TICK_SECONDS)
                if self._clock() - self._ticked_at >= _TICK_SECONDS / 2:
                    await self._tick()

    async def _tick(self) -> None:
        """Do what is due because time passes, not because something was seen."""
        self._ticked_at = self._clock()
        await self._look_at_the_unwatched()
        self._look_again()
        self.run.tick(self._clock())
        self._telling.waiting(self.run.nodes.values())

    async def _look_at_the_unwatched(self) -> None:
        """Get what we may not watch, now and then: to get it may be allowed all the same."""
        if not self._watches.blind or self._clock() - self._looked_at < _LOOK_SECONDS:
            return
        self._looked_at = self._clock()
        for ref, node in self.run.nodes.items():
            if node.phase is Phase.OBSERVED and (
                KindName(ref.api_version, ref.kind) in self._watches.blind
            ):
                try:
                    live = await self._client.get(ref)
                except ClusterError:
                    continue
                if live is not None:
                    self.view.see(live)
                self._judge(ref)

    def _look_again(self) -> None:
        """Look at what has not moved for a while, as its watch may be what does not; ever less."""
        now, seconds = self._clock(), self._silent_seconds
        quiet = {
            ref.namespace
            for ref, node in self.run.nodes.items()
            if node.phase is Phase.OBSERVED
            and now - max(node.moved, self._looked_again_at) > seconds
        }
        if quiet:
            self._looked_again_at = now
            longest = min(_LONG_SILENT_SECONDS, self._request.limits.quiet / 3)
            self._silent_seconds = min(seconds * 2, longest)
            self._watches.look_again(quiet, silent_seconds=seconds)

    async def _hold(self) -> None:
        """
        Watch for some seconds that what is ready stays so and nothing starts again.

        What starts again gets its time like at first, within its budget, and has to stay ready for
        twice as long then: a container that crashes in turns is ready between.  What is lost more
        often than its budget has restarts has failed, where each of its pods is a new one.
        """
        seconds = self._request.limits.hold
        longest = max(seconds, _LONGEST_HOLD_SECONDS)
        while seconds > 0:
            if not self._steadiness.begin(self.view.of_kind(kinds.POD)):
                return  # Nothing runs that could start again.
            self._telling.emit(happenings.Holding(self.at, seconds))
            until = self._clock() + seconds
            while (left := until - self._clock()) > 0 and self._holds_still():
                await self._take_in(min(left, _TICK_SECONDS))
            if self.run.failures or self._holds_still():
                return
            self._steadiness.end()
            for ref, node in self.run.nodes.items():
                if not node.is_ready and not self._has_restarted(ref):
                    self.run.lost(ref, self._request.budget.restarts, self._clock())
            await self._until_ready()
            if self.run.failures:
                return
            seconds = min(seconds * 2, longest)

    def _has_restarted(self, ref: ObjectRef) -> bool:
        """Tell whether containers of ``ref`` were started again: their budget is for those."""
        live = self.view.get(ref)
        pods = self.view.pods_of(live) if live is not None else ()
        return any(map(failing.restarts, pods))

    def _holds_still(self) -> bool:
        return self.run.is_done and not self._steadiness.has_started_again

    async def _take_in(self, seconds: float) -> None:
        """Wait for something to happen, take in all that has, and judge what it touches."""
        try:
            # Not `wait_for`: before Python 3.12 it may swallow a cancellation (cpython#86296).
            async with asyncio.timeout(seconds):
                first = await self._queue.get()
        except TimeoutError:
            return
        touched: dict[ObjectRef, None] = {}
        message: Seen | None = first
        while True:
            if message is not None:
                touched.update(dict.fromkeys(self._see(message)))
            if self._queue.empty():
                break
            message = self._queue.get_nowait()
        for ref in touched:
            self._judge(ref)

    def _see(self, seen: Seen) -> list[ObjectRef]:
        event = seen.event
        if event.change is Change.RELISTED and event.listing is not None:
            kind = kinds.group_kind(seen.kind.api_version, seen.kind.kind)
            listing = event.listing
            return self.view.relisted(
                kind, seen.namespace, listing.items, version=listing.resource_version
            )
        if event.change is Change.DELETED:
            return self.view.gone(event.item)
        if self.view.has(event.item):
            return []  # It is the answer to our own write, which was judged.
        return self.view.see(event.item)

    def _start(self, ref: ObjectRef) -> None:
        step = self.run.nodes[ref].step
        live = self.view.get(ref)
        if not step.writes:
            self.run.begin(ref, self._clock())
            if live is not None:
                self._written(ref, live)
            else:
                verdict = current(step.cause, reason="Complete")
                self.run.completed_before(ref, verdict, self._clock())
                self._telling.progress(self.run.nodes[ref])
            return
        self._begin_writing(self._write(ref, step))

    def _begin_writing(self, work: Coroutine[None, None, None]) -> None:
        """Let ``work`` go on beside the others; it is finished before the deployment ends."""
        task = self._group.create_task(work)
        self._writers.add(task)
        task.add_done_callback(self._has_written)

    def _has_written(self, task: asyncio.Task[None]) -> None:
        self._writers.discard(task)
        if self.run.failures and not self._writers:
            self._wake()  # That is the end.

    def _wake(self) -> None:
        """Have it seen at once what comes next."""
        self._queue.put_nowait(None)

    def _turn_of(self, ref: ObjectRef, step: Step) -> writing.Turn:
        """Return the turns of one object; the first of them begins it, unless something failed."""
        is_begun = False

        @asynccontextmanager
        async def turn() -> AsyncIterator[None]:
            nonlocal is_begun
            async with self._turns.turn(self._places[ref]):
                if not is_begun:
                    if self.run.is_stopping:
                        raise _TooLate
                    is_begun = True
                    self.run.begin(ref, self._clock())
                    self._telling.emit(happenings.Writing(self.at, ref, step.action))
                yield

        return turn

    async def _write(self, ref: ObjectRef, step: Step) -> None:
        item = self._request.desired.objects.get(ref)
        assert item is not None
        is_job = item.kind == kinds.JOB
        before = self.view.get(ref)
        try:
            if (
                is_job
                and step.action is Action.CREATE
                and await self._jobs.has_completed(ref, step.digest)
            ):
                verdict = current("it completed before", reason="Complete")
                self.run.completed_before(ref, verdict, self._clock())
                self._telling.progress(self.run.nodes[ref])
                self._wake()
                return
            if step.action is Action.RECREATE and is_job:
                # Its absence must not look like the end of the one before.
                await self._jobs.written(Entry(ref))
            scaled = self._request.desired.is_scaled(ref)
            manifest = plan.wanted(item, before, is_scaled=scaled)
            if is_job:
                if step.action is Action.CHANGE and conditions.is_true(before or {}, "Complete"):
                    await self._jobs.completed(ref, step.digest)
                manifest = self._jobs.lasting(ref, manifest, step.digest)
            live = await writing.write(
                self._client,
                step,
                manifest,
                check=self._holding.check,
                turn=self._turn_of(ref, step),
                tell=lambda why: self._tell_refusal(ref, why),
                gone_seconds=self._request.limits.quiet,
            )
        except _TooLate:
            return
        except Refusal as refusal:
            self.run.nodes[ref].verdict = Verdict(Status.FAILED, refusal.reason)
            self.run.failed(ref, refusal.reason, self.redact(refusal.message), self._clock())
            self._telling.progress(self.run.nodes[ref])
            self._wake()
            return
        entry = Entry(ref, observed.uid_of(live), step.digest)
        self.applied[ref] = entry
        if is_job:
            await self._jobs.written(entry)
        if kinds.group_kind(ref.api_version, ref.kind) in self._request.seen.unserved:
            for found in await self._watches.open_for([ref], observed.observed([])):
                self.view.see(found)
        self.view.see(live)
        self._written(ref, live)
        self._wake()

    def _tell_refusal(self, ref: ObjectRef, why: str) -> None:
        """Tell why ``ref`` is not written yet, which may pass."""
        node = self.run.nodes[ref]
        node.verdict = Verdict(node.verdict.status, warning=why)
        self._telling.progress(node)

    def _written(self, ref: ObjectRef, live: Manifest) -> None:
        self.run.written(
            ref,
            uid=observed.uid_of(live),
            generation=observed.generation_of(live),
            now=self._clock(),
        )
        if ref.kind == "CustomResourceDefinition":
            self._group.create_task(self._until_served(ref, live))
        self._judge(ref)

    async def _until_served(self, ref: ObjectRef, live: Manifest) -> None:
        group = fields.text(fields.at(live, "spec", "group")) or ""
        kind = fields.text(fields.at(live, "spec", "names", "kind")) or ""
        versions = [
            fields.text(one.get("name")) or ""
            for _, one in fields.mappings(fields.at(live, "spec", "versions"))
            if one.get("served") is not False
        ]
        self._served[ref] = False
        while not self.run.is_stopping:
            name = KindName(f"{group}/{versions[0]}", kind)
            if not versions or await self._client.serves(name, anew=True):
                break
            await asyncio.sleep(_TICK_SECONDS)
        self._served[ref] = True
        self._judge(ref)
        self._wake()

    def _judge(self, ref: ObjectRef) -> None:
        """Judge ``ref`` by what is known now, and tell of what is new."""
        node: Node | None = self._by_key.get(observed.key(ref))
        if node is None:
            return
        ref = node.step.ref
        if node.phase is Phase.FAILED or not node.uid:
            self._telling.progress(self.run.nodes[ref])
            return
        live = self.view.get(ref)
        now = self._clock()
        if live is None or observed.uid_of(live) != node.uid:
            self._gone(ref, live)
            return
        if not self.run.counts(
            ref, uid=observed.uid_of(live), generation=observed.generation_of(live)
        ):
            return
        sees_slices = watches.SLICES not in self._watches.blind
        budget = self._request.budget
        if self.run.has_unready_dependency(ref):
            budget = budget.while_waiting()
        around = self.view.around(
            live,
            now=self._now(),
            budget=budget,
            is_served=self._served.get(ref),
            binding_mode=self._binding_mode(live),
            backing_replicas=(
                self.view.backing_replicas(live) if ref.kind == "Service" and sees_slices else None
            ),
            is_seen=sees_slices and ref in self._without_pods,
            applied_at=self._now() - (now - node.moved),
        )
        verdict = judging.judged(live, around)
        if ref.kind == "Job":
            self._note_job(ref, live, verdict, node.step.digest)
        if ref.kind == "StatefulSet" and self._request.rolls_back_to and not verdict.is_current:
            self._free(ref, live, around.pods)
        verdict = self._steadiness.held(verdict, around.pods, budget)
        self.run.judged(
            ref,
            verdict,
            is_started=view.is_started(live, around.pods),
            shape=movement.shape(live, around.pods),
            now=now,
        )
        self._telling.progress(self.run.nodes[ref])

    def _free(self, ref: ObjectRef, live: Manifest, pods: tuple[Manifest, ...]) -> None:
        """Delete broken pods of the revision that is left, which hold up the one gone back to."""
        for pod in stateful_set.stuck_pods(live, pods):
            uid = observed.uid_of(pod)
            if uid not in self._freed:
                self._freed.add(uid)
                self._begin_writing(self._delete_pod(observed.ref_of(pod), uid))

    async def _delete_pod(self, ref: ObjectRef, uid: str) -> None:
        try:
            await self._client.delete(ref, uid=uid, check=self._holding.check)
        except (errors.Refused, errors.Unreachable):
            self._freed.discard(uid)

    def _note_job(self, ref: ObjectRef, live: Manifest, verdict: Verdict, digest: str) -> None:
        self._jobs.see(ref, live)
        is_complete = verdict.is_current and verdict.reason == "Complete"
        if is_complete and not self._jobs.has_done(ref, digest):
            self._begin_writing(self._remember_job(ref, digest))

    async def _remember_job(self, ref: ObjectRef, digest: str) -> None:
        """Remember that a Job completed; one that removes itself may do so from then on."""
        await self._jobs.completed(ref, digest)
        item = self._request.desired.objects.get(ref)
        if item is not None and job_memory.removes_itself(item.manifest):
            try:
                await self._client.apply(item.manifest, force=True, check=self._holding.check)
            except errors.Refused:
                return  # It stays, and the next deployment finds what it lacks.

    def _gone(self, ref: ObjectRef, live: Manifest | None) -> None:
        """Decide what it means that the object that was written is not there."""
        node = self.run.nodes[ref]
        now = self._clock()
        if ref.kind == "Job" and live is None:
            verdict = self._jobs.vanished(
                ref,
                node.step.digest,
                was_ready=node.phase is Phase.READY,
                events=self.view.events_about(node.uid),
            )
            if verdict.status is not Status.NOT_FOUND:
                self.run.judged(ref, verdict, is_started=True, shape="gone", now=now)
                self._telling.progress(self.run.nodes[ref])
                return
        if self.run.vanished(ref, now):
            self._telling.forget(ref)
        self._telling.progress(self.run.nodes[ref])

    def _binding_mode(self, live: Manifest) -> str | None:
        if live.get("kind") != "PersistentVolumeClaim":
            return None
        return self._modes.of(live, {one.kind for one in self.run.nodes})
