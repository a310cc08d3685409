"""
One deployment from the plan to the summary; `up` and `rollback` share it.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from mooring.cli import statuses, terminal
from mooring.cli.deploying import session
from mooring.cli.deploying.session import Looked, Session
from mooring.cli.invocation import Invocation
from mooring.errors import ClusterError, MooringError, OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from mooring.deploy.happenings import Happening
    from mooring.deploy.lease import Holder
    from mooring.deploy.outcome import Outcome
    from mooring.deploy.plan import Options, Plan, Step
    from mooring.deploy.reconcile import Limits
    from mooring.refs import ObjectRef

INTERRUPTED = "interrupted: run the same command again, and it goes on from here"


class PlanRefused(MooringError):
    """The plan cannot be carried out as it is."""

    exit_status = 1


def check_again(names: "Collection[str]", refs: "Iterable[ObjectRef]") -> None:
    """
    Return where every Job that is to run again is among ``refs``.

    Raises:
        UsageError: one is not.
    """
    jobs = {ref.name for ref in refs if ref.kind == "Job"}
    for name in sorted(set(names) - jobs):
        raise UsageError(
            f"there is no Job {name}", remedy=f"there is: {', '.join(sorted(jobs)) or 'none'}"
        )


def keep(place: str, files: "Mapping[str, bytes]") -> None:
    """Write the evidence of a failure to ``place``, and say so; where there is none, nothing."""
    if not files:
        return
    from mooring.cli.deploying import bundles

    try:
        bundles.write(place, files)
    except OutputError as error:
        terminal.say(f"warning: {error.message}")
        return
    terminal.say(f"evidence: {len(files)} files in {place}, secrets masked")


def differs(before: "Step | None", now: "Step", *, is_exact: bool, home: str) -> bool:
    """
    Tell whether a step is another than the one that was agreed to.

    What takes nothing away may have become less or more, unless all of it ``is_exact``.  The
    namespace ``home``, in which is remembered what is done, was made meanwhile, as it was said.
    """
    is_home = now.ref.kind == "Namespace" and now.ref.name == home
    if not now.writes or (is_home and before is not None and before.action.value == "create"):
        return False
    if now.action.value in ("prune", "recreate") or is_exact:
        return before is None or (before.action, before.digest, before.fields) != (
            now.action,
            now.digest,
            now.fields,
        )
    return False


Identity: TypeAlias = "tuple[Holder, Callable[[str], bool]]"
"""Who deploys, and what tells whether another process of this machine is alive."""


class Deployment:
    """
    One deployment from the plan to the summary; `up` and `rollback` share it.

    ``part`` is the name of a release among several, ``run`` the same for all of them that go up
    together.  ``identity`` is this process unless a test
    says otherwise.
    """

    def __init__(
        self,
        invocation: Invocation,
        one: Session,
        allowed: "Options",
        limits: "Limits",
        *,
        restarts: int,
        lease_seconds: float,
        form: str,
        is_agreed: bool,
        what: str,
        plan_file: str | None = None,
        rolls_back_to: int = 0,
        identity: "Identity | None" = None,
        part: str = "",
        run: str = "",
        evidence: str | None = None,
    ) -> None:
        self._invocation, self._session = invocation, one
        self._allowed, self._limits = allowed, limits
        self._restarts, self._lease_seconds = restarts, lease_seconds
        self._form, self._is_agreed, self._what = form, is_agreed, what
        self._plan_file, self._part, self._run = plan_file, part, run
        self._rolls_back_to, self._identity = rolls_back_to, identity
        self._palette = terminal.palette(sys.stderr, invocation.arguments)
        self._looked: Looked | None = None
        self._evidence = evidence
        self.kept: dict[str, bytes] = {}
        """The evidence of a failure, by the paths of its files; nothing where none is wanted."""
        self._is_homeless = False
        self._happened: list[Happening] = []

    async def whole(self) -> int:
        """Plan, ask, deploy, tell; return the exit status."""
        if not await self.look():
            self._result("nothing to do: everything is as it should be, and ready")
            return statuses.FINE
        self.refuse()
        self.show()
        if not self._agreed(self.plan):
            terminal.say("nothing was done")
            return statuses.FINDINGS
        await self.make_home()
        try:
            outcome = await self.carry_out()
        except asyncio.CancelledError:
            terminal.say(INTERRUPTED)
            raise
        self._tell_end(outcome)
        if self._evidence is not None:
            keep(self._evidence, self.kept)
        return statuses.FINDINGS if outcome.failures else statuses.FINE

    @property
    def plan(self) -> "Plan":
        """What is to be done, once `look` has looked."""
        assert self._looked is not None
        return self._looked.plan

    @property
    def session(self) -> Session:
        """What it knows of its environment."""
        return self._session

    async def look(self) -> bool:
        """Look at the cluster, and tell whether anything is to be done or waited for."""
        from mooring.cli.deploying import home

        check_again(self._allowed.again, self._session.desired.refs)
        self._looked = await self._look()
        self._is_homeless = await home.is_missing(self._session)
        return bool(self.plan.changes or not await self._is_up_already(self._looked))

    async def look_again(self, renewed: Session) -> None:
        """
        Look once more, now that what it needs is there: kinds are served, namespaces made.

        Raises:
            PlanRefused: something else is to be done than was planned.
        """
        before = {step.ref: step for step in self.plan.steps}
        self._session = renewed
        self._looked = await self._look(again=True)
        is_exact = self._plan_file is not None
        others = [
            f"{step.ref}: {step.action.value}"
            for step in self.plan.steps
            if differs(before.get(step.ref), step, is_exact=is_exact, home=self.plan.home)
        ]
        if others:
            raise PlanRefused(
                f"something else is to be done than was planned: {', '.join(others[:3])}",
                remedy="run it again, and read the plan",
            )
        self.refuse()

    async def carry_out(self, emit: "Callable[[Happening], None] | None" = None) -> "Outcome":
        """
        Do what was planned, under the lease, and return how it went.

        ``emit`` is told of each happening, instead of who reads along.

        Raises:
            ClusterError: the cluster cannot be reached, or somebody else deploys.
            PlanRefused: what is to be done has changed meanwhile, and nobody agrees to it.
        """
        from mooring.cli.deploying import holder
        from mooring.deploy import records
        from mooring.deploy.holding import Holding

        one = self._session
        assert self._looked is not None
        looked = self._looked
        who, is_alive = self._identity or (holder.this_process(), holder.is_alive)
        async with Holding(
            one.client,
            records.lease_ref(one.desired.home, one.desired.project, one.desired.environment),
            who,
            wait_seconds=self._lease_seconds,
            is_alive=is_alive,
            told=self._wait_told(),
        ) as holding:
            version = one.memory.version
            await one.memory.read()
            if one.memory.version != version:
                # Somebody has deployed since the plan was made.
                before = looked.plan.encoded()
                looked = self._looked = await self._look()
                if self.plan.encoded() != before:
                    terminal.say("somebody has deployed meanwhile; this is what is left to do:")
                    self.refuse()
                    self.show()
                    if emit is not None and not self._is_agreed:
                        raise PlanRefused("the plan has changed", remedy="run it again")
                    if not self._agreed(self.plan):
                        raise PlanRefused("nothing was done", remedy="run it again")
            outcome = await self._execute(looked, holding, emit)
        if outcome.failures and self._evidence is not None:
            self.kept = await self._gather(outcome)
        return outcome

    async def _gather(self, outcome: "Outcome") -> dict[str, bytes]:
        """Return what tells why it failed; nothing, with a word of it, where that cannot be had."""
        from mooring.deploy import bundle, health, observing

        one = self._session
        told = bundle.Told(self.plan, one.memory.journal, outcome, tuple(self._happened))
        try:
            seen = await observing.observe(one.client, one.desired.refs)
            found = await health.health(one.client, one.desired.refs, seen, now=time.time())
            files = await bundle.files(one.client, told, one.desired.objects, found)
        except ClusterError as error:
            terminal.say(f"warning: the evidence cannot be gathered: {error.message}")
            return {}
        base = f"{one.desired.project}.{one.desired.environment}.r{outcome.revision}"
        return {f"{base}/{path}": content for path, content in files.items()}

    async def _look(self, *, again: bool = False) -> Looked:
        from mooring.cli.deploying import plan_files

        also_new = self._plan_file is not None or not self._is_agreed
        looked = await session.look(self._session, self._allowed, also_new=also_new)
        if self._plan_file is not None and not again:
            saved = plan_files.read(self._plan_file).get(self._part)
            plan_files.refuse_other(saved, looked.plan, self._plan_file, self._named())
        return looked

    async def _is_up_already(self, looked: Looked) -> bool:
        """Tell whether the last deployment was the same, and everything is ready by its status."""
        from mooring.semantics.readiness import judging
        from mooring.semantics.readiness.around import Around
        from mooring.semantics.readiness.claim import WAITS_FOR_POD

        last = self._session.memory.journal.last
        if last is None or last.state.value != "verified" or last.digest != looked.plan.digest:
            return False
        around = Around(binding_mode=WAITS_FOR_POD)
        for step in looked.plan.steps:
            live = looked.seen.get(step.ref)
            if live is None and step.ref.kind == "Job":
                continue
            if step.digest and not judging.judged(live, around).is_current:
                return False
        return True

    def refuse(self) -> None:
        """
        Return where the plan can be carried out.

        Raises:
            PlanRefused: naming what keeps it, and the option that allows it.
        """
        made = self.plan
        if not made.blocked:
            return
        from mooring.report import plan_text

        terminal.say(plan_text.text(made, palette=self._palette))
        instead = sorted({danger.instead for danger in made.blocked if danger.instead})
        needed = sorted({danger.needs for danger in made.blocked})
        options = [*instead, *(option for option in needed if option.startswith("-"))]
        raise PlanRefused(
            "; ".join(list(plan_text.refusals(made.blocked))[:3]),
            remedy=f"add {' or '.join(options)}" if options else "correct what is refused",
        )

    def show(self) -> None:
        """Print the plan for who is going to be asked."""
        from mooring.report import plan_text

        made = self.plan
        if self._form != "json" and self._invocation.verbosity >= 0:
            is_verbose = self._invocation.verbosity > 0
            terminal.say(plan_text.text(made, palette=self._palette, is_verbose=is_verbose))
            if self._is_homeless:
                terminal.say(f"first of all the namespace {made.home} is made, as it is not there")

    def _agreed(self, made: "Plan") -> bool:
        if self._is_agreed or self._plan_file is not None or not made.changes:
            return True
        if not terminal.is_terminal(sys.stdin) or sys.stdin is None:
            raise UsageError("nobody is there to be asked", remedy="add --yes")
        terminal.say(f"Do this in {made.environment}? [y/N] ")
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    async def make_home(self) -> None:
        """Make the namespace in which it is remembered what is deployed."""
        from mooring.cli.deploying import home

        assert self._looked is not None
        await home.make(self._session, self._looked.seen, self._limits.total)

    def _wait_told(self) -> Callable[[str], None]:
        said: set[str] = set()

        def tell(who: str) -> None:
            if who not in said:
                said.add(who)
                terminal.say(f"waits: {who} is deploying here")

        return tell

    async def _execute(
        self, looked: Looked, holding: object, emit: "Callable[[Happening], None] | None"
    ) -> "Outcome":
        from mooring.cli.deploying import holder, progress
        from mooring.deploy import execute
        from mooring.deploy.holding import Holding
        from mooring.deploy.requests import Request
        from mooring.semantics.readiness.around import Budget

        assert isinstance(holding, Holding)
        one = self._session
        request = Request(
            desired=one.desired,
            graph=one.graph,
            plan=looked.plan,
            seen=looked.seen,
            by=holder.shown(),
            what=self._what,
            limits=self._limits,
            budget=Budget(restarts=self._restarts),
            rolls_back_to=self._rolls_back_to,
            again=self._allowed.again,
            run=self._run,
        )
        told = emit or progress.emitter(
            self._form,
            looked.plan,
            one.graph,
            self._palette,
            verbosity=self._invocation.verbosity,
        )
        if self._evidence is not None:
            from mooring.cli.deploying.bundles import Recorder

            told = recorder = Recorder(told)
            self._happened = recorder.happened
        return await execute.execute(
            one.client,
            request,
            one.memory,
            holding,
            emit=told,
            clock=time.monotonic,
            now=time.time,
        )

    def _tell_end(self, outcome: "Outcome") -> None:
        from mooring.report import deployment_end

        if self._form != "json":
            named = self._named()
            palette = terminal.palette(sys.stdout, self._invocation.arguments)
            can_go_back = self._session.memory.journal.verified is not None
            terminal.print_result(
                deployment_end.text(outcome, named, palette, can_go_back=can_go_back)
            )

    def _named(self) -> str:
        """Return how what is deployed is named on the command line."""
        from mooring.cli.deploying import naming

        return naming.words(self._session.desired.environment, self._invocation.arguments)

    def _result(self, text: str) -> None:
        if self._form == "json":
            terminal.print_result('{"event":"unchanged"}')
        else:
            terminal.print_result(text)
