"""
A health check that is still written for Compose.

## What it does
Finds probes whose command begins with `CMD`, `CMD-SHELL` or `NONE`.

## Why it matters
These are words of Compose that say how the rest is run.  Here the first word is the program,
there is none of that name, and the probe fails each time: the pod is never ready, or is restarted
for ever.

## Example
    readinessProbe:
      exec: {command: [CMD-SHELL, "pg_isready -U $POSTGRES_USER"]}

Write `command: [sh, -c, "pg_isready -U $POSTGRES_USER"]`.

## References
- https://docs.docker.com/reference/compose-file/services/#healthcheck
"""

from collections.abc import Iterator

from mooring.check import commands, fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity

RULE = Rule(id="probe-of-compose", severity=Severity.ERROR, since="0.1", group="probes")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each probe with a word of Compose as its program."""
    for container in bundle.containers:
        for one in commands.asked(container):
            word, *rest = one.words
            if word not in ("CMD", "CMD-SHELL", "NONE"):
                continue
            meant = ["sh", "-c", " ".join(rest)] if word == "CMD-SHELL" else rest
            yield RULE.finding(
                container.owner,
                f"{one.what} of the container {container.name} starts a program {word}, which is a "
                "word of Compose",
                field=one.field,
                remedy='leave it out; for CMD-SHELL write [sh, -c, "..."]',
                fix=fixes.put(
                    container.pod.template.raw,
                    one.field,
                    meant,
                    description=f"start what {word} means",
                    safety=Safety.NEEDS_CONFIRMATION,
                )
                if meant
                else None,
            )
