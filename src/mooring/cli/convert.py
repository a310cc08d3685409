"""`mooring convert`: the project as a tree of Kubernetes manifests."""

import os
import sys

from mooring.cli import options, statuses, terminal
from mooring.cli.invocation import Invocation
from mooring.cli.options import Option
from mooring.decisions import OpenQuestion
from mooring.report import conversion
from mooring.settings.environments import Tier

FORMS = ("kustomize", "plain")
DEFAULT_OUTPUT = "deploy"


ARGUMENTS = ()
OPTIONS = (
    Option(
        ("--to",),
        "form",
        choices=FORMS,
        default=FORMS[0],
        help="A kustomize base with an overlay for each environment, or finished manifests.",
    ),
    Option(
        ("-o", "--output"),
        "output",
        metavar="DIR",
        default=DEFAULT_OUTPUT,
        help="Where to write; mooring.lock stands inside, of deploy/ beside it.",
    ),
    Option(
        ("--force",),
        "force",
        is_flag=True,
        help="Overwrite generated files that you edited; never secret values.",
    ),
    options.output_format("text", "json"),
    options.STRICT,
)


def convert(
    invocation: Invocation, *, form: str, output: str, force: bool, format_name: str, strict: bool
) -> int:
    """
    Write the Kubernetes manifests of the project.

    All environments, unless --environment names one.  Files that you edited are never overwritten
    without --force, and those below patches/ are yours alone.
    """
    stages = invocation.stages
    stack = stages.without_answered(stages.stack(invocation.stack_request()), output)
    changes = stages.write(stages.tree(stack, form), output, lock=_lock(output), force=force)
    made = stack.environments
    # Environments that read the same files say the same; each statement counts once.  What is
    # open in development alone, as its well-known passwords, does not keep production waiting.
    demanding = [each for each in made if each.environment.tier is not Tier.DEV] or made
    asked = [(each.environment.name, each.translation.questions) for each in demanding]
    findings = {
        (finding.rule, finding.position, finding.ref, finding.message): finding
        for each in made
        for finding in each.findings
    }
    done = conversion.Conversion(
        output=output,
        form=form,
        environments=tuple(
            conversion.Made(
                name=each.environment.name, namespace=each.namespace, objects=len(each.objects)
            )
            for each in made
        ),
        changes=changes,
        not_carried=conversion.not_carried([each.translation.ledger for each in made]),
        questions=_asked_once(asked),
        findings=tuple(findings.values()),
    )
    invocation.tell(done.findings, asked=True)
    if format_name == "json":
        from mooring.report import json as report_json

        terminal.print_result(report_json.conversion(done))
    else:
        palette = terminal.palette(sys.stdout, invocation.arguments)
        terminal.print_result(conversion.text(done, palette=palette))
    return statuses.FINDINGS if strict and not done.is_exact else statuses.FINE


def _asked_once(
    asked: list[tuple[str, tuple[OpenQuestion, ...]]],
) -> tuple[OpenQuestion, ...]:
    """Return what the environments are asked, by name; what several are asked alike, once."""
    if len(asked) == 1 or not any(questions for _, questions in asked):
        return tuple(dict.fromkeys(question for _, each in asked for question in each))

    from mooring.report.common_questions import common

    return common(asked)


def _lock(output: str) -> str:
    """Return where the lock of ``output`` stands: two outputs never share one."""
    folder = "" if os.path.normpath(output) == DEFAULT_OUTPUT else output
    return os.path.join(folder, "mooring.lock")
