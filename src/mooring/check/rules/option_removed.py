"""
An option that the program no longer knows.

## What it does
Finds options in commands, and a few variables, that a known program refuses in the version that
runs.

## Why it matters
The program ends at once with `unknown option`, after an update that seemed small.

## Example
    image: mysql:8.4.3
    args: [--default-authentication-plugin=mysql_native_password]

Leave the option out, or use what stands in its place.

## References
- https://dev.mysql.com/doc/refman/8.4/en/added-deprecated-removed.html
- https://www.postgresql.org/docs/release/
- https://doc.traefik.io/traefik/migrate/v2-to-v3/
"""

from collections.abc import Iterator

from mooring.check import removed_options
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="option-removed", severity=Severity.ERROR, since="0.1", group="known-images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each option that the program refuses."""
    for container in bundle.containers:
        known = container.known
        if known is None or known.assumes_newest or known.family.name not in removed_options.OF:
            continue
        for removed in removed_options.of(known):
            field = None
            if removed.is_setting:
                given = container.variable.get(removed.option)
                field = given.field if given is not None else None
            else:
                words = (*container.command, *container.args)
                if any(removed.matches(words, index) for index in range(len(words))):
                    field = f"{container.path}.{'args' if container.args else 'command'}"
            if field is not None:
                yield RULE.finding(
                    container.owner,
                    f"{known.family.name} {known.tag.version} in the container {container.name} "
                    f"does not know {removed.option}, which is gone since {removed.since}",
                    field=field,
                    remedy=removed.instead or "leave it out",
                )
