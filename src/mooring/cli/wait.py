"""`mooring wait`: until everything is ready."""

import asyncio
import time

from mooring.cli import statuses, terminal
from mooring.cli.deploying import numbers, parts, session
from mooring.cli.deploying import options as common
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option

_PAUSE_SECONDS = 1.0

ARGUMENTS = common.ENVIRONMENT
OPTIONS = (
    *common.WHERE,
    Option(
        ("--timeout",),
        "timeout",
        metavar="SECONDS",
        default="300",
        help="How long to wait.",
    ),
)


def wait(
    invocation: Invocation,
    *,
    env: str | None,
    release: tuple[str, ...],
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    context: str | None,
    timeout: str,
) -> int:
    """
    Wait until everything that is deployed in ENV is ready.

    Ends at once, with status 1, when something has failed that no waiting mends.
    """
    from mooring.refs import ObjectRef
    from mooring.report.deployment_lines import name
    from mooring.semantics.readiness.verdicts import Status, Verdict

    named = parts.whole(
        invocation, env, kustomization=kustomization, paths=paths, output=output,
        namespace=namespace, only=release,
    )  # fmt: skip
    seconds = numbers.seconds(timeout, "--timeout")

    async def work() -> int:
        from mooring.cli.deploying import situation

        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            found_parts = await session.sessions(client, named)
            for one in found_parts.values():
                situation.refuse_nothing(one)
            up = [(one, (await situation.deployed(one))[1]) for one in found_parts.values()]
            until = time.monotonic() + seconds
            told = ""
            while True:
                unready: dict[ObjectRef, Verdict] = {}
                for one, wanted in up:
                    _, found = await situation.looked(one, wanted, now=time.time())
                    unready |= found.unready
                if not unready:
                    count = sum(len(wanted.refs) for _, wanted in up)
                    terminal.print_result(f"all {count} objects are ready")
                    return statuses.FINE
                failed = {
                    ref: verdict
                    for ref, verdict in unready.items()
                    if verdict.status is Status.FAILED
                }
                is_late = time.monotonic() > until
                shown = [
                    f"{name(ref)} ({verdict.warning or verdict.message or verdict.reason})"
                    for ref, verdict in (failed or unready).items()
                ]
                words = ", ".join(shown[:5]) + (
                    f" and {len(shown) - 5} more" if len(shown) > 5 else ""
                )
                if failed or is_late:
                    why = "failed" if failed else f"not ready after {seconds:g} s"
                    terminal.print_result(f"{why}: {words}")
                    return statuses.FINDINGS
                if words != told:
                    told = words
                    terminal.say(f"waits for {words}")
                await asyncio.sleep(_PAUSE_SECONDS)

    return session.run(work)
