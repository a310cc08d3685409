"""`mooring up`: deploys, in the order in which things need one another."""

import uuid
from typing import TYPE_CHECKING

from mooring.cli.deploying import numbers, parts, readiness_for_production, session
from mooring.cli.deploying import options as common
from mooring.cli.deploying.deployment import Deployment, check_again
from mooring.cli.deploying.session import Session
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option

if TYPE_CHECKING:
    from mooring.cli.deploying.parts import Part, Whole

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
    common.EVIDENCE,
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


def up(
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
    evidence: str | None,
    accept_open_questions: bool,
    again: tuple[str, ...],
    format_name: str,
) -> int:
    """
    Deploy ENV: what is needed first goes first, and each starts when that is ready.

    Prints what will be done and asks.  When something fails it says why at once and stops; run it
    again, after any kind of end, and it goes on from there.  Jobs that completed are not run again.
    """
    import msgspec

    from mooring.deploy.plan import Options
    from mooring.deploy.reconcile import Limits

    named = parts.whole(
        invocation, env, kustomization=kustomization, paths=paths, output=output,
        namespace=namespace, only=release,
    )  # fmt: skip
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
    crashes = numbers.count(restarts, "--restarts") or 0
    lease_seconds = numbers.seconds(wait_for_lease, "--wait-for-lease")
    if not accept_open_questions:
        for part in named.parts:
            questions = readiness_for_production.open_questions(invocation, part.given, output)
            readiness_for_production.refuse(questions, (), _where(part, named))

    run = uuid.uuid4().hex[:12] if named.single is None else ""

    def deployment(part: "Part", one: Session) -> Deployment:
        its = frozenset(ref.name for ref in one.desired.refs if ref.kind == "Job")
        its = frozenset(ref.name for ref in one.desired.refs if ref.kind == "Job")
        if not accept_open_questions:
            held = readiness_for_production.placeholders(one.desired, named.environment)
            readiness_for_production.refuse((), held, _where(part, named))
        return Deployment(
            invocation,
            one,
            # Of several releases each knows its own Jobs; all of them were asked for before.
            msgspec.structs.replace(allowed, again=allowed.again & its) if part.name else allowed,
            limits,
            restarts=crashes,
            lease_seconds=lease_seconds,
            form=format_name,
            is_agreed=yes,
            plan_file=plan_file,
            what=f"up from {part.given.folder}",
            part=part.name,
            run=run,
            evidence=evidence,
        )

    async def work() -> int:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            if named.single is not None:
                (part,) = named.parts
                one = await session.session(client, part.given, namespace=part.namespace)
                return await deployment(part, one).whole()
            from mooring.cli.deploying import together

            found = await session.sessions(client, named)
            every = [ref for one in found.values() for ref in one.desired.refs]
            check_again(allowed.again, every)
            every = [ref for one in found.values() for ref in one.desired.refs]
            check_again(allowed.again, every)

            async def renewed(part: "Part") -> Session:
                return await session.session(client, part.given, namespace=part.namespace)

            made = {part.name: deployment(part, found[part.name]) for part in named.parts}
            return await together.Together(
                invocation,
                named,
                made,
                form=format_name,
                is_agreed=yes or plan_file is not None,
                evidence=evidence,
                renewed=renewed,
            ).up()

    return session.run(work)


def _where(part: "Part", named: "Whole") -> str:
    return f"release {part.name} in {named.environment}" if part.name else named.environment
