"""`mooring check`: what of a project, or of anybody's manifests, will break."""

import os
import sys

from mooring.check import catalogue, engine
from mooring.check.selection import Profile, Selection
from mooring.cli import options, statuses, terminal
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.errors import UsageError
from mooring.findings import Rule, Severity

ARGUMENTS = ("paths...",)
OPTIONS = (
    options.output_format("text", "json"),
    Option(
        ("--level",),
        "level",
        choices=("errors", "default", "strict", "all"),
        default="default",
        help="How much is shown: errors; with certain warnings; all warnings; all.",
    ),
    Option(
        ("--select",),
        "select",
        metavar="RULE",
        help="Only these rules or groups of rules, by comma.",
    ),
    Option(("--ignore",), "ignore", metavar="RULE", help="Not these rules or groups, by comma."),
)


def check(
    invocation: Invocation,
    *,
    paths: tuple[str, ...],
    format_name: str,
    level: str,
    select: str | None,
    ignore: str | None,
) -> int:
    """
    Judge the project, or any manifests: what breaks, why, and what to do.

    Without PATHS the objects that would be made of the Compose project are judged, those of
    production unless --environment names another environment.  Exits with status 1 when there are
    errors or warnings.
    """
    from mooring import pipeline

    chosen = Selection(profile=Profile(level), select=_names(select), ignore=_names(ignore))
    checks = catalogue.checks()
    _refuse_unknown(chosen, [one.rule for one in checks])
    if paths:
        stdin = sys.stdin.buffer.read() if "-" in paths and sys.stdin else None
        bundle, others = pipeline.manifests_at(paths, directory=os.getcwd(), stdin=stdin)
    else:
        bundle, others = pipeline.manifests_of(invocation.stack_request())
    found = engine.judge(bundle, checks, chosen, others=others)
    for broken in found.broken:
        terminal.say(f"error: a bug of mooring: the rule {broken.rule} failed: {broken.error}")
    if format_name == "json":
        from mooring.report import json as report_json

        terminal.print_result(report_json.findings(found.findings))
    else:
        from mooring.report import judgement_text

        terminal.print_result(
            judgement_text.text(
                found.findings,
                objects=found.objects,
                rules=found.rules,
                hidden=found.hidden,
                is_verbose=invocation.verbosity > 0,
                palette=terminal.palette(sys.stdout, invocation.arguments),
                lines_of=terminal.lines_of(sys.stdout),
            )
        )
    if any(one.severity is not Severity.INFO for one in found.findings):
        return statuses.FINDINGS
    return statuses.BUG if found.broken else statuses.FINE


def _names(text: str | None) -> frozenset[str]:
    return frozenset(name.strip() for name in (text or "").split(",") if name.strip())


def _refuse_unknown(chosen: Selection, rules: list[Rule]) -> None:
    from mooring.check import selection
    from mooring.compose.suggest import did_you_mean

    for name in selection.unknown(sorted(chosen.select | chosen.ignore), rules):
        raise UsageError(
            f'there is no rule or group of rules "{name}"',
            remedy=did_you_mean(name, [one.id for one in rules])
            or f"the groups are {', '.join(sorted({one.group for one in rules}))}",
        )
