"""
A variable that is set twice in one container.

## What it does
Finds names that stand more than once in `env` of a container.  A variable that an `envFrom`
source has too is no repetition:  `env` is meant to win there.

## Why it matters
The last one wins without a word, and server-side apply refuses the list, whose entries are told
apart by name.

## Example
    env:
    - {name: LOG_LEVEL, value: info}
    - {name: LOG_LEVEL, value: debug}

Keep one of them.

## References
- https://kubernetes.io/docs/reference/using-api/server-side-apply/#merge-strategy
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import fields

RULE = Rule(
    id="environment-variable-repeated",
    severity=Severity.WARNING,
    since="0.1",
    group="configuration",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each entry of ``env`` that repeats the name of an earlier one."""
    for container in bundle.containers:
        seen: dict[str, tuple[int, object]] = {}
        for index, entry in fields.mappings(container.raw.get("env")):
            name = fields.text(entry.get("name"))
            if name is None:
                continue
            if name not in seen:
                seen[name] = index, entry
                continue
            first, earlier = seen[name]
            field = f"{container.path}.env[{index}]"
            yield RULE.finding(
                container.owner,
                f"the container {container.name} sets {name} twice: env[{first}] and env[{index}]",
                field=field,
                remedy=f"keep one of the two; env[{index}] is the one that counts now",
                fix=fixes.take(
                    container.pod.template.raw,
                    field,
                    description=f"remove the second {name}, which says the same",
                    safety=Safety.SAFE,
                )
                if earlier == entry
                else None,
            )
