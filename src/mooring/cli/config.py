"""`mooring config`: the project as it was loaded."""

from mooring.cli import options, statuses, terminal
from mooring.cli.invocation import Invocation
from mooring.compose import canonical_print

ARGUMENTS = ()
OPTIONS = (options.output_format("yaml", "json"),)


def config(invocation: Invocation, *, format_name: str) -> int:
    """
    Print the loaded project, as docker compose config would.

    Files are merged, variables filled in, short forms written out; inactive profiles are left
    out.  Values are shown as they are, passwords too.
    """
    loaded = invocation.stages.load(invocation.request())
    invocation.tell(loaded.findings)
    form = canonical_print.as_json if format_name == "json" else canonical_print.as_yaml
    terminal.print_result(form(loaded.project))
    return statuses.FINE
