"""
Several releases as one deployment: one plan, one question, one summary.

Each release goes up on its own, with its own lease and history; it begins when those that it needs
are up, and what has nothing to do with one another goes side by side.  The first that fails keeps
back what needs it; what is under way is brought to its end.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from functools import cached_property

import msgspec

from mooring.cli import statuses, terminal
from mooring.cli.deploying import progress
from mooring.cli.deploying.deployment import INTERRUPTED, Deployment, PlanRefused, keep
from mooring.cli.deploying.parts import Part, Whole
from mooring.cli.deploying.session import Session
from mooring.cli.invocation import Invocation
from mooring.cluster import errors
from mooring.deploy import users
from mooring.deploy.happenings import Happening
from mooring.deploy.order import Graph
from mooring.deploy.outcome import Outcome
from mooring.deploy.plan import Plan
from mooring.errors import ClusterError, MooringError, UsageError
from mooring.report import deployment_end, printable


class Together:
    """
    The deployments of all parts of an environment, by their names; made in the order of needs.

    ``renewed`` makes the session of a part anew, once what it needs is there.
    """

    def __init__(
        self,
        invocation: Invocation,
        whole: Whole,
        deployments: Mapping[str, Deployment],
        *,
        form: str,
        is_agreed: bool,
        evidence: str | None = None,
        renewed: Callable[[Part], Awaitable[Session]],
    ) -> None:
        self._invocation, self._whole = invocation, whole
        self._deployments = dict(deployments)
        self._form, self._is_agreed, self._renewed = form, is_agreed, renewed
        self._evidence = evidence
        self._palette = terminal.palette(sys.stderr, invocation.arguments)
        self._busy: set[str] = set()
        self._outcomes: dict[str, Outcome] = {}
        self._errors: dict[str, MooringError] = {}
        self._held: dict[str, str] = {}
        self._begun = 0.0

    async def up(self) -> int:
        """Plan, ask, deploy, tell; return the exit status."""
        for name, one in self._deployments.items():
            if await one.look():
                self._busy.add(name)
        await self._tell_left_over()
        self._refuse()
        if not self._busy:
            await self._mark()
            count = printable.many(len(self._deployments), "release")
            self._result(f"nothing to do: all {count} are as they should be, and ready")
            return statuses.FINE
        self._show()
        if not self._agreed():
            terminal.say("nothing was done")
            return statuses.FINDINGS
        for name in self._deployments:
            await self._deployments[name].make_home()
        await self._mark()
        self._begun = time.monotonic()
        try:
            await self._carry_out()
        except asyncio.CancelledError:
            terminal.say(INTERRUPTED)
            raise
        self._tell_end()
        if self._evidence is not None:
            every = [one.kept for one in self._deployments.values()]
            keep(self._evidence, {path: text for kept in every for path, text in kept.items()})
        if self._errors:
            raise next(iter(self._errors.values()))
        failed = any(outcome.failures for outcome in self._outcomes.values())
        return statuses.FINDINGS if failed or self._held else statuses.FINE

    async def _tell_left_over(self) -> None:
        """Say which releases were part of the environment and are no longer in mooring.yaml."""
        if self._whole.is_partial or len(self._deployments) < len(self._whole.parts):
            return
        every = [one.session for one in self._deployments.values()]
        known = {users.called(one.desired) for one in every}
        try:
            used = await users.used_by(every[0].client, self._whole.user)
        except ClusterError:
            return  # Who has rights in some namespaces only cannot look in all.
        for name, space in used.items():
            if name not in known:
                terminal.say(
                    f"note: {name} in the namespace {space} was a release of "
                    f"{self._whole.environment} and is no longer in mooring.yaml: it stays as it is"
                )

    def _refuse(self) -> None:
        refused: list[PlanRefused] = []
        for one in self._deployments.values():
            try:
                one.refuse()
            except PlanRefused as error:
                refused.append(error)
        if refused:
            raise refused[0]

    def _show(self) -> None:
        if self._form == "json" or self._invocation.verbosity < 0:
            return
        for part in self._whole.parts:
            if part.name not in self._deployments:
                continue
            behind = f", after {', '.join(part.needs)}" if part.needs else ""
            head = f"release {part.name}{behind}"
            if part.name in self._busy:
                terminal.say(self._palette.hint(head))
                self._deployments[part.name].show()
            else:
                terminal.say(f"{self._palette.hint(head)}: as it should be, and ready")
            terminal.say("")

    def _agreed(self) -> bool:
        if self._is_agreed or not any(d.plan.changes for d in self._deployments.values()):
            return True
        if not terminal.is_terminal(sys.stdin) or sys.stdin is None:
            raise UsageError("nobody is there to be asked", remedy="add --yes")
        terminal.say(f"Do all this in {self._whole.environment}? [y/N] ")
        return sys.stdin.readline().strip().lower() in ("y", "yes")

    async def _mark(self) -> None:
        """
        Write down that this stack uses what others may use as well, before it relies on it.

        Raises:
            ClusterError: it is being taken down, or deployed, at this very moment.
        """
        for part in self._whole.parts:
            if part.is_own or part.name not in self._deployments:
                continue
            one = self._deployments[part.name].session
            try:
                if self._whole.user not in await users.users(one.client, one.desired):
                    await users.use(one.client, one.desired, self._whole.user)
                    await self._check_unchanged(part.name)
            except errors.Forbidden:
                terminal.say(
                    f"note: we may not write down that {self._whole.user} uses {part.name}: "
                    "whoever takes it down is not told"
                )

    async def _check_unchanged(self, name: str) -> None:
        """Raise where what is relied on has changed since it was looked at."""
        memory = self._deployments[name].session.memory
        version = memory.version
        if name not in self._busy:
            await memory.read()
            if memory.version != version:
                raise ClusterError(f"release {name} has changed meanwhile", remedy="run it again")

    async def _carry_out(self) -> None:
        done: dict[str, asyncio.Future[bool]] = {
            name: asyncio.get_running_loop().create_future() for name in self._deployments
        }
        async with asyncio.TaskGroup() as group:
            for part in self._whole.parts:
                if part.name in self._deployments:
                    group.create_task(self._one(part, done))

    async def _one(self, part: Part, done: "dict[str, asyncio.Future[bool]]") -> None:
        is_up = False
        try:
            needed = [need for need in part.needs if need in done]
            for need in needed:
                if not await done[need]:
                    self._held[part.name] = need
                    return
            if part.name in self._busy:
                await self._deploy(part, is_renewed=any(need in self._busy for need in needed))
            is_up = part.name not in self._busy or not self._outcomes[part.name].failures
        except MooringError as error:
            self._errors[part.name] = error
        finally:
            done[part.name].set_result(is_up)

    async def _deploy(self, part: Part, *, is_renewed: bool) -> None:
        deployment = self._deployments[part.name]
        if is_renewed:
            await deployment.look_again(await self._renewed(part))
        self._outcomes[part.name] = await deployment.carry_out(self._emitter(part.name))

    def _emitter(self, name: str) -> Callable[[Happening], None]:
        from mooring.report import deployment_lines

        offset = time.monotonic() - self._begun

        def as_json(happening: Happening) -> None:
            told = {"release": name, **msgspec.to_builtins(_later(happening, offset))}
            terminal.print_result(msgspec.json.encode(told).decode())
            if sys.stdout is not None:
                sys.stdout.flush()

        def as_line(happening: Happening) -> None:
            verbosity = self._invocation.verbosity
            text = deployment_lines.line(
                _later(happening, offset), self._palette, is_verbose=verbosity > 0, release=name
            )
            if text and (verbosity >= 0 or type(happening).__name__ == "Failed"):
                terminal.say(text)

        if self._form == "json":
            return as_json
        if terminal.is_terminal(sys.stderr) and self._palette.coloured:
            return lambda happening: self._table(_later(happening, offset))
        return as_line

    @cached_property
    def _table(self) -> progress.Table:
        """One table of all that is under way."""
        every = [self._deployments[name] for name in self._deployments if name in self._busy]
        graph = Graph({}, {})
        for one in every:
            own = one.session.graph
            graph = Graph(graph.parents | own.parents, graph.declared | own.declared)
        plan = Plan(
            project=self._whole.stack,
            environment=self._whole.environment,
            home="",
            digest="",
            steps=tuple(step for one in every for step in one.plan.steps),
        )
        return progress.Table(plan, graph, self._palette, ends=len(every))

    def _tell_end(self) -> None:
        if self._form == "json":
            return
        palette = terminal.palette(sys.stdout, self._invocation.arguments)
        terminal.print_result(
            deployment_end.of_releases(
                self._outcomes,
                {name: error.message for name, error in self._errors.items()},
                self._held,
                unchanged=[name for name in self._deployments if name not in self._busy],
                environment=self._whole.environment,
                seconds=time.monotonic() - self._begun,
                palette=palette,
            )
        )

    def _result(self, text: str) -> None:
        terminal.print_result('{"event":"unchanged"}' if self._form == "json" else text)


def _later(happening: Happening, seconds: float) -> Happening:
    """Return ``happening`` with its time since all of it began."""
    return msgspec.structs.replace(happening, at=round(happening.at + seconds, 3))
