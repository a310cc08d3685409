"""
A database whose clients may ask for more connections than it accepts.

## What it does
Adds up what the clients of a PostgreSQL or MySQL of the input may open when updates roll, tasks
run and autoscalers are at their top, and by the usual pools of programs that state none.  Finds
databases that accept fewer.

## Why it matters
It stands until an update: the new pods open connections while the old ones still hold theirs, and
are refused.

## Example
    # 3 replicas with a pool of 30 each: 90 of 97, and 120 while an update rolls

Raise `max_connections`, give clients smaller pools, or put a pooler between.

## References
- https://www.postgresql.org/docs/current/runtime-config-connection.html
"""

from collections.abc import Iterator

from mooring.check import connection_budgets
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="connections-scarce", severity=Severity.WARNING, since="0.1", group="databases")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each database that cannot serve its clients at the worst."""
    for one in connection_budgets.stretched(bundle):
        if not one.is_refused:
            yield RULE.finding(
                one.server.owner,
                one.told,
                field=one.server.path,
                remedy=f"allow more, as in {one.raise_with}, give the clients smaller pools, or "
                "put a pooler between",
            )
