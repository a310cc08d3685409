"""
A program whose name has its arguments in it.

## What it does
Finds commands of containers, probes and hooks whose first word is a whole command line.

## Why it matters
Nothing splits it: the container ends with "executable file not found", and a probe fails for
ever.

## Example
    command: ["npm run start"]        # there is no program of that name

Write each word by itself: `command: [npm, run, start]`; or let a shell run the line.

## References
- https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
"""

from collections.abc import Iterator

from mooring.check import commands
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern

RULE = Rule(id="command-in-one-word", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each first word that is a command line."""
    for container in bundle.containers:
        for one in commands.started(container):
            first = one.words[0]
            if " " in first.strip() and _LINE.match(first.strip()):
                yield RULE.finding(
                    container.owner,
                    f"{one.what} of the container {container.name} starts a program whose name is "
                    f"a line of {len(first.split())} words, {first.split()[0]} and its arguments",
                    field=one.field,
                    remedy='write each word by itself, or run the line by [sh, -c, "..."]',
                )


# A name with a blank in it may be a path: then what follows is none that arguments begin with.
_LINE = LazyPattern(r"(?:[\w.+-]+|/\S+(?= +[-/&|>]))(?: |$)")
