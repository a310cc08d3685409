"""`mooring history`: who deployed what, and when."""

import sys

import msgspec

from mooring.cli import statuses, terminal
from mooring.cli.deploying import options as common
from mooring.cli.deploying import parts, session
from mooring.cli.invocation import Invocation

ARGUMENTS = common.ENVIRONMENT
OPTIONS = (*common.WHERE, common.FORMAT)


def history(
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
    """Say who deployed what to ENV, and when, the newest first."""
    from mooring.deploy.journal import Journal
    from mooring.report import history_text

    named = parts.whole(
        invocation, env, kustomization=kustomization, paths=paths, output=output,
        namespace=namespace, only=release,
    )  # fmt: skip

    async def work() -> dict[str, Journal]:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            found = await session.sessions(client, named)
            return {name: one.memory.journal for name, one in found.items()}

    found = session.run(work)
    if format_name == "json":
        each = {name: {"revisions": one.revisions[::-1]} for name, one in found.items()}
        encoded = msgspec.json.encode(each.get("", {"releases": each}))
        terminal.print_result(msgspec.json.format(encoded, indent=2).decode())
    else:
        palette = terminal.palette(sys.stdout, invocation.arguments)
        texts = {name: history_text.text(one, palette) for name, one in found.items()}
        terminal.print_result(parts.joined(texts, palette))
    return statuses.FINE
