"""
A migration through a pool that forgets its session.

## What it does
Finds Jobs with a migration in their name, and pods of Hasura, whose database URL leads to a
PgBouncer or another pooler: port 6432, or `pgbouncer` or `pooler` in the host.

## Why it matters
Transaction pooling loses advisory locks, prepared statements and `SET`: migrations fail half-way,
or run twice.

## Example
    env: [{name: DATABASE_URL, value: "postgres://app@pgbouncer:6432/app"}]

Dial the database itself.

## References
- https://www.pgbouncer.org/features.html
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="migration-through-pooler",
    severity=Severity.WARNING,
    since="0.1",
    group="databases",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each migration that goes through a pooler."""
    for one in bundle.dialled:
        pod = one.container.pod
        host = one.address.host
        pooled = one.address.port == 6432 or "pgbouncer" in host or "pooler" in host.split(".")[0]
        if not pooled:
            continue
        known = one.container.known
        is_task = pod.kind in (kinds.JOB, kinds.CRON_JOB) and any(
            word in f"{pod.owner.name} {one.container.words}".lower()
            for word in ("migrat", "schema")
        )
        if is_task or (known is not None and known.family.name == "hasura"):
            yield RULE.finding(
                one.ref,
                f"{one.named} leads a migration through {one.address.shown}, which pools "
                "connections",
                field=one.field,
                remedy="dial the database itself",
            )
