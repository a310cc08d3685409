"""
A database that is started past the script that sets it up.

## What it does
Finds known database images whose `command` starts the server itself, while variables are set that
only the image's entrypoint reads: `POSTGRES_PASSWORD`, `MYSQL_DATABASE`, ...

## Why it matters
`command` stands instead of the entrypoint: no data directory is made, no user and no database,
and PostgreSQL refuses to run as root.  It is what becomes of Compose's `command` where somebody
takes the names for the same.

## Example
    image: postgres:17.6
    command: [postgres, -c, max_connections=200]

Write it as `args`.

## References
- https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#notes
- https://github.com/docker-library/docs/blob/master/postgres/README.md
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="entrypoint-replaced", severity=Severity.WARNING, since="0.1", group="known-images")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each server that its entrypoint should start."""
    for container in bundle.containers:
        known = container.known
        if known is None or not container.command:
            continue
        program = container.command[0].rpartition("/")[2]
        begins = next(
            (
                mark
                for family, servers, mark in _SERVERS
                if known.family.name in family and program in servers
            ),
            None,
        )
        if begins is None:
            continue
        read = sorted(name for name in container.variable if name.startswith(begins))
        if read:
            yield RULE.finding(
                container.owner,
                f"the command of the container {container.name} starts {program} instead of the "
                f"entrypoint, which alone reads {read[0]}",
                field=f"{container.path}.command",
                remedy="write it as args",
            )


_SERVERS = (
    (
        {"postgres", "postgis", "pgvector", "timescaledb"},
        {"postgres"},
        ("POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB"),
    ),
    (
        {"mysql", "mariadb"},
        {"mysqld", "mariadbd", "mysqld_safe"},
        ("MYSQL_ROOT", "MYSQL_DATABASE", "MYSQL_USER", "MARIADB_ROOT", "MARIADB_DATABASE"),
    ),
    ({"mongo"}, {"mongod"}, ("MONGO_INITDB_ROOT", "MONGO_INITDB_DATABASE")),
)
"""Families, the programs of their servers, and how variables begin that the entrypoint reads."""
