"""
A database of a version that does not start on the data of the one before.

## What it does
Compares containers with what they were before (`--baseline DIR`, `--baseline cluster`, `--since
REV`) and finds databases whose volume is kept and whose version goes back, or goes further than the
program can follow: another major version of PostgreSQL, more than one of MongoDB, Elasticsearch,
OpenSearch or MySQL.

## Why it matters
The files of a database belong to a version.  The new program refuses them (`database files are
incompatible with server`), and the old one may refuse what a newer one has touched.

## Example
    image: postgres:17.4      # it was postgres:15.10, over the same claim

Dump with the old version and restore with the new one, use pg_upgrade, or go step by step.

## References
- https://www.postgresql.org/docs/current/upgrading.html
- https://www.mongodb.com/docs/manual/release-notes/8.0-upgrade-replica-set/
- https://dev.mysql.com/doc/refman/8.4/en/upgrade-paths.html
"""

from collections.abc import Iterator

from mooring.check import earlier
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images import versions

RULE = Rule(id="database-version-jumps", severity=Severity.ERROR, since="0.1", group="databases")

_BY_DUMP = frozenset({"postgres", "postgis", "pgvector", "timescaledb", "bitnami-postgresql"})
_STEPS: dict[str, tuple[tuple[int, ...], ...]] = {
    "mongo": ((3,), (4,), (5,), (6,), (7,), (8,)),
    "mysql": ((5,), (8,), (9,)),
    "elasticsearch": ((5,), (6,), (7,), (8,), (9,)),
    "opensearch": ((1,), (2,), (3,)),
}
"""By family, the versions that follow one another; data goes one step at a time."""
_NEVER_BACK = frozenset({"mariadb", "neo4j", "influxdb", "clickhouse", "rabbitmq"})


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each version that does not start on its data."""
    for container, was in earlier.containers(bundle):
        known = container.known
        if known is None or not container.is_main or container.image == was.image:
            continue
        if was.known is None or was.known.family.name != known.family.name:
            continue
        if not earlier.keeps_data(container.pod, was.pod):
            continue
        before, after = _major(was), _major(container)
        family = known.family.name
        if before is None or after is None or before == after:
            continue
        told = _refused(family, before, after)
        if told is not None:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} goes from {_tag(was)} to {_tag(container)} of "
                f"{family} and keeps its volume: {told}",
                field=f"{container.path}.image",
                remedy=f"stay with {_tag(was)}, or bring the data over as the program describes",
                confidence=Confidence.HIGH,
            )


def _refused(family: str, before: int, after: int) -> str | None:
    """Return why the version ``after`` does not start on data of ``before``; None: it may."""
    if family in _BY_DUMP:
        return "its files belong to one major version"
    steps = [step[0] for step in _STEPS.get(family, ())]
    if after < before and (steps or family in _NEVER_BACK):
        return "it reads no files of a newer version"
    if before in steps and after in steps and steps.index(after) - steps.index(before) > 1:
        return f"it reads files of {steps[steps.index(after) - 1]} and newer"
    return None


def _major(container: Container) -> int | None:
    reference, known = container.reference, container.known
    if reference is None or known is None:
        return None
    found = versions.read_tag(reference.tag, prefix=known.family.version_prefix).version
    return found.numbers[0] if found is not None and found.numbers else None


def _tag(container: Container) -> str:
    return (container.reference.tag if container.reference is not None else None) or "latest"
