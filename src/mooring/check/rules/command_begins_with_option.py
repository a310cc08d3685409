"""
A command that begins with an option.

## What it does
Finds containers, probes and hooks whose command has no program: its first word begins with a
dash.

## Why it matters
`command` stands instead of the image's entrypoint, so the option itself is started: "executable
file not found".  It is what becomes of Compose's `command` where somebody takes the names for the
same.

## Example
    command: ["--config.file=/etc/prometheus.yml"]

Write it as `args`, which the entrypoint of the image gets.

## References
- https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#notes
"""

from collections.abc import Iterator

from mooring.check import commands
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="command-begins-with-option", severity=Severity.ERROR, since="0.1", group="workloads"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each command whose program is an option."""
    for container in bundle.containers:
        for one in commands.started(container):
            if one.words[0].startswith("-") and len(one.words[0]) > 1:
                is_own = one.field == f"{container.path}.command"
                yield RULE.finding(
                    container.owner,
                    f"{one.what} of the container {container.name} starts with "
                    f"{_name(one.words[0])}, which is no program",
                    field=one.field,
                    remedy="write it as args: command stands instead of the entrypoint"
                    if is_own
                    else "write the program before it",
                )


def _name(option: str) -> str:
    """Return an option without its value, which may be a secret."""
    return option.partition("=")[0].partition(" ")[0]
