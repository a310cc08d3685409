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
    Option(
        ("--check-pod",),
        "check_pod",
        metavar="IMAGE",
        help="Ask from a pod of this image in each namespace, which is deleted again; it needs a "
        "shell, and curl, wget or nc.",
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
    check_pod: str | None,
    format_name: str,
) -> int:
    """
    Ask what is deployed in ENV whether it works.

    Everything has to be ready, every Service to have somebody behind it, what speaks HTTP to
    answer, somebody to listen at the other ports, Jobs to have completed, and nothing to start
    again meanwhile.  What cannot be tried from here is said.
    """
    import msgspec

    from mooring.deploy.checks import Checked, Result
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

        situation.refuse_nothing(one)
        _, up = await situation.deployed(one)

        async def look() -> Health:
            found = (await situation.looked(one, up, now=time.time()))[1]
            situation.refuse_nothing(one, found)
            return found

        return await verifying.verify(
            one.client, up.objects, look, hold_seconds=seconds, check_image=check_pod
        )

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
    results = {one.result for each in found.values() for one in each}
    if Result.FAILS in results:
        return statuses.FINDINGS
    return statuses.INCOMPLETE if Result.FORBIDDEN in results else statuses.FINE
