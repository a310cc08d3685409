"""
Words of a shell where no shell runs.

## What it does
Finds commands of containers, probes and hooks that hold `||`, `&&`, `|`, `;` or a redirection as
words, and do not start a shell.

## Why it matters
The program gets them as arguments:  `curl -f URL || exit 1` fetches a second address called `||`
and fails each time; what stands after `&&` never runs.

## Example
    exec: {command: [curl, -f, "http://localhost:8080/health", "||", exit, "1"]}

Leave the words out, or let a shell run the line: `[sh, -c, "curl -f ... || exit 1"]`.

## References
- https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#run-a-command-in-a-shell
"""

from collections.abc import Iterator

from mooring.check import commands
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="shell-words-without-shell", severity=Severity.WARNING, since="0.1", group="workloads"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each command with words that only a shell understands."""
    for container in bundle.containers:
        for one in commands.started(container):
            word = next((word for word in one.words[1:] if word in _WORDS), None)
            if word is None or one.program in _TAKE_THEM:
                continue
            if any(each.rpartition("/")[2] in commands.SHELLS for each in one.words):
                continue
            yield RULE.finding(
                container.owner,
                f"{one.what} of the container {container.name} hands {word} to {one.program}: no "
                "shell runs",
                field=one.field,
                remedy=f'leave it out, or run the line by [sh, -c, "{one.program} ..."]',
            )


_WORDS = frozenset({"||", "&&", "|", ";", ">", ">>", "2>&1", ">/dev/null", "2>/dev/null", "&"})
_TAKE_THEM = frozenset({"find", "expr", "test", "[", "awk", "jq", "xargs", "parallel", "env"})
"""Programs to which such a word may mean something, or which start what does."""
