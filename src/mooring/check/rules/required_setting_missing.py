"""
A known image without a variable that it needs.

## What it does
Finds containers of known images that lack a variable without which the image does not start as
meant, and all its substitutes.  Where variables come from outside of the input nothing is said.

## Why it matters
The container ends at its first start with a message about the variable.

## Example
    image: postgres:17.4           # without POSTGRES_PASSWORD

Set the variable, from a Secret where it is one.

## References
- https://hub.docker.com/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.images.options import said_by_options
from mooring.semantics import kinds

RULE = Rule(
    id="required-setting-missing",
    severity=Severity.ERROR,
    since="0.1",
    group="known-images",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each variable that a known image needs and does not get."""
    for container in bundle.containers:
        known = container.known
        if known is None or not container.goes_on or not known.family.required:
            continue
        # Another command, or a task, is not the program that the image is known for.
        if container.command or container.imports_unknown:
            continue
        if container.pod.kind in (kinds.JOB, kinds.CRON_JOB) or _is_another_program(
            container.args, known.family.name
        ):
            continue
        by_options = set(
            said_by_options(container.args, (one.name for one in known.family.required))
        )
        for needed in known.family.required:
            if (
                needed.name in container.variable
                or needed.name in by_options
                or any(other in container.variable for other in needed.unless)
            ):
                continue
            yield RULE.finding(
                container.owner,
                f"{known.family.name} in the container {container.name} needs {needed.name}"
                + (f" (or {', '.join(needed.unless)})" if needed.unless else ""),
                field=container.path,
                remedy=f"set {needed.name}" + (" from a Secret" if needed.secret else ""),
            )


def _is_another_program(args: tuple[str, ...], name: str) -> bool:
    """Tell whether the arguments name another program than the image ``name`` is known for."""
    return bool(args) and not args[0].startswith(("-", name))
