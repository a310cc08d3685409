"""
A database that nobody makes.

## What it does
Finds addresses and variables by which a container asks a PostgreSQL, MySQL or MariaDB of the
input for a database that neither the variables of the server nor a script of the input makes.
Programs that make their database themselves are doubted, and servers whose scripts are not known
are left alone.

## Why it matters
The server refuses the connection (`database "shop" does not exist`), at every start.

## Example
    # postgres has POSTGRES_DB: app
    env: [{name: DATABASE_URL, value: "postgres://app@db:5432/shop"}]

Name the database that the server has, or make the other one in a script.

## References
- https://hub.docker.com/_/postgres
- https://www.postgresql.org/docs/current/manage-ag-createdb.html
"""

from collections.abc import Iterator

from mooring.check import data_sources, database_contents
from mooring.check.bundle import Bundle
from mooring.check.data_sources import DataSource
from mooring.check.database_contents import MYSQL, Contents
from mooring.compose.suggest import closest
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(id="database-missing", severity=Severity.WARNING, since="0.1", group="databases")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each database that the server does not have."""
    for source in data_sources.data_sources(bundle):
        found = data_sources.served_by(bundle, source) if source.database is not None else None
        if found is None or len(found[1]) != 1 or source.database is None:
            continue
        for server in found[1][0].main_containers:
            has = database_contents.contents(bundle, server)
            if has is None or source.database in has.databases or has.may_have(source.database):
                continue
            own = sorted(has.databases - _OF_EVERY_SERVER)
            near = closest(source.database, own) or (own[0] if len(own) == 1 else None)
            yield RULE.finding(
                source.dialled.ref,
                f"{source.dialled.named} asks {found[0].item.ref.name} for the database "
                f"{source.database}, and {has.program} there makes "
                + (f"only {', '.join(own)}" if own else "none"),
                field=source.dialled.field,
                remedy=(f"name {near}, or make" if near else "make")
                + " the other one in a script of the server",
                confidence=Confidence.MEDIUM if _may_be_made(source, has) else None,
            )


_OF_EVERY_SERVER = frozenset(
    {"postgres", "template1", "mysql", "information_schema", "sys", "performance_schema"}
)
_MAKERS = (
    *("prisma", "db:create", "db:prepare", "db:setup", "ecto", "dotnet", "createDatabase"),
    *("createdb", "auto-setup", "flyway", "liquibase", "schematool", "setup-schema"),
)
_FAMILIES_OF_MAKERS = frozenset(
    {"dotnet", "dotnet-aspnet", "temporal-auto-setup", "ruby", "discourse", "zabbix"}
)


def _may_be_made(source: DataSource, has: Contents) -> bool:
    """Tell whether the program may well make the database itself, and has the right to."""
    known = source.container.known
    if source.user is not None and source.user != has.ruler and has.program == MYSQL:
        return False
    return (
        (known is not None and known.family.name in _FAMILIES_OF_MAKERS)
        or any(word in source.container.words for word in _MAKERS)
        or source.option("createDatabaseIfNotExist") == "true"
    )
