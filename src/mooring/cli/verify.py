"""`mooring verify`: asks what is deployed whether it works."""

import sys
import time

from mooring.cli import statuses, terminal
from mooring.cli.deploying import inputs, numbers, session
from mooring.cli.deploying import options as common
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option

ARGUMENTS = common.ENVIRONMENT
OPTIONS = (
    *common.WHERE,
    Option(
        ("--hold",),
        "hold",
        metavar="SECONDS",
        default="5",
        help="How long to watch that nothing starts again.",
    ),
    common.FORMAT,
)


def verify(
    invocation: Invocation,
    *,
    env: str | None,
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    context: str | None,
    hold: str,
    format_name: str,
) -> int:
    """
    Ask what is deployed in ENV whether it works.

    Everything has to be ready, every Service to have somebody behind it, what speaks HTTP to
    answer, Jobs to have completed, and nothing to start again meanwhile.
    """
    import msgspec

    from mooring.deploy.checks import Checked
    from mooring.report import checked_text

    given = inputs.given(invocation, env, kustomization=kustomization, paths=paths, output=output)
    seconds = numbers.seconds(hold, "--hold")

    async def work() -> tuple[Checked, ...]:
        from mooring.cli.deploying import situation
        from mooring.deploy import verify as verifying
        from mooring.deploy.health import Health

        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            one = await session.session(client, given, namespace=namespace)
            _, up = await situation.deployed(one)

            async def look() -> Health:
                return (await situation.looked(one, up, now=time.time()))[1]

            return await verifying.verify(client, up.objects, look, hold_seconds=seconds)

    found = session.run(work)
    if format_name == "json":
        terminal.print_result(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        palette = terminal.palette(sys.stdout, invocation.arguments)
        is_verbose = invocation.verbosity > 0
        terminal.print_result(checked_text.text(found, palette, is_verbose=is_verbose))
    return statuses.FINE if all(one.holds for one in found) else statuses.FINDINGS
