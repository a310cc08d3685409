"""
A database that is named differently in one container.

## What it does
Finds containers whose `DB_HOST`, `DB_PORT` or `DB_NAME` differ from what their `DATABASE_URL`
says.

## Why it matters
Half of the program talks to one database and half to another, or one half to none.

## Example
    env: [{name: DB_HOST, value: db}, {name: DATABASE_URL, value: "postgres://app@database/app"}]

Keep one of the two, or make them agree.

## References
- https://12factor.net/config
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.translate.discovery import addresses

RULE = Rule(
    id="database-parts-disagree",
    severity=Severity.WARNING,
    since="0.1",
    group="databases",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each part that the URL beside it contradicts."""
    for container in bundle.containers:
        url = container.variable.get("DATABASE_URL")
        if url is None or not url.value:
            continue
        found = addresses.of_setting("DATABASE_URL", url.value, {})
        if len(found) != 1:
            continue
        for name, told in (("HOST", found[0].host), ("PORT", str(found[0].dialled_port or ""))):
            for prefix in ("DB_", "DATABASE_", "POSTGRES_", "PG"):
                part = container.variable.get(f"{prefix}{name}")
                if part is None or not part.value or not told or part.value.lower() == told:
                    continue
                ref, field = part.place(container.owner)
                yield RULE.finding(
                    ref,
                    f"{part.name} is {part.value}, and DATABASE_URL leads to {found[0].shown}",
                    field=field,
                    remedy="keep one of the two, or make them agree",
                )
