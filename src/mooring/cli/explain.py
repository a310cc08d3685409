"""`mooring explain`: what becomes of the project, before anything is written."""

import sys

import msgspec

from mooring.cli import options, statuses, terminal
from mooring.cli.convert import DEFAULT_OUTPUT
from mooring.cli.invocation import Invocation
from mooring.compose.suggest import did_you_mean
from mooring.errors import UsageError
from mooring.report import explanation, explanation_text, overview
from mooring.report import json as report_json

ARGUMENTS = ("service",)
OPTIONS = (options.output_format("text", "json"), options.STRICT)


def explain(invocation: Invocation, *, service: str | None, format_name: str, strict: bool) -> int:
    """
    Say what each service is, what it becomes and why, and what is open.

    With SERVICE, of that one alone and with all evidence, as --verbose shows it for all services.
    Changes nothing.  Speaks of production, the strictest environment, unless --environment names
    another.
    """
    request = invocation.stack_request()
    strictest = invocation.stages.environments(request)[-1].name
    result = invocation.stages.stack(msgspec.structs.replace(request, only=strictest))
    result = invocation.stages.without_answered(result, DEFAULT_OUTPUT)
    made = result.environments[-1]
    explained = explanation.explain(
        made.project,
        made.translation,
        made.objects,
        environment=made.environment.name,
        namespace=made.namespace,
        findings=made.findings,
    )
    if service is not None:
        explained = _about(explained, service)
    invocation.tell(made.findings, asked=True)
    if format_name == "json":
        terminal.print_result(report_json.explanation(explained))
    else:
        palette = terminal.palette(sys.stdout, invocation.arguments)
        in_full = service is not None or invocation.verbosity > 0
        shown = explanation_text.text if in_full else overview.text
        terminal.print_result(shown(explained, palette=palette))
    return statuses.FINDINGS if strict and not explained.is_exact else statuses.FINE


def _about(explained: explanation.Explanation, service: str) -> explanation.Explanation:
    """Return what concerns ``service``; raise UsageError where the project has no such service."""
    names = [part.name for part in explained.services]
    if service in names:
        return explained.about(service)
    if service in explained.inactive:
        raise UsageError(
            f'no active profile selects the service "{service}"',
            remedy="switch its profile on with --profile",
        )
    raise UsageError(
        f'there is no service "{service}"',
        remedy=did_you_mean(service, names) or f"the services are {', '.join(names)}",
    )
