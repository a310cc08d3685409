"""`mooring diff`: what `mooring up` would do."""

import sys

from mooring.cli import statuses, terminal
from mooring.cli.deploying import numbers, parts, session
from mooring.cli.deploying import options as common
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option

ARGUMENTS = common.ENVIRONMENT
OPTIONS = (
    *common.WHERE,
    *common.ALLOWED,
    Option(
        ("--save",),
        "save",
        metavar="FILE",
        help="Write the plan to a file, for `mooring up --plan`.",
    ),
    common.FORMAT,
)


def diff(
    invocation: Invocation,
    *,
    env: str | None,
    release: tuple[str, ...],
    kustomization: str | None,
    paths: tuple[str, ...],
    output: str,
    namespace: str | None,
    context: str | None,
    no_prune: bool,
    prune_limit: str | None,
    prune_protected: bool,
    allow_data_loss: bool,
    take_over: bool,
    save: str | None,
    format_name: str,
) -> int:
    """
    Say what `mooring up` would do to each object of ENV, and change nothing.

    Each step says why it is taken and how sure that is.  Exits with status 1 when there are
    differences.
    """
    from mooring.deploy.plan import Options, Plan
    from mooring.report import plan_text

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
    )

    async def work() -> dict[str, Plan]:
        async with session.connected(context, is_verbose=invocation.verbosity > 0) as client:
            found = await session.sessions(client, named)
            return {
                name: (await session.look(one, allowed, also_new=True)).plan
                for name, one in found.items()
            }

    made = session.run(work)
    if save or format_name == "json":
        from mooring.cli.deploying import naming, plan_files

        if save:
            plan_files.write(save, made)
            where = naming.words(named.environment, invocation.arguments)
            terminal.say(f"the plan is in {save}: mooring up {where} --plan {save}")
        if format_name == "json":
            terminal.print_result(plan_files.encoded(made).decode())
    if format_name != "json":
        palette = terminal.palette(sys.stdout, invocation.arguments)
        is_verbose = invocation.verbosity > 0
        texts = {
            name: plan_text.text(plan, palette=palette, is_verbose=is_verbose)
            for name, plan in made.items()
        }
        terminal.print_result(parts.joined(texts, palette))
    has_any = any(one.changes or one.blocked for one in made.values())
    return statuses.FINDINGS if has_any else statuses.FINE
