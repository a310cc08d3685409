"""`mooring explain`: what becomes of the project, before anything is written."""

import sys

import msgspec

from mooring.cli import options, statuses, terminal
from mooring.cli.convert import DEFAULT_OUTPUT
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.compose.suggest import did_you_mean
from mooring.errors import OutputError, UsageError
from mooring.report import explanation, explanation_text, graph_svg, overview
from mooring.report import json as report_json

ARGUMENTS = ("service",)
OPTIONS = (
    options.output_format("text", "json"),
    options.STRICT,
    Option(
        ("--graph",),
        "picture",
        metavar="FILE",
        help="Draw who needs whom into this file as well; its name ends with .svg.",
    ),
)


def explain(
    invocation: Invocation,
    *,
    service: str | None,
    format_name: str,
    strict: bool,
    picture: str | None,
) -> int:
    """
    Say what each service is, what it becomes and why, and what is open.

    With SERVICE, of that one alone and with all evidence, as --verbose shows it for all services.
    Changes nothing.  Speaks of production, the strictest environment, unless --environment names
    another.  The id of a rule of `mooring check` in place of SERVICE explains the rule.
    """
    if service is not None and _is_rule(service):
        return _explain_rule(service, format_name)
    if picture is not None and not picture.endswith(".svg"):
        raise UsageError(f"{picture} is no picture", remedy="name the file as in stack.svg")
    request = invocation.stack_request()
    if service is not None:
        strictest = invocation.stages.environments(request)[-1].name
        request = msgspec.structs.replace(request, only=strictest)
    result = invocation.stages.stack(request)
    result = invocation.stages.without_answered(result, DEFAULT_OUTPUT)
    explained = explanation.explain_last(result.environments)
    if picture is not None:
        title = f"{explained.project} in {explained.environment}"
        _draw(graph_svg.svg(explained.graph, title=title), picture)
    invocation.tell(explained.findings, asked=True)
    if service is not None:
        explained = _about(explained, service)
    if format_name == "json":
        terminal.print_result(report_json.explanation(explained))
    else:
        palette = terminal.palette(sys.stdout, invocation.arguments)
        in_full = service is not None or invocation.verbosity > 0
        shown = explanation_text.text if in_full else overview.text
        terminal.print_result(shown(explained, palette=palette))
    return statuses.FINDINGS if strict and not explained.is_exact else statuses.FINE


def _is_rule(name: str) -> bool:
    from mooring.check import besides

    return name in besides.all_names()


def _explain_rule(name: str, format_name: str) -> int:
    """Print the page of the rule ``name``."""
    from mooring.check import besides, catalogue

    found = besides.page(name) or catalogue.check(name)
    if format_name == "json":
        terminal.print_result(report_json.rule(found))
    else:
        weight = f"{found.rule.severity.value}, {found.rule.confidence.value} confidence"
        terminal.print_result(f"{name} ({weight}, in {found.rule.group})\n\n{found.page}")
    return statuses.FINE


def _draw(picture: str, path: str) -> None:
    try:
        with open(path, "w", encoding="utf-8") as stream:
            stream.write(picture)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error


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
