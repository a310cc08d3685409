"""
A variable of a shell where no shell runs.

## What it does
Finds `$NAME` and `${NAME}` in `command` or `args` of containers whose command is no shell, for
variables that the container has.

## Why it matters
Kubernetes expands `$(NAME)` alone: the program gets the text with the dollar.

## Example
    command: [/server]
    args: ["--port=$PORT"]           # $(PORT)

Write $(PORT), or run a shell.

## References
- https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields

RULE = Rule(
    id="variable-without-shell", severity=Severity.WARNING, since="0.1", group="configuration"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each word in which a shell's variable is meant and no shell runs."""
    for container in bundle.containers:
        # Without a command the entrypoint of the image decides, and it may well be a shell.
        if not container.command or _runs_a_shell(container.command + container.args):
            continue
        for word in ("command", "args"):
            for index, text in enumerate(fields.texts(container.raw.get(word))):
                for name in _VARIABLE.findall(text) if "$" in text else ():
                    if name in container.variable:
                        yield RULE.finding(
                            container.owner,
                            f"{container.command[0]} of the container {container.name} gets "
                            f"${name} as it stands: no shell runs",
                            field=f"{container.path}.{word}[{index}]",
                            remedy=f"write $({name})",
                        )


_VARIABLE = LazyPattern(r"(?<!\$)\$\{?([A-Za-z_]\w*)\}?")
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh", "busybox", "env", "pwsh", "eval"})


def _runs_a_shell(words: tuple[str, ...]) -> bool:
    return any(word.rpartition("/")[2] in _SHELLS or word.endswith(".sh") for word in words)
