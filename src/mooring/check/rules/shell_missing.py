"""
A shell that the image does not have.

## What it does
Finds commands, hooks and mounted scripts that are run by bash in official images on Alpine and in
BusyBox, which have none, and by any shell in known images that hold none.  Probes have a rule of
their own.

## Why it matters
The container does not start: `exec: "bash": executable file not found in $PATH`.

## Example
    image: alpine:3.22
    command: [bash, -c, "..."]

Run it by sh, or use an image that has bash.

## References
- https://hub.docker.com/_/alpine
- https://github.com/GoogleContainerTools/distroless
"""

from collections.abc import Iterator

from mooring.check import shells
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="shell-missing", severity=Severity.ERROR, since="0.1", group="configuration")

_SHELLS = frozenset({"sh", "ash", "dash", "bash"})


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each command by a shell that is not there."""
    for container in bundle.containers:
        if not container.raw.keys() & {"command", "args", "lifecycle"}:
            continue
        if not shells.has_no_bash(container):
            continue
        known = container.known
        has_none = known is not None and known.family.has_shell is False
        for field, program in _programs(container):
            if program != "bash" and not (has_none and program in _SHELLS):
                continue
            yield RULE.finding(
                container.owner,
                f"{container.image} in the container {container.name} has no {program}",
                field=field,
                remedy="run the program itself" if has_none else "run it by sh",
            )
        if has_none:
            continue
        for script in shells.scripts(bundle, container):
            if script.ref != container.owner and script.interpreter == "bash":
                yield RULE.finding(
                    container.owner,
                    f"it runs {script.field.partition('.')[2]} of {script.ref} by bash, and "
                    f"{container.image} has none",
                    field=container.path,
                    remedy="write the script for sh, or use an image that has bash",
                )


def _programs(container: Container) -> Iterator[tuple[str, str]]:
    """Yield the programs that are started, with their fields."""
    if container.command:
        yield f"{container.path}.command", shells.interpreter_of(container.command[0])
    for hook in ("postStart", "preStop"):
        words = fields.texts(fields.at(container.raw, "lifecycle", hook, "exec", "command"))
        if words:
            field = f"{container.path}.lifecycle.{hook}.exec.command"
            yield field, shells.interpreter_of(words[0])
