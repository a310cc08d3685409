"""`mooring history`: who deployed what, and when."""

import sys

import msgspec

from mooring.cli import statuses, terminal
from mooring.cli.deploying import inputs, session
from mooring.cli.deploying import options as common
from mooring.cli.invocation import Invocation

ARGUMENTS = common.ENVIRONMENT
OPTIONS = (*common.WHERE, common.FORMAT)


def history(
    invocation: Invocation,
    *,
    env: str | None,
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    context: str | None,
    format_name: str,
) -> int:
    """Say who deployed what to ENV, and when, the newest first."""
    from mooring.deploy.journal import Journal
    from mooring.report import history_text

    given = inputs.given(invocation, env, kustomization=kustomization, paths=paths, output=output)

    async def work() -> Journal:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            return (await session.session(client, given, namespace=namespace)).memory.journal

    found = session.run(work)
    if format_name == "json":
        encoded = msgspec.json.encode({"revisions": found.revisions[::-1]})
        terminal.print_result(msgspec.json.format(encoded, indent=2).decode())
    else:
        palette = terminal.palette(sys.stdout, invocation.arguments)
        terminal.print_result(history_text.text(found, palette))
    return statuses.FINE
