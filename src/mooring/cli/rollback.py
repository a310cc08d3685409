"""`mooring rollback`: back to what was verified before."""

from mooring.cli import statuses, terminal
from mooring.cli.deploying import inputs, numbers, session
from mooring.cli.deploying import options as common
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.errors import MooringError, UsageError

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
    common.FORMAT,
)


class MigrationsBetween(MooringError):
    """Jobs have run since that going back does not undo."""

    exit_status = 1


def rollback(
    invocation: Invocation,
    *,
    env: str | None,
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
    format_name: str,
) -> int:
    """
    Bring ENV back to what was verified last, in full.

    All objects of that revision are applied again, as they were rendered then, with their
    configuration and secrets; what is new since is deleted, and so are pods that hold it up.  Jobs
    that have run since are not undone: it asks before it goes back over them.
    """
    from mooring.cli.up import Deployment
    from mooring.deploy.plan import Options
    from mooring.deploy.reconcile import Limits
    from mooring.deploy.rolling_back import crossed, target

    given = inputs.given(invocation, env, kustomization=kustomization, paths=paths, output=output)
    limits = Limits(
        quiet=numbers.seconds(quiet_timeout, "--quiet-timeout"),
        total=numbers.seconds(timeout, "--timeout"),
        hold=numbers.seconds(hold, "--hold"),
    )
    number = numbers.count(to, "--to")

    async def work() -> int:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            now = await session.session(client, given, namespace=namespace)
            wanted = target(now.memory.journal, number)
            if wanted is None:
                raise UsageError(
                    f"there is no verified revision {number}"
                    if number is not None
                    else "no earlier revision was verified here",
                    remedy=f"mooring history {given.environment} says what there is",
                )
            jobs = crossed(now.memory.journal, wanted)
            if jobs:
                told = (
                    f"going back to revision {wanted.number} does not undo what "
                    f"{', '.join(jobs)} did: the older code may not know the newer data"
                )
                if not over_migrations:
                    raise MigrationsBetween(told, remedy="add --over-migrations to go all the same")
                terminal.say(f"warning: {told}")
            terminal.say(f"back to revision {wanted.number} of {wanted.ended or wanted.started}")
            back = await session.session(
                client,
                given,
                namespace=now.desired.home,
                manifests=await now.memory.objects(wanted),
            )
            deployment = Deployment(
                invocation,
                back,
                # What is new since is what is to go, however much it is; the plan shows it.
                Options(prune_limit=len(now.memory.inventory.entries), take_over=False),
                limits,
                restarts=numbers.count(restarts, "--restarts") or 0,
                lease_seconds=numbers.seconds(wait_for_lease, "--wait-for-lease"),
                form=format_name,
                is_agreed=yes,
                what=f"back to {wanted.number}",
                rolls_back_to=wanted.number,
            )
            return await deployment.whole()

    status = session.run(work)
    return status if status else statuses.FINE
