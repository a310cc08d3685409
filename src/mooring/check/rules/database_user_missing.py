"""
A database user whom nobody makes.

## What it does
Finds addresses and variables by which a container asks a PostgreSQL, MySQL or MariaDB of the
input as a user whom neither the variables of the server nor a script of the input makes.  Servers
whose scripts are not known are left alone.

## Why it matters
The server refuses the connection (`role "shop" does not exist`), at every start.

## Example
    # postgres has POSTGRES_USER: app
    env: [{name: DATABASE_URL, value: "postgres://shop@db:5432/app"}]

Name the user that the server has, or make the other one in a script.

## References
- https://hub.docker.com/_/postgres
- https://www.postgresql.org/docs/current/user-manag.html
"""

from collections.abc import Iterator

from mooring.check import data_sources, database_contents
from mooring.check.bundle import Bundle
from mooring.compose.suggest import closest
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="database-user-missing", severity=Severity.ERROR, since="0.1", group="databases")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each user whom the server does not have."""
    for source in data_sources.data_sources(bundle):
        found = data_sources.served_by(bundle, source) if source.user is not None else None
        if found is None or len(found[1]) != 1 or source.user is None:
            continue
        for server in found[1][0].main_containers:
            has = database_contents.contents(bundle, server)
            if has is None or source.user in has.users or has.may_have(source.user):
                continue
            users = sorted(has.users)
            near = closest(source.user, users) or (users[0] if len(users) == 1 else None)
            yield RULE.finding(
                source.dialled.ref,
                f"{source.dialled.named} asks {found[0].item.ref.name} as the user {source.user}, "
                f"and {has.program} there has only {', '.join(users)}",
                field=source.dialled.field,
                remedy=f"name {near or ' or '.join(users)}, or make the user in a script of the "
                "server",
                severity=None if bundle.is_closed else Severity.WARNING,
            )
