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
    out.  The files are those that Compose finds, or those of --environment.  Of several projects
    each is printed for itself.  Values are shown as they are, passwords too.
    """
    loads = invocation.stages.load_each(invocation.stack_request())
    invocation.tell(finding for loaded in loads.values() for finding in loaded.findings)
    projects = {name: loaded.project for name, loaded in loads.items()}
    if "" in projects:
        form = canonical_print.as_json if format_name == "json" else canonical_print.as_yaml
        terminal.print_result(form(projects[""]))
    else:
        several = (
            canonical_print.several_as_json
            if format_name == "json"
            else canonical_print.several_as_yaml
        )
        terminal.print_result(several(projects))
    return statuses.FINE
