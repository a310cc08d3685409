"""
What variables and commands tell of connections to databases: how many a server accepts, how many a
client opens.

Every process has a pool of its own.  Variables and addresses tell the sizes of pools, commands and
variables the numbers of processes; of some programs it is known how large a pool is that nobody
sets.

Sources: https://www.postgresql.org/docs/current/runtime-config-connection.html,
https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_connections,
https://hasura.io/docs/2.0/deployment/graphql-engine-flags/reference/ (pg-connections),
https://docs.postgrest.org/en/stable/references/configuration.html#db-pool,
https://www.keycloak.org/server/all-config (db-pool-max-size),
https://docs.temporal.io/references/configuration#datastores (maxConns),
https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections
"""

from collections.abc import Iterable
from typing import Generic, NamedTuple, TypeVar

from mooring.patterns import LazyPattern

Place = TypeVar("Place")
"""Where a setting stands, as the caller calls it."""


class Program(NamedTuple):
    """What a database program accepts unless told, keeps for itself, and is told with."""

    most: int
    reserved: int
    raise_with: str


class Told(NamedTuple, Generic[Place]):
    """A number, the words that tell it, and where they stand."""

    number: int
    said: str
    place: Place | None = None


_POSTGRES = Program(100, 3, "-c max_connections={most}")
_MYSQL = Program(151, 0, "--max-connections={most}")


SERVERS = {
    **dict.fromkeys(("bitnami-mariadb", "bitnami-mysql", "mariadb", "mysql"), _MYSQL),
    **dict.fromkeys(
        (
            *("bitnami-postgresql", "pgvector", "postgis", "postgres"),
            *("timescaledb", "timescaledb-ha"),
        ),
        _POSTGRES,
    ),
}
"""Families of images whose servers accept only so many connections."""

OF_PROGRAMS = {
    "hasura": (50, "Hasura opens up to 50 connections unless told otherwise"),
    "postgrest": (10, "PostgREST opens up to 10 connections unless told otherwise"),
    "keycloak": (100, "Keycloak opens up to 100 connections unless told otherwise"),
    "temporal-server": (30, "each role of Temporal opens up to 20 connections and 10 for search"),
    "temporal-auto-setup": (
        120,
        "each of the four roles of Temporal opens up to 20 connections and 10 for search",
    ),
}
"""Pools of known programs that nobody sets, for each process, and who says so."""

_MOST = LazyPattern(r"max[-_]connections\s*[= ]\s*'?([0-9]+)")
_POOL = LazyPattern(
    r"(?:.*_)?(?:(?:MAX_?)?(?:DB|DATABASE|PG|SQL|POSTGRES|POSTGRESQL|MYSQL|SQLALCHEMY|HIKARI)"
    r"(?:_MAX)?_(?:POOL|CONNECTIONS?|CONNS?)|(?:MAX(?:IMUM)?_)?POOL)(?:_?(?:SIZE|MAX|LIMIT))*"
    r"(?:_?(?:MAX|SIZE|LIMIT))?|(?:.*_)?(?:MAX_OPEN_CONN(?:ECTION)?S|SQL_MAX_CONNS"
    r"|PG_CONNECTIONS|DATABASE_CONNECTIONS?(?:_LIMIT)?|DB_CONNECTION_LIMIT)",
)
_NOT_OF_A_DATABASE = ("REDIS", "HTTP", "THREAD", "WORKER", "AMQP", "RABBIT", "KAFKA", "MIN", "IDLE")
_OVERFLOW = LazyPattern(r"(?:.*_)?MAX_OVERFLOW")
_IN_ADDRESS = LazyPattern(
    r"[?&](?:connection_limit|pool_size|pool_max_conns|max_pool_size|maximumPoolSize|maxPoolSize)"
    r"=([0-9]+)"
)
_PROCESSES = LazyPattern(
    r"(?:gunicorn|uvicorn|hypercorn|uwsgi|granian|puma|unicorn|pm2)\b.*?"
    r"(?:--workers|--processes|--instances|-w|-i|-p)[= ]([0-9]+)\b"
)
_PROCESS_SETTINGS = frozenset(
    {"WEB_CONCURRENCY", "GUNICORN_WORKERS", "UVICORN_WORKERS", "GUNICORN_PROCESSES"}
)


def accepted(words: str, settings: Iterable[tuple[str, str, Place]]) -> Told[Place] | None:
    """
    Return how many connections a server was told to accept, None where nothing says it.

    ``words`` are those of its command; ``settings`` its variables: name, value, place.
    """
    found = _MOST.search(words)
    if found is not None:
        return Told(int(found[1]), found[0])
    for name, value, place in settings:
        if name.upper().endswith("MAX_CONNECTIONS") and value.isdigit():
            return Told(int(value), f"{name}={value}", place)
    return None


def stated(settings: Iterable[tuple[str, str, Place]]) -> Told[Place] | None:
    """Return the pool that a client's variables tell: the largest, with its overflow."""
    pools: list[Told[Place]] = []
    overflow = 0
    for name, value, place in settings:
        upper = name.upper().replace(".", "_")
        in_address = _IN_ADDRESS.search(value) if "=" in value else None
        if in_address is not None:
            pools.append(Told(int(in_address[1]), in_address[0].lstrip("?&"), place))
        elif not value.isdigit() or any(word in upper for word in _NOT_OF_A_DATABASE):
            continue
        elif _OVERFLOW.fullmatch(upper):
            overflow = int(value)
        elif _POOL.fullmatch(upper):
            pools.append(Told(int(value), f"{name}={value}", place))
    if not pools:
        return None
    largest = max(pools, key=lambda each: each.number)
    return largest._replace(number=largest.number + overflow)


def processes(words: str, settings: Iterable[tuple[str, str, Place]]) -> int:
    """Return how many processes with a pool of their own a container runs, as far as told."""
    for name, value, _ in settings:
        if name in _PROCESS_SETTINGS and value.isdigit():
            return max(int(value), 1)
    found = _PROCESSES.search(words)
    return max(int(found[1]), 1) if found is not None else 1
