"""`mooring status`: is it what was deployed, is it healthy, has it drifted."""

import sys
import time

from mooring.cli import statuses, terminal
from mooring.cli.deploying import options as common
from mooring.cli.deploying import parts, session
from mooring.cli.invocation import Invocation

ARGUMENTS = common.ENVIRONMENT
OPTIONS = (*common.WHERE, common.FORMAT)


def status(
    invocation: Invocation,
    *,
    env: str | None,
    release: tuple[str, ...],
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    context: str | None,
    format_name: str,
) -> int:
    """
    Say in one screen whether ENV is what was deployed, healthy, and as it was left.

    Changes nothing.  Exits with status 1 when something is not ready, has drifted, or a deployment
    was left half-way.
    """
    from mooring.deploy.situation import Situation
    from mooring.report import situation_text

    named = parts.whole(
        invocation, env, kustomization=kustomization, paths=paths, output=output,
        namespace=namespace, only=release,
    )  # fmt: skip

    async def work() -> dict[str, Situation]:
        from mooring.cli.deploying import situation

        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            known = await session.sessions(client, named)
            return {
                part.name: await situation.situation(
                    known[part.name], now=time.time(), is_shared=not part.is_own
                )
                for part in named.parts
            }

    found = session.run(work)
    if format_name == "json":
        terminal.print_result(situation_text.as_json(found))
    else:
        palette = terminal.palette(sys.stdout, invocation.arguments)
        is_verbose = invocation.verbosity > 0
        texts = {
            name: situation_text.text(one, palette, is_verbose=is_verbose)
            for name, one in found.items()
        }
        terminal.print_result(parts.joined(texts, palette))
    return statuses.FINE if all(one.is_fine for one in found.values()) else statuses.FINDINGS
