"""
A reference to a variable that the container does not have.

## What it does
Finds `$(NAME)` in `command`, `args` and `env` where the container has no variable NAME.  In the
text of a shell `$(name)` is a command, so only names in capitals count.

## Why it matters
The text stays as it is: the program gets `$(NAME)` literally.

## Example
    args: ["--port=$(PORT)"]        # and no variable PORT

Define the variable, or write the value.

## References
- https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields

RULE = Rule(id="variable-undefined", severity=Severity.WARNING, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each reference to a variable that is not there."""
    for container in bundle.containers:
        if container.imports_unknown:
            continue
        named: list[tuple[str, object]] = [
            (f"{container.path}.{word}[{index}]", text)
            for word in ("command", "args")
            for index, text in enumerate(fields.texts(container.raw.get(word)))
        ]
        named += [
            (f"{container.path}.env[{index}]", entry["value"])
            for index, entry in fields.mappings(container.raw.get("env"))
            if isinstance(entry.get("value"), str)
        ]
        for field, text in named:
            if not isinstance(text, str) or "$(" not in text:
                continue
            for name in _REFERENCE.findall(text):
                if name not in container.variable and not (
                    name == _INDEX and _is_indexed(container)
                ):
                    yield RULE.finding(
                        container.owner,
                        f"$({name}) stands in the container {container.name}, and no variable is "
                        "called so",
                        field=field,
                        remedy="define the variable, or write $$( for the text itself",
                    )


_INDEX = "JOB_COMPLETION_INDEX"
"""What an indexed Job gives each of its pods."""


def _is_indexed(container: Container) -> bool:
    spec = container.pod.template.owner_spec
    job = fields.mapping(fields.at(spec, "jobTemplate", "spec")) or spec
    return job.get("completionMode") == "Indexed"


_REFERENCE = LazyPattern(r"(?<!\$)\$\(([A-Z_][A-Z0-9_]*)\)")
