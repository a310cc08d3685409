"""
A program that writes to a copy of its database.

## What it does
Finds addresses of databases whose Service is for copies that are only read (`-ro`, `-replica`,
`-repl`, `-read`), in a variable whose name says nothing of reading.

## Why it matters
The first write is refused:  `cannot execute INSERT in a read-only transaction`.

## Example
    env: [{name: DATABASE_URL, value: "postgres://app@main-ro:5432/app"}]

Dial the Service of the primary.

## References
- https://cloudnative-pg.io/documentation/current/service_management/
- https://www.postgresql.org/docs/current/hot-standby.html
"""

from collections.abc import Iterator

from mooring.check import data_sources
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern

RULE = Rule(
    id="writes-to-replica",
    severity=Severity.WARNING,
    since="0.1",
    group="databases",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each address of a copy that seems to be the only one."""
    for source in data_sources.data_sources(bundle):
        one = source.dialled
        host = one.service or one.address.host
        if not host.endswith(_COPIES) or (source.scheme or "postgres") not in _SCHEMES:
            continue
        if _READS.search(one.named) or _READS.search(one.container.owner.name):
            continue
        if source.option("target_session_attrs") in ("read-only", "standby", "any"):
            continue
        yield RULE.finding(
            one.ref,
            f"{one.named} leads to {one.address.shown}, which is for copies that are only read",
            field=one.field,
            remedy="dial the Service of the primary, or name the variable for reading",
        )


_COPIES = ("-ro", "-replica", "-replicas", "-repl", "-read", "-readonly", "-read-only", "-standby")
_SCHEMES = ("postgres", "postgresql", "mysql", "mariadb")
_READS = LazyPattern(r"(?i)(?:^|[_.-])(?:r|ro|read|reader|readonly|replica|replicas|standby|slave)")
