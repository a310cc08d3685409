"""
A database that its clients ask for more connections than it accepts.

## What it does
Adds up what the clients of a PostgreSQL or MySQL of the input may open at rest: their pools,
times their processes, times their replicas.  Finds databases that accept fewer, where the sizes
of all pools are stated.

## Why it matters
Whoever comes last is refused:  `FATAL: sorry, too many clients already`, now and then, under
load.

## Example
    # api: 4 replicas x 4 workers x DB_POOL_SIZE=10, and postgres accepts 100
    args: [postgres]

Raise `max_connections`, give clients smaller pools, or put a pooler between.

## References
- https://www.postgresql.org/docs/current/runtime-config-connection.html
"""

from collections.abc import Iterator

from mooring.check import connection_budgets
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="connections-refused", severity=Severity.ERROR, since="0.1", group="databases")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each database that cannot serve its clients at rest."""
    for one in connection_budgets.stretched(bundle):
        if one.is_refused:
            yield RULE.finding(
                one.server.owner,
                one.told,
                field=one.server.path,
                remedy=f"allow more, as in {one.raise_with}, give the clients smaller pools, or "
                "put a pooler between",
            )
