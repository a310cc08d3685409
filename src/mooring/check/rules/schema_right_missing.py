"""
A user who may not make tables.

## What it does
Finds start-up scripts of a PostgreSQL 15 or newer that give a user rights on a database and
nothing on its schema: neither ownership nor rights on `SCHEMA public`.

## Why it matters
Since 15 nobody but the owner may create in the schema public: migrations end with `permission
denied for schema public`.

## Example
    CREATE DATABASE shop; GRANT ALL PRIVILEGES ON DATABASE shop TO shop;

Make the user the owner: `CREATE DATABASE shop OWNER shop`.

## References
- https://www.postgresql.org/docs/release/15.0/
"""

from collections.abc import Iterator

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.images import versions
from mooring.patterns import LazyPattern
from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item

RULE = Rule(id="schema-right-missing", severity=Severity.WARNING, since="0.1", group="databases")

_FAMILIES = frozenset({"postgres", "postgis", "pgvector", "timescaledb"})
_SINCE = versions.Version((15,))
_GRANT = LazyPattern(
    r"(?i)grant\s+all(?:\s+privileges)?\s+on\s+database\s+[\"']?([\w$:{}-]+)[\"']?\s+to\s+"
    r"[\"']?([\w$:{}-]+)"
)
_ENOUGH = LazyPattern(
    r"(?i)\bowner\b|on\s+schema\b|on\s+all\s+tables|superuser|create\s+schema|pg_database_owner"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each script that stops half-way."""
    told: set[tuple[object, str]] = set()
    for container in bundle.containers:
        known = container.known
        if known is None or known.family.name not in _FAMILIES or known.tag.version is None:
            continue
        if known.tag.version < _SINCE:
            continue
        for item in _scripts(bundle, container):
            for _, text, field in environment.texts(item):
                grant = _GRANT.search(text) if "rant" in text.lower() else None
                if grant is None or _ENOUGH.search(text) or (item.ref, field) in told:
                    continue
                if grant[2] in (_ruler(container), "postgres"):
                    continue
                told.add((item.ref, field))
                yield RULE.finding(
                    item.ref,
                    f"it gives {grant[2]} the database {grant[1]} and nothing on its schema, in "
                    f"which only the owner may create since PostgreSQL 15 (here "
                    f"{known.tag.version})",
                    field=field,
                    remedy="make the user the owner, as in ALTER DATABASE ... OWNER TO ...",
                )


def _ruler(container: Container) -> str:
    given = container.variable.get("POSTGRES_USER")
    return (given.value if given is not None else None) or "postgres"


def _scripts(bundle: Bundle, container: Container) -> Iterator[Item]:
    for _, mount in container.mounts:
        if str(mount.get("mountPath")).startswith("/docker-entrypoint-initdb.d"):
            volume = container.pod.volumes.get(fields.text(mount.get("name")) or "")
            name = fields.text(
                fields.at(volume[1] if volume is not None else {}, "configMap", "name")
            )
            if name is not None:
                item = bundle.objects.find(kinds.CONFIG_MAP, name, container.pod.namespace)
                if item is not None:
                    yield item
