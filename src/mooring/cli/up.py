"""`mooring up`: deploys, in the order in which things need one another."""

import asyncio
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from mooring.cli import statuses, terminal
from mooring.cli.deploying import inputs, numbers, readiness_for_production, session
from mooring.cli.deploying import options as common
from mooring.cli.deploying.session import Looked, Session
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.errors import MooringError, UsageError

if TYPE_CHECKING:
    from mooring.deploy.lease import Holder
    from mooring.deploy.outcome import Outcome
    from mooring.deploy.plan import Options, Plan
    from mooring.deploy.reconcile import Limits

ARGUMENTS = common.ENVIRONMENT
OPTIONS = (
    *common.WHERE,
    common.YES,
    Option(
        ("--plan",),
        "plan_file",
        metavar="FILE",
        help="Do what a saved plan says, or refuse when that is not what would be done now.",
    ),
    *common.LIMITS,
    *common.ALLOWED,
    common.WAIT_FOR_LEASE,
    Option(
        ("--accept-open-questions",),
        "accept_open_questions",
        is_flag=True,
        help="Deploy although questions are open, or secrets are placeholders.",
    ),
    Option(
        ("--again",),
        "again",
        repeats=True,
        metavar="JOB",
        help="Run a Job again that has completed; may be repeated.",
    ),
    common.FORMAT,
)


class PlanRefused(MooringError):
    """The plan cannot be carried out as it is."""

    exit_status = 1


def up(
    invocation: Invocation,
    *,
    env: str | None,
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    context: str | None,
    yes: bool,
    plan_file: str | None,
    timeout: str,
    quiet_timeout: str,
    hold: str,
    restarts: str,
    no_prune: bool,
    prune_limit: str | None,
    prune_protected: bool,
    allow_data_loss: bool,
    take_over: bool,
    wait_for_lease: str,
    accept_open_questions: bool,
    again: tuple[str, ...],
    format_name: str,
) -> int:
    """
    Deploy ENV: what is needed first goes first, and each starts when that is ready.

    Prints what will be done and asks.  When something fails it says why at once and stops; run it
    again, after any kind of end, and it goes on from there.  Jobs that completed are not run again.
    """
    from mooring.deploy.plan import Options
    from mooring.deploy.reconcile import Limits

    given = inputs.given(invocation, env, kustomization=kustomization, paths=paths, output=output)
    allowed = Options(
        prune=not no_prune,
        prune_limit=numbers.count(prune_limit, "--prune-limit"),
        prune_protected=prune_protected,
        allow_data_loss=allow_data_loss,
        take_over=take_over,
        again=frozenset(again),
    )
    limits = Limits(
        quiet=numbers.seconds(quiet_timeout, "--quiet-timeout"),
        total=numbers.seconds(timeout, "--timeout"),
        hold=numbers.seconds(hold, "--hold"),
    )
    questions = (
        ()
        if accept_open_questions
        else readiness_for_production.open_questions(invocation, given, output)
    )
    readiness_for_production.refuse(questions, (), given.environment)

    async def work() -> int:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            one = await session.session(client, given, namespace=namespace)
            if not accept_open_questions:
                held = readiness_for_production.placeholders(one.desired, given.environment)
                readiness_for_production.refuse((), held, given.environment)
            deployment = Deployment(
                invocation,
                one,
                allowed,
                limits,
                restarts=numbers.count(restarts, "--restarts") or 0,
                lease_seconds=numbers.seconds(wait_for_lease, "--wait-for-lease"),
                form=format_name,
                is_agreed=yes,
                plan_file=plan_file,
                what=f"up from {given.folder}",
            )
            return await deployment.whole()

    return session.run(work)


Identity: TypeAlias = "tuple[Holder, Callable[[str], bool]]"
"""Who deploys, and what tells whether another process of this machine is alive."""


class Deployment:
    """
    One deployment from the plan to the summary; `up` and `rollback` share it.

    ``identity`` is this process unless a test says otherwise.
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
    ) -> None:
        self._invocation, self._session = invocation, one
        self._allowed, self._limits = allowed, limits
        self._restarts, self._lease_seconds = restarts, lease_seconds
        self._form, self._is_agreed, self._what = form, is_agreed, what
        self._plan_file = plan_file
        self._rolls_back_to, self._identity = rolls_back_to, identity
        self._palette = terminal.palette(sys.stderr, invocation.arguments)

    async def whole(self) -> int:
        """Plan, ask, deploy, tell; return the exit status."""
        from mooring.cli.deploying import holder
        from mooring.deploy import records
        from mooring.deploy.holding import Holding

        one = self._session
        self._check_again()
        looked = await self._look()
        if not looked.plan.changes and await self._is_up_already(looked):
            self._result("nothing to do: everything is as it should be, and ready")
            return statuses.FINE
        self._refuse(looked.plan)
        self._show(looked.plan)
        if not self._agreed(looked.plan):
            terminal.say("nothing was done")
            return statuses.FINDINGS
        await self._make_home(looked)
        home, project, environment = (
            one.desired.home,
            one.desired.project,
            one.desired.environment,
        )
        who, is_alive = self._identity or (holder.this_process(), holder.is_alive)
        async with Holding(
            one.client,
            records.lease_ref(home, project, environment),
            who,
            wait_seconds=self._lease_seconds,
            is_alive=is_alive,
            told=self._wait_told(),
        ) as holding:
            version = one.memory.version
            await one.memory.read()
            if one.memory.version != version:
                # Somebody has deployed since the plan was made.
                again = await self._look()
                if again.plan.encoded() != looked.plan.encoded():
                    terminal.say("somebody has deployed meanwhile; this is what is left to do:")
                    self._refuse(again.plan)
                    self._show(again.plan)
                    if not self._agreed(again.plan):
                        return statuses.FINDINGS
                looked = again
            outcome = await self._execute(looked, holding)
        self._tell_end(outcome)
        return statuses.FINDINGS if outcome.failures else statuses.FINE

    async def _look(self) -> Looked:
        from mooring.cli.deploying import plan_files

        also_new = self._plan_file is not None or not self._is_agreed
        looked = await session.look(self._session, self._allowed, also_new=also_new)
        if self._plan_file is not None:
            plan_files.refuse_other(plan_files.read(self._plan_file), looked.plan, self._plan_file)
        return looked

    def _check_again(self) -> None:
        jobs = {ref.name for ref in self._session.desired.refs if ref.kind == "Job"}
        for name in sorted(self._allowed.again - jobs):
            raise UsageError(
                f"there is no Job {name}",
                remedy=f"there is: {', '.join(sorted(jobs)) or 'none'}",
            )

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

    def _refuse(self, made: "Plan") -> None:
        if not made.blocked:
            return
        from mooring.report import plan_text

        terminal.say(plan_text.text(made, palette=self._palette))
        raise PlanRefused(
            "; ".join(danger.message for danger in made.blocked[:3]),
            remedy=" or ".join(sorted({d.needs for d in made.blocked if d.needs}))
            or "correct what is refused",
        )

    def _show(self, made: "Plan") -> None:
        from mooring.report import plan_text

        if self._form != "json" and self._invocation.verbosity >= 0:
            is_verbose = self._invocation.verbosity > 0
            terminal.say(plan_text.text(made, palette=self._palette, is_verbose=is_verbose))

    def _agreed(self, made: "Plan") -> bool:
        if self._is_agreed or self._plan_file is not None or not made.changes:
            return True
        if not terminal.is_terminal(sys.stdin) or sys.stdin is None:
            raise UsageError("nobody is there to be asked", remedy="add --yes")
        terminal.say(f"Do this in {made.environment}? [y/N] ")
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    async def _make_home(self, looked: Looked) -> None:
        from mooring.cli.deploying import home

        await home.make(self._session, looked.seen, self._limits.total)

    def _wait_told(self) -> Callable[[str], None]:
        said: set[str] = set()

        def tell(who: str) -> None:
            if who not in said:
                said.add(who)
                terminal.say(f"waits: {who} is deploying here")

        return tell

    async def _execute(self, looked: Looked, holding: object) -> "Outcome":
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
        )
        emit = progress.emitter(
            self._form,
            looked.plan,
            one.graph,
            self._palette,
            verbosity=self._invocation.verbosity,
        )
        try:
            return await execute.execute(
                one.client,
                request,
                one.memory,
                holding,
                emit=emit,
                clock=time.monotonic,
                now=time.time,
            )
        except asyncio.CancelledError:
            terminal.say("interrupted: run the same command again, and it goes on from here")
            raise

    def _tell_end(self, outcome: "Outcome") -> None:
        from mooring.report import deployment_end

        if self._form != "json":
            environment = self._session.desired.environment
            palette = terminal.palette(sys.stdout, self._invocation.arguments)
            can_go_back = self._session.memory.journal.verified is not None
            terminal.print_result(
                deployment_end.text(outcome, environment, palette, can_go_back=can_go_back)
            )

    def _result(self, text: str) -> None:
        if self._form == "json":
            terminal.print_result('{"event":"unchanged"}')
        else:
            terminal.print_result(text)
