"""`mooring down`: takes a deployment away."""

import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mooring.cli import statuses, terminal
from mooring.cli.deploying import numbers, parts, session
from mooring.cli.deploying import options as common
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.errors import ClusterError, UsageError

if TYPE_CHECKING:
    from mooring.cli.deploying.deployment import Identity
    from mooring.deploy.holding import Holding
    from mooring.deploy.taking_down import Groups, Removal
    from mooring.refs import ObjectRef

ARGUMENTS = common.ENVIRONMENT
OPTIONS = (
    *common.WHERE,
    common.YES,
    Option(
        ("--volumes",),
        "volumes",
        is_flag=True,
        help="Delete the data as well: claims, volumes and the namespace.",
    ),
    Option(
        ("--timeout",),
        "timeout",
        metavar="SECONDS",
        default="300",
        help="How long an object may take to be gone.",
    ),
    common.WAIT_FOR_LEASE,
    Option(
        ("--shared",),
        "shared",
        is_flag=True,
        help="Take releases down as well that other environments or stacks use.",
    ),
)


def down(
    invocation: Invocation,
    *,
    env: str | None,
    release: tuple[str, ...],
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    context: str | None,
    yes: bool,
    volumes: bool,
    timeout: str,
    wait_for_lease: str,
    shared: bool,
) -> int:
    """
    Take ENV away, what was put up last first; data stays unless --volumes is given.

    Only what mooring has deployed there, and what still is what it deployed, is deleted.
    """
    named = parts.whole(
        invocation, env, kustomization=kustomization, paths=paths, output=output,
        namespace=namespace, only=release,
    )  # fmt: skip
    seconds = numbers.seconds(timeout, "--timeout")
    lease_seconds = numbers.seconds(wait_for_lease, "--wait-for-lease")

    async def work() -> int:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            found = await session.sessions(client, named)
            removings = [
                Removing(
                    found[part.name],
                    part,
                    named,
                    with_volumes=volumes,
                    with_shared=shared,
                    seconds=seconds,
                    lease_seconds=lease_seconds,
                )
                for part in reversed(named.parts)
            ]
            return await take_down(removings, named.environment, is_agreed=yes)

    return session.run(work)


async def take_down(removings: "Sequence[Removing]", environment: str, *, is_agreed: bool) -> int:
    """Plan, ask, delete one part after the other, tell; return the exit status."""
    from mooring.report import printable

    there = [one for one in removings if await one.look()]
    for one in removings:
        if one in there:
            one.show()
        elif one.part.name:
            terminal.say(f"release {one.part.name}: nothing was deployed by mooring")
    if not there:
        terminal.print_result(f"nothing was deployed to {environment} by mooring")
        return statuses.FINE
    total, kept = sum(one.total for one in there), sum(one.kept for one in there)
    stay = f"{kept} stay{'s' if kept == 1 else ''}"
    left = [one.part.name for one in there if one.used_by]
    if len(left) == len(there):
        terminal.print_result(f"nothing was taken down: others use {', '.join(left)}")
        return statuses.FINDINGS
    terminal.say(f"{total} to delete, {stay}")
    if not is_agreed and total:
        if sys.stdin is None or not terminal.is_terminal(sys.stdin):
            raise UsageError("nobody is there to be asked", remedy="add --yes")
        terminal.say(f"Delete this in {environment}? [y/N] ")
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            terminal.say("nothing was done")
            return statuses.FINDINGS
    for one in removings:
        await one.carry_out()
    told = f", {stay}" if kept else ""
    shared = f"; {', '.join(left)} stay{'s' if len(left) == 1 else ''} for others" if left else ""
    down_ = f"down: {printable.many(total, 'object')} gone" if total else "down already"
    terminal.print_result(f"{environment} is {down_}{told}{shared}")
    return statuses.FINE


class Removing:
    """
    The end of one part of ``whole``, from what is found of it to the last object that is gone.

    ``identity`` is this process unless a test says otherwise.  ``used_by`` are others for whom it
    stays, unless ``with_shared``.
    """

    def __init__(
        self,
        one: session.Session,
        part: parts.Part,
        whole: parts.Whole,
        *,
        with_volumes: bool,
        seconds: float,
        lease_seconds: float,
        with_shared: bool = False,
        identity: "Identity | None" = None,
    ) -> None:
        self._session, self.part, self._whole = one, part, whole
        self._with_volumes, self._with_shared = with_volumes, with_shared
        self._seconds, self._lease_seconds = seconds, lease_seconds
        self._identity = identity
        self._removal: Removal | None = None
        self._claims: tuple[ObjectRef, ...] = ()
        self._swept: tuple[ObjectRef, ...] = ()
        """Claims that go with their namespace, whoever made them."""
        self._left: tuple[ObjectRef, ...] = ()
        """Claims of StatefulSets that stay without their pods."""
        self.used_by: tuple[str, ...] = ()

    async def look(self) -> bool:
        """Find out what is to be deleted, and tell whether anything was deployed."""
        from mooring.cli.deploying import situation
        from mooring.deploy import observing, taking_down

        one, wanted = self._session, self._session.desired
        inventory = one.memory.inventory
        if not inventory.entries:
            return False
        self.used_by = () if self._with_shared else await self._others()
        refs = [entry.ref for entry in inventory.entries.values()]
        seen = await observing.observe(one.client, refs)
        _, up = await situation.deployed(one)
        self._removal = taking_down.removal(
            inventory,
            seen,
            (item.manifest for item in up.objects),
            project=wanted.project,
            environment=wanted.environment,
            with_volumes=self._with_volumes,
        )
        claims = await taking_down.claims_of(one.client, seen)
        if self._with_volumes:
            self._claims = claims
            self._swept = await taking_down.swept_with(one.client, self._removal, claims)
        else:
            self._left = claims
        return True

    async def _others(self) -> tuple[str, ...]:
        """Return who else uses it: other stacks and environments, and releases that stay."""
        from mooring.cluster import errors
        from mooring.deploy import users

        own = tuple(f"the release {name}" for name in self._whole.left_out_by(self.part.name))
        if self.part.is_own:
            return own
        try:
            marks = await users.users(self._session.client, self._session.desired)
        except errors.Forbidden:
            return (*own, "somebody, perhaps: we may not look for who uses it")
        return (*own, *(user for user in marks if user != self._whole.user))

    @property
    def total(self) -> int:
        """How many objects are deleted."""
        removal = self._removal
        return removal.count + len(self._claims) if removal and not self.used_by else 0

    @property
    def kept(self) -> int:
        """How many objects stay although they are part of it."""
        return len(self._removal.kept) if self._removal and not self.used_by else 0

    def show(self) -> None:
        """Say what is deleted and what stays."""
        from mooring.report.deployment_lines import name

        assert self._removal is not None
        if self.part.name:
            terminal.say(f"release {self.part.name}")
        if self.used_by:
            others = ", ".join(self.used_by)
            verb = "uses" if len(self.used_by) == 1 else "use"
            terminal.say(
                f"  · all of it stays: {others} {verb} it (--shared takes it all the same)"
            )
            return
        for group in self._removal.groups:
            for candidate in group:
                terminal.say(f"  - {name(candidate.ref)}")
        for claim in self._claims:
            terminal.say(f"  - {name(claim)}  with its data")
        for claim in self._swept:
            terminal.say(f"  - {name(claim)}  with its data, as its namespace goes")
        for claim in self._left:
            terminal.say(f"  · {name(claim)}  stays with its data; --volumes deletes it")
        for one_kept in self._removal.kept:
            why = one_kept.kept.replace("--prune-protected", "--volumes")
            terminal.say(f"  · {name(one_kept.ref)}  stays: {why}")

    async def carry_out(self) -> None:
        """
        Delete it under its lease, and wait until its pods have ended.

        Raises:
            ClusterError: something keeps an object, or somebody else deploys.
        """
        from mooring.cli.deploying import holder
        from mooring.deploy import records, users
        from mooring.deploy.holding import Holding

        one, wanted = self._session, self._session.desired
        if self._removal is not None and not self.used_by:
            who, is_alive = self._identity or (holder.this_process(), holder.is_alive)
            async with Holding(
                one.client,
                records.lease_ref(wanted.home, wanted.project, wanted.environment),
                who,
                wait_seconds=self._lease_seconds,
                is_alive=is_alive,
            ) as holding:
                await self._delete(holding)
        if not self.part.is_own and not self._whole.left_out_by(self.part.name):
            await users.leave(one.client, wanted, self._whole.user)

    async def _delete(self, holding: "Holding") -> None:
        from mooring.cli.deploying import holder
        from mooring.deploy import ending, taking_down, writing
        from mooring.deploy.journal import State
        from mooring.deploy.writing import Refusal
        from mooring.report.deployment_lines import name

        one, removal = self._session, self._removal
        assert removal is not None
        memory = one.memory
        version = memory.version
        await memory.read()
        if memory.version != version:
            raise ClusterError("somebody has deployed meanwhile", remedy="run it again")
        before = memory.journal
        if before.last is not None:
            changed = before.with_state(before.last.number, State.TAKING_DOWN)
            await memory.save_journal(changed)
        # Whoever begins to use it writes that down and looks at the journal then: one sees the
        # other.
        if not self._with_shared and await self._others():
            await memory.save_journal(before)
            raise ClusterError(
                f"somebody has begun to use {self.part.called} meanwhile", remedy="run it again"
            )
        gone = [candidate.ref for candidate in removal.gone]
        begun = time.monotonic()

        def say(text: str) -> None:
            terminal.say(f"{time.monotonic() - begun:7.1f} s  {text}")

        def told(ref: "ObjectRef") -> None:
            gone.append(ref)
            if ending.has_pods(ref):
                say(f"{name(ref)}  deleted")

        way = taking_down.Way(
            check=holding.check,
            gone=told,
            said=say,
            seconds=self._seconds,
            clock=time.monotonic,
            now=time.time,
        )
        is_home_gone = any(
            candidate.ref.kind == "Namespace" and candidate.ref.name == one.desired.home
            for group in removal.groups
            for candidate in group
        )
        groups: Groups = removal.groups
        last: Groups = ()
        if is_home_gone:
            # What is remembered goes with the namespace: everything else is gone before.
            groups, last = removal.groups[:-1], removal.groups[-1:]
        try:
            await taking_down.ended(one.client, removal.gone, way)
            await taking_down.take_away(one.client, groups, way)
            for claim in self._claims:
                await writing.delete(
                    one.client, claim, uid="", check=holding.check, gone_seconds=self._seconds
                )
        except Refusal as refusal:
            await memory.save_inventory(memory.inventory.without(gone))
            raise ClusterError(str(refusal), remedy=_remedy(refusal.reason)) from refusal
        holding.check()
        left = memory.inventory.without(gone)
        # What Jobs have done is gone with what they did it to; they run again.
        await memory.save_inventory(type(left)(left.entries))
        newest = memory.journal.last
        if newest is not None:
            changed = memory.journal.with_state(
                newest.number,
                State.TAKEN_DOWN,
                ended=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
                reason=f"taken down by {holder.shown()}",
            )
            await memory.save_journal(changed)
        await taking_down.take_away(one.client, last, way)


def _remedy(reason: str) -> str:
    if reason == "NotEnded":
        return "see to what keeps them, or give them more time with --timeout; then run it again"
    return "run it again once that is mended"
