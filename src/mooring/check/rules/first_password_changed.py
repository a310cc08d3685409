"""
A password that only the first start heeds, and that is another one now.

## What it does
Compares containers with what they were before (`--baseline DIR`, `--since REV`) and finds known
databases and brokers whose user, password or database name for the first start changed while their
volume is kept.

## Why it matters
The program reads these variables when its data directory is empty, and never again.  The clients
get the new password, the server keeps the old one: `password authentication failed`, everywhere and
at once.

## Example
    env: [{name: POSTGRES_PASSWORD, valueFrom: ...}]      # with another value, over the same claim

Change the password in the database (`ALTER ROLE`) at the same time, or leave it.

## References
- https://hub.docker.com/_/postgres#environment-variables
- https://hub.docker.com/_/mongo#mongo_initdb_root_username-mongo_initdb_root_password
"""

from collections.abc import Iterator

from mooring.check import accounts, earlier
from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="first-password-changed", severity=Severity.WARNING, since="0.1", group="secrets")

_OF_POSTGRES = ("POSTGRES_PASSWORD", "POSTGRES_USER", "POSTGRES_DB")
_OF_MYSQL = (
    *("MYSQL_ROOT_PASSWORD", "MYSQL_PASSWORD", "MYSQL_USER", "MYSQL_DATABASE"),
    *("MARIADB_ROOT_PASSWORD", "MARIADB_PASSWORD", "MARIADB_USER", "MARIADB_DATABASE"),
)
_FIRST: dict[str, tuple[str, ...]] = {
    "postgres": _OF_POSTGRES,
    "postgis": _OF_POSTGRES,
    "pgvector": _OF_POSTGRES,
    "timescaledb": _OF_POSTGRES,
    "mysql": _OF_MYSQL,
    "mariadb": _OF_MYSQL,
    "mongo": ("MONGO_INITDB_ROOT_PASSWORD", "MONGO_INITDB_ROOT_USERNAME"),
    "rabbitmq": ("RABBITMQ_DEFAULT_PASS", "RABBITMQ_DEFAULT_USER"),
    "influxdb": ("DOCKER_INFLUXDB_INIT_PASSWORD", "DOCKER_INFLUXDB_INIT_ADMIN_TOKEN"),
    "grafana": ("GF_SECURITY_ADMIN_PASSWORD",),
    "opensearch": ("OPENSEARCH_INITIAL_ADMIN_PASSWORD",),
    "neo4j": ("NEO4J_AUTH",),
}
"""By family, what counts at the first start alone."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each variable that comes too late."""
    before = bundle.before
    if before is None:
        return
    for container, was in earlier.containers(bundle):
        known = container.known
        if known is None or not container.is_main or known.family.name not in _FIRST:
            continue
        if not earlier.keeps_data(container.pod, was.pod):
            continue
        for name in _FIRST[known.family.name]:
            named = container.variable.get(name) or container.variable.get(f"{name}_FILE")
            if named is None:
                continue
            had = accounts.value(before, was, name)
            has = accounts.value(bundle, container, name)
            if None not in (had, has) and had != has:
                ref, field = named.place(container.owner)
                yield RULE.finding(
                    ref,
                    f"{name} of {_named(container)} has another value than before, and "
                    f"{known.family.name} heeds it only while its volume is empty",
                    field=field,
                    remedy="change it in the program itself at the same time, or leave it",
                )


def _named(container: Container) -> str:
    return f"{container.owner.kind} {container.owner.name}"
