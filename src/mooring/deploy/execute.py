"""
Carries out a plan, and remembers: what may be written before it is, what is gone after it is.

The order of writes to the memory is what makes an end at any point harmless: the objects of the
revision and the inventory of everything that may be written, the journal, and only then the first
object; after the last deletion the narrower inventory, and only then the journal.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mooring.deploy import evidence, happenings, journal, observed, writing
from mooring.deploy.happenings import Happening
from mooring.deploy.holding import Holding, LeaseLost
from mooring.deploy.inventory import Entry
from mooring.deploy.journal import Revision, State
from mooring.deploy.memory import Memory
from mooring.deploy.outcome import Outcome
from mooring.deploy.plan import Action
from mooring.deploy.reconcile import Failure, Phase
from mooring.deploy.requests import Request
from mooring.deploy.rollout import Rollout
from mooring.deploy.writing import Refusal
from mooring.errors import ClusterError

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_MOST_EVIDENCE = 3


async def execute(
    client: "Client",
    request: Request,
    memory: Memory,
    holding: Holding,
    *,
    emit: Callable[[Happening], None],
    clock: Callable[[], float],
    now: Callable[[], float],
) -> Outcome:
    """
    Carry out the plan and return how it went; what failed is in the outcome, not raised.

    ``clock`` is monotonic, ``now`` the time in seconds since 1970.

    Raises:
        ClusterError: the cluster cannot be reached, or the lease is lost.
    """
    execution = _Execution(client, request, memory, holding, emit, clock, now)
    try:
        return await execution.whole()
    except BaseExceptionGroup as group:
        # What the tasks of one deployment raise is one error to the caller.
        errors, rest = group.split(ClusterError)
        if rest is None and errors is not None:
            raise _first(errors) from None
        raise


def _first(group: BaseExceptionGroup[ClusterError]) -> ClusterError:
    leaves: list[ClusterError] = []
    pending: list[BaseException] = [group]
    while pending:
        one = pending.pop()
        if isinstance(one, BaseExceptionGroup):
            pending.extend(one.exceptions)
        elif isinstance(one, ClusterError):
            leaves.append(one)
    return next((one for one in leaves if isinstance(one, LeaseLost)), leaves[0])


class _Execution:
    """One deployment from its first record to its last."""

    def __init__(
        self,
        client: "Client",
        request: Request,
        memory: Memory,
        holding: Holding,
        emit: Callable[[Happening], None],
        clock: Callable[[], float],
        now: Callable[[], float],
    ) -> None:
        self._client, self._request, self._memory = client, request, memory
        self._holding, self._emit, self._now = holding, emit, now
        self._steps = {step.ref: step for step in request.plan.steps}
        self._rollout = Rollout(client, request, memory, holding, emit=emit, clock=clock, now=now)
        self._number = 0

    async def whole(self) -> Outcome:
        """Do all of it."""
        try:
            await self._rollout.whole(self._begin)
        except asyncio.CancelledError:
            await self._leave()
            raise
        if self._rollout.run.failures:
            return await self._fail()
        try:
            await self._prune()
        except Refusal as refusal:
            ref = next(iter(self._rollout.run.nodes))
            self._rollout.run.failures.append(Failure(ref, refusal.reason, refusal.message))
            return await self._fail()
        return await self._succeed()

    async def _begin(self) -> None:
        """Remember what may be written, before anything is."""
        request, memory = self._request, self._memory
        before = memory.journal.interrupted
        resumes = before is not None and before.digest == request.plan.digest
        self._number = before.number if before and resumes else memory.journal.next_number
        manifests = [item.manifest for item in request.desired.objects]
        planned = memory.inventory.with_planned(request.desired.refs)
        check = self._holding.check
        check()
        async with asyncio.TaskGroup() as both:
            objects = both.create_task(memory.save_objects(self._number, manifests, check=check))
            both.create_task(memory.save_inventory(planned))
        pieces, size = objects.result()
        self._holding.check()
        revision = Revision(
            number=self._number,
            digest=request.plan.digest,
            state=State.DEPLOYING,
            started=before.started if before and resumes else self._time(),
            by=request.by,
            what=request.what,
            pieces=pieces,
            rolls_back_to=request.rolls_back_to,
            jobs=tuple(sorted(ref.name for ref in request.desired.refs if ref.kind == "Job")),
            run=request.run,
            # What goes on has the changes of its beginning; of those, some are done.
            changes=before.changes if before and resumes else journal.changes(request.plan),
            size=size,
        )
        await memory.save_journal(memory.journal.begun(revision))
        nodes = len(self._rollout.run.nodes)
        self._emit(happenings.Began(self._rollout.at, self._number, nodes, resumes))

    def _time(self) -> str:
        moment = datetime.fromtimestamp(self._now(), UTC)
        return moment.isoformat(timespec="seconds").replace("+00:00", "Z")

    async def _fail(self) -> Outcome:
        """Say why, with what goes with it, and remember it."""
        run = self._rollout.run
        for failure in run.failures[:_MOST_EVIDENCE]:
            live = self._rollout.view.get(failure.ref)
            trouble = evidence.trouble_of(self._rollout.view, live)
            step = self._steps.get(failure.ref)
            self._emit(
                happenings.Failed(
                    self._rollout.at,
                    failure.ref,
                    failure.reason,
                    self._rollout.redact(failure.message),
                    origin=step.origin if step else "",
                    container=trouble.container if trouble else "",
                    log=await evidence.log_of(
                        self._client, failure.ref, trouble, self._rollout.redact
                    ),
                    remedy=evidence.remedy(failure.ref, failure.reason, trouble),
                )
            )
        first = run.failures[0]
        reason = self._rollout.redact(f"{first.ref}: {first.message}")
        await self._save_applied()
        self._holding.check()
        changed, forgotten = self._memory.journal.with_state(
            self._number, State.FAILED, ended=self._time(), reason=reason[:500]
        ).bounded()
        # As long as the journal names them, whoever comes next finds what is left of them.
        await self._memory.forget(forgotten, check=self._holding.check)
        await self._memory.save_journal(changed)
        held = tuple(ref for ref, node in run.nodes.items() if node.phase is Phase.HELD)
        self._emit(happenings.Ended(self._rollout.at, self._number, "failed", waiting=held))
        return self._outcome()

    async def _succeed(self) -> Outcome:
        memory = self._memory
        self._holding.check()
        changed = memory.journal.with_state(self._number, State.VERIFIED, ended=self._time())
        changed, forgotten = changed.bounded()
        # As long as the journal names them, whoever comes next finds what is left of them.
        await memory.forget(forgotten, check=self._holding.check)
        await memory.save_journal(changed)
        outcome = self._outcome()
        self._emit(happenings.Ended(self._rollout.at, self._number, "verified", path=outcome.path))
        return outcome

    async def _prune(self) -> None:
        """Delete what is no longer wanted, and forget what is gone."""
        await self._save_applied()
        steps = [step for step in self._request.plan.steps if step.action is Action.PRUNE]
        if steps:
            self._holding.check()
            await self._memory.save_journal(
                self._memory.journal.with_state(self._number, State.PRUNING)
            )
        for step in steps:
            await writing.delete(
                self._client,
                step.ref,
                uid=step.uid,
                check=self._holding.check,
                gone_seconds=self._request.limits.quiet,
            )
            self._emit(happenings.Pruned(self._rollout.at, step.ref))
        kept = {
            observed.key(step.ref)
            for step in self._request.plan.steps
            if step.action is Action.KEEP
        }
        gone = [
            entry.ref
            for entry in self._memory.inventory.beyond(self._request.desired.refs)
            if observed.key(entry.ref) not in kept
        ]
        if gone:
            self._holding.check()
            await self._memory.save_inventory(self._memory.inventory.without(gone))

    async def _save_applied(self) -> None:
        known = self._memory.inventory
        entries = dict(self._rollout.applied)
        for ref, node in self._rollout.run.nodes.items():
            # What needed no change is known by its uid as well.
            if ref not in entries and node.uid and not node.step.writes:
                entries[ref] = Entry(ref, node.uid, node.step.digest)
        changed = known.with_applied(entries.values())
        if changed != known:
            self._holding.check()
            await self._memory.save_inventory(changed)

    async def _leave(self) -> None:
        """Leave a state that the next run goes on from; the journal says that it is open."""
        self._emit(happenings.Ended(self._rollout.at, self._number, "interrupted"))
        try:
            async with asyncio.timeout(5):
                await self._save_applied()
        except (ClusterError, TimeoutError):
            return

    def _outcome(self) -> Outcome:
        return Outcome(
            revision=self._number,
            failures=tuple(self._rollout.run.failures),
            seconds=self._rollout.at,
            path=self._rollout.run.critical_path(),
            warnings=tuple(
                (ref, self._rollout.redact(node.verdict.warning))
                for ref, node in self._rollout.run.nodes.items()
                if node.verdict.warning
            ),
        )
