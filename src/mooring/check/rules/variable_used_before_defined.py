"""
A reference to a variable that is defined later.

## What it does
Finds values of `env` that refer to another variable with `$(NAME)` which stands below them in the
list.

## Why it matters
Only what stands above is known: the text `$(NAME)` stays as it is, and the program gets it
literally.

## Example
    env:
    - {name: URL, value: "redis://$(HOST):6379"}
    - {name: HOST, value: redis}

Put the variable that is referred to above.

## References
- https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields

RULE = Rule(
    id="variable-used-before-defined", severity=Severity.ERROR, since="0.1", group="configuration"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each reference to a variable further down."""
    for container in bundle.containers:
        entries = list(fields.mappings(container.raw.get("env")))
        places = {fields.text(entry.get("name")): index for index, entry in entries}
        for index, entry in entries:
            value = fields.text(entry.get("value"))
            if value is None or "$(" not in value:
                continue
            for name in _REFERENCE.findall(value):
                if places.get(name, -1) > index:
                    yield RULE.finding(
                        container.owner,
                        f"{entry.get('name')} of the container {container.name} refers to {name}, "
                        "which is defined below it",
                        field=f"{container.path}.env[{index}]",
                        remedy=f"put {name} above it",
                    )


_REFERENCE = LazyPattern(r"(?<!\$)\$\(([A-Za-z_][\w.-]*)\)")
