"""`mooring verify`: asks what is deployed whether it works."""

import asyncio
import sys
import time

from mooring.cli import statuses, terminal
from mooring.cli.deploying import numbers, parts, session
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
    release: tuple[str, ...],
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

    named = parts.whole(
        invocation, env, kustomization=kustomization, paths=paths, output=output,
        namespace=namespace, only=release,
    )  # fmt: skip
    seconds = numbers.seconds(hold, "--hold")

    async def verified(one: session.Session) -> tuple[Checked, ...]:
        from mooring.cli.deploying import situation
        from mooring.deploy import verify as verifying
        from mooring.deploy.health import Health

        _, up = await situation.deployed(one)

        async def look() -> Health:
            return (await situation.looked(one, up, now=time.time()))[1]

        return await verifying.verify(one.client, up.objects, look, hold_seconds=seconds)

    async def work() -> dict[str, tuple[Checked, ...]]:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            known = await session.sessions(client, named)
            return dict(
                zip(known, await asyncio.gather(*map(verified, known.values())), strict=True)
            )

    found = session.run(work)
    if format_name == "json":
        encoded = msgspec.json.encode(found.get("", {"releases": found}))
        terminal.print_result(msgspec.json.format(encoded, indent=2).decode())
    else:
        palette = terminal.palette(sys.stdout, invocation.arguments)
        is_verbose = invocation.verbosity > 0
        texts = {
            name: checked_text.text(each, palette, is_verbose=is_verbose)
            for name, each in found.items()
        }
        terminal.print_result(parts.joined(texts, palette))
    holds = all(one.holds for each in found.values() for one in each)
    return statuses.FINE if holds else statuses.FINDINGS
