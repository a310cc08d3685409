"""`mooring down`: takes a deployment away."""

import sys
from typing import Any

from mooring.cli import statuses, terminal
from mooring.cli.deploying import inputs, numbers, session
from mooring.cli.deploying import options as common
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.errors import ClusterError, UsageError

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
)


def down(
    invocation: Invocation,
    *,
    env: str | None,
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    context: str | None,
    yes: bool,
    volumes: bool,
    timeout: str,
    wait_for_lease: str,
) -> int:
    """
    Take ENV away, what was put up last first; data stays unless --volumes is given.

    Only what mooring has deployed there, and what still is what it deployed, is deleted.
    """
    given = inputs.given(invocation, env, kustomization=kustomization, paths=paths, output=output)
    seconds = numbers.seconds(timeout, "--timeout")
    lease_seconds = numbers.seconds(wait_for_lease, "--wait-for-lease")

    async def work() -> int:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            one = await session.session(client, given, namespace=namespace)
            return await take_down(
                one, with_volumes=volumes, is_agreed=yes, seconds=seconds,
                lease_seconds=lease_seconds,
            )  # fmt: skip

    return session.run(work)


async def take_down(
    one: session.Session,
    *,
    with_volumes: bool,
    is_agreed: bool,
    seconds: float,
    lease_seconds: float,
    identity: Any = None,
) -> int:
    """Plan, ask, delete, tell; return the exit status."""
    from mooring.cli.deploying import holder, situation
    from mooring.deploy import observing, records, taking_down
    from mooring.deploy.holding import Holding
    from mooring.report import printable
    from mooring.report.deployment_lines import name

    memory, wanted = one.memory, one.desired
    inventory = memory.inventory
    if not inventory.entries:
        terminal.print_result(f"nothing was deployed to {wanted.environment} by mooring")
        return statuses.FINE
    refs = [entry.ref for entry in inventory.entries.values()]
    seen = await observing.observe(one.client, refs)
    _, up = await situation.deployed(one)
    removal = taking_down.removal(
        inventory,
        seen,
        (item.manifest for item in up.objects),
        project=wanted.project,
        environment=wanted.environment,
        with_volumes=with_volumes,
    )
    claims = await taking_down.claims_of(one.client, seen) if with_volumes else ()
    for group in removal.groups:
        for candidate in group:
            terminal.say(f"  - {name(candidate.ref)}")
    for claim in claims:
        terminal.say(f"  - {name(claim)}  with its data")
    for one_kept in removal.kept:
        why = one_kept.kept.replace("--prune-protected", "--volumes")
        terminal.say(f"  · {name(one_kept.ref)}  stays: {why}")
    total = removal.count + len(claims)
    terminal.say(f"{total} to delete, {len(removal.kept)} stay")
    if not is_agreed:
        if sys.stdin is None or not terminal.is_terminal(sys.stdin):
            raise UsageError("nobody is there to be asked", remedy="add --yes")
        terminal.say(f"Delete this in {wanted.environment}? [y/N] ")
        if sys.stdin.readline().strip().lower() not in ("y", "yes"):
            terminal.say("nothing was done")
            return statuses.FINDINGS
    who, is_alive = identity or (holder.this_process(), holder.is_alive)
    async with Holding(
        one.client,
        records.lease_ref(wanted.home, wanted.project, wanted.environment),
        who,
        wait_seconds=lease_seconds,
        is_alive=is_alive,
    ) as holding:
        await _delete(one, removal, claims, holding, seconds)
    kept = len(removal.kept)
    told = f", {kept} stay{'s' if kept == 1 else ''}" if kept else ""
    gone = printable.many(total, "object")
    terminal.print_result(f"{wanted.environment} is down: {gone} gone{told}")
    return statuses.FINE


async def _delete(
    one: session.Session, removal: Any, claims: tuple[Any, ...], holding: Any, seconds: float
) -> None:
    from mooring.deploy import taking_down, writing
    from mooring.deploy.journal import State
    from mooring.deploy.writing import Refusal

    memory = one.memory
    version = memory.version
    await memory.read()
    if memory.version != version:
        raise ClusterError("somebody has deployed meanwhile", remedy="run it again")
    gone = list(removal.gone)
    is_home_gone = any(
        candidate.ref.kind == "Namespace" and candidate.ref.name == one.desired.home
        for group in removal.groups
        for candidate in group
    )
    others, last = removal.groups, ()
    if is_home_gone:
        # What is remembered goes with the namespace: everything else is gone before.
        others, last = removal.groups[:-1], removal.groups[-1:]
    try:
        await taking_down.take_away(
            one.client,
            type(removal)(others, (), ()),
            check=holding.check,
            told=gone.append,
            seconds=seconds,
        )
        for claim in claims:
            await writing.delete(
                one.client, claim, uid="", check=holding.check, gone_seconds=seconds
            )
    except Refusal as refusal:
        await memory.save_inventory(memory.inventory.without(gone))
        raise ClusterError(refusal.message, remedy="run it again once that is mended") from refusal
    holding.check()
    left = memory.inventory.without(gone)
    # What Jobs have done is gone with what they did it to; they run again.
    await memory.save_inventory(type(left)(left.entries))
    last_revision = memory.journal.last
    if last_revision is not None:
        await memory.save_journal(memory.journal.with_state(last_revision.number, State.TAKEN_DOWN))
    if last:
        await taking_down.take_away(
            one.client,
            type(removal)(last, (), ()),
            check=holding.check,
            told=gone.append,
            seconds=seconds,
        )
