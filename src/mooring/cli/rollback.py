"""`mooring rollback`: back to what was verified before."""

import uuid
from typing import TYPE_CHECKING, Any, TypeAlias

from mooring.cli import statuses, terminal
from mooring.cli.deploying import numbers, parts, session
from mooring.cli.deploying import options as common
from mooring.cli.deploying.session import Session
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.deploy.rolling_back import target, together
from mooring.errors import IncompleteKnowledge, MooringError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mooring.deploy.journal import Revision
    from mooring.deploy.memory import Memory

Manifests: TypeAlias = list[dict[str, Any]]

ARGUMENTS = common.ENVIRONMENT
OPTIONS = (
    *common.WHERE,
    Option(
        ("--to",),
        "to",
        metavar="N",
        help="The revision to go back to, instead of the last that was verified.",
    ),
    common.YES,
    Option(
        ("--over-migrations",),
        "over_migrations",
        is_flag=True,
        help="Go back although Jobs have run since, which are not undone.",
    ),
    *common.LIMITS,
    common.WAIT_FOR_LEASE,
    common.EVIDENCE,
    common.FORMAT,
)


class MigrationsBetween(MooringError):
    """Jobs have run since that going back does not undo."""

    exit_status = 1


def rollback(
    invocation: Invocation,
    *,
    env: str | None,
    release: tuple[str, ...],
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    context: str | None,
    to: str | None,
    yes: bool,
    over_migrations: bool,
    timeout: str,
    quiet_timeout: str,
    hold: str,
    restarts: str,
    wait_for_lease: str,
    evidence: str | None,
    format_name: str,
) -> int:
    """
    Bring ENV back to what was verified last, in full.

    All objects of that revision are applied again, as they were rendered then, with their
    configuration and secrets; what is new since is deleted, and so are pods that hold it up.  Jobs
    that have run since are not undone: it asks before it goes back over them.
    """
    from mooring.cli.deploying.deployment import Deployment
    from mooring.deploy.plan import Options
    from mooring.deploy.reconcile import Limits

    named = parts.whole(
        invocation, env, kustomization=kustomization, paths=paths, output=output,
        namespace=namespace, only=release,
    )  # fmt: skip
    limits = Limits(
        quiet=numbers.seconds(quiet_timeout, "--quiet-timeout"),
        total=numbers.seconds(timeout, "--timeout"),
        hold=numbers.seconds(hold, "--hold"),
    )
    number = numbers.count(to, "--to")

    async def back_to(part: parts.Part, now: Session, manifests: Manifests) -> Session:
        return await session.session(
            now.client, part.given, namespace=now.desired.home, manifests=manifests
        )

    def deployment(part: parts.Part, back: Session, wanted: "Revision", run: str) -> Deployment:
        return Deployment(
            invocation,
            back,
            # What is new since is what is to go, however much it is; the plan shows it.
            Options(prune_limit=len(back.memory.inventory.entries), take_over=False),
            limits,
            restarts=numbers.count(restarts, "--restarts") or 0,
            lease_seconds=numbers.seconds(wait_for_lease, "--wait-for-lease"),
            form=format_name,
            is_agreed=yes,
            what=f"back to {wanted.number}",
            rolls_back_to=wanted.number,
            part=part.name,
            run=run,
            evidence=evidence,
        )

    async def work() -> int:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            found = await session.sessions(client, named)
            chosen = _chosen(named, found, is_named=bool(release))
            if number is not None and len(chosen) > 1:
                raise UsageError(
                    "--to is for one release", remedy=f"name it: --release {chosen[0].name}"
                )
            wanted: dict[str, Revision] = {}
            manifests: dict[str, Manifests] = {}
            for part in chosen:
                now = found[part.name]
                wanted[part.name] = one = _target(now, part, named, number)
                release_ = f"release {part.name} " if part.name else ""
                terminal.say(
                    f"{release_}back to revision {one.number} of {one.ended or one.started}"
                )
                manifests[part.name] = await _objects(now, one, over_migrations=over_migrations)
            if named.single is not None:
                (part,) = chosen
                back = await back_to(part, found[part.name], manifests[part.name])
                return await deployment(part, back, wanted[part.name], "").whole()

            from mooring.cli.deploying.together import Together

            run = uuid.uuid4().hex[:12]
            made = {
                part.name: deployment(
                    part,
                    await back_to(part, found[part.name], manifests[part.name]),
                    wanted[part.name],
                    run,
                )
                for part in chosen
            }

            async def renewed(part: parts.Part) -> Session:
                return await back_to(part, found[part.name], manifests[part.name])

            return await Together(
                invocation,
                named,
                made,
                form=format_name,
                is_agreed=yes,
                evidence=evidence,
                renewed=renewed,
            ).up()

    status = session.run(work)
    return status if status else statuses.FINE


def _chosen(
    named: parts.Whole, found: "Mapping[str, Session]", *, is_named: bool
) -> tuple[parts.Part, ...]:
    """
    Return what goes back: the releases that are named, or those that the last `up` changed.

    What is shared with other environments goes back only where it is named.
    """
    if named.single is not None or is_named:
        return named.parts
    own = [part for part in named.parts if not named.is_shared(part)]
    changed = together({part.name: found[part.name].memory.journal for part in own})
    chosen = tuple(part for part in own if part.name in changed)
    if not chosen:
        raise UsageError(f"nothing was deployed to {named.environment} by mooring")
    return chosen


def _target(now: "Session", part: parts.Part, named: parts.Whole, number: int | None) -> "Revision":
    """
    Return the revision to go back to.

    Raises:
        UsageError: there is none.
    """
    found = target(now.memory.journal, number)
    if found is not None:
        return found
    which = f" of release {part.name}" if part.name else ""
    raise UsageError(
        f"there is no verified revision {number}{which}"
        if number is not None
        else f"no earlier revision{which} was verified here",
        remedy=f"mooring history {named.environment} says what there is, --to N names one",
    )


async def _objects(now: "Session", wanted: "Revision", *, over_migrations: bool) -> "Manifests":
    """
    Return the objects of the revision ``wanted``, and before them what undoes later migrations.

    Raises:
        MigrationsBetween: Jobs ran since that nothing undoes, and nobody said to go over them.
    """
    from mooring.deploy import ways_back

    journal, memory = now.memory.journal, now.memory
    objects = await memory.objects(wanted)
    interrupted = journal.interrupted
    if interrupted and interrupted.rolls_back_to == wanted.number and interrupted.pieces:
        return await memory.objects(interrupted)  # It goes on, with its own ways back.
    history = [(one, await _kept(memory, one)) for one in journal.revisions]
    found = ways_back.back(history, wanted, memory.inventory, number=journal.next_number)
    for name, undoes in found.told:
        terminal.say(f"first Job/{name} undoes what Job/{undoes} did")
    if found.left:
        told = (
            f"going back to revision {wanted.number} does not undo what "
            f"{', '.join(found.left)} did: the older code may not know the newer data"
        )
        if not over_migrations:
            raise MigrationsBetween(
                told,
                remedy="add --over-migrations to go all the same; way_back of a service in "
                "mooring.yaml says how what it did is undone",
            )
        terminal.say(f"warning: {told}")
    return [*found.jobs, *objects]


async def _kept(memory: "Memory", revision: "Revision") -> "Manifests | None":
    """Return the objects of ``revision``, None where they are not kept."""
    if not revision.pieces:
        return None
    try:
        return await memory.objects(revision)
    except IncompleteKnowledge:
        return None
