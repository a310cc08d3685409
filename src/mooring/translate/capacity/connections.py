"""
Who connects to the databases of a stack, and with how many connections.

Every process of every replica has a pool of its own, so what is few on one machine is many in a
cluster, and a database refuses what is above its limit.  Variables and addresses tell the sizes of
pools, commands and variables the numbers of processes; of some programs it is known how large a
pool is that nobody sets.

Sources: https://www.postgresql.org/docs/current/runtime-config-connection.html,
https://dev.mysql.com/doc/refman/8.4/en/server-system-variables.html#sysvar_max_connections,
https://hasura.io/docs/2.0/deployment/graphql-engine-flags/reference/ (pg-connections),
https://docs.postgrest.org/en/stable/references/configuration.html#db-pool,
https://www.keycloak.org/server/all-config (db-pool-max-size),
https://docs.temporal.io/references/configuration#datastores (maxConns),
https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections
"""

from collections.abc import Iterable, Iterator
from collections.abc import Mapping as ReadOnly
from typing import NamedTuple

from mooring.app.application import Application
from mooring.app.connections import ConnectionClient, ConnectionServer
from mooring.app.workloads import Container, Task, Workload
from mooring.images.facts import Role
from mooring.patterns import LazyPattern
from mooring.sensitive import Sensitive
from mooring.sources import Position
from mooring.translate.capacity.hints import BOUNDED_SERVERS
from mooring.translate.view import ServiceView


class _Program(NamedTuple):
    """What a database program accepts unless told, keeps for itself, and is told with."""

    most: int
    reserved: int
    raise_with: str


_POSTGRES = _Program(100, 3, "-c max_connections={most}")
_MYSQL = _Program(151, 0, "--max-connections={most}")
_SERVERS = {
    name: _MYSQL if "mysql" in name or "mariadb" in name else _POSTGRES for name in BOUNDED_SERVERS
}

_POOLS = {
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


def servers(
    application: Application, views: ReadOnly[str, ServiceView]
) -> tuple[ConnectionServer, ...]:
    """Return the databases of the stack whose clients tell how many connections they open."""
    found = []
    for part in application.parts:
        program = _program(part, views)
        if program is None or not isinstance(part, Workload):
            continue
        names = {part.name, part.source_name, *part.other_names}
        clients = tuple(
            _client(other, views, names)
            for other in application.parts
            if other is not part and _may_dial(other, views) and _dials(other, names)
        )
        if all(client.pool is None for client in clients):
            continue
        most, said, position = _most(part, program)
        found.append(
            ConnectionServer(
                part=part.name,
                most=most,
                reserved=program.reserved,
                raise_with=program.raise_with,
                said=said,
                clients=clients,
                position=position or part.position,
            )
        )
    return tuple(found)


def _program(part: Workload | Task, views: ReadOnly[str, ServiceView]) -> _Program | None:
    for container in part.containers:
        view = views.get(container.source_name)
        if view is not None and view.known is not None and view.known.family.name in _SERVERS:
            return _SERVERS[view.known.family.name]
    return None


def _most(part: Workload, program: _Program) -> tuple[int, str, Position | None]:
    """Return how many connections the server accepts, and what says so."""
    for container in part.containers:
        words = (*(container.process.entrypoint or ()), *(container.process.arguments or ()))
        found = _MOST.search(" ".join(words))
        if found is not None:
            return int(found[1]), found[0], container.position
        for name, value, position in _settings(container):
            if name.upper().endswith("MAX_CONNECTIONS") and value.isdigit():
                return int(value), f"{name}={value}", position
    return program.most, f"{program.most} unless told otherwise", None


def _settings(container: Container) -> Iterator[tuple[str, str, Position | None]]:
    for setting in container.settings:
        value = setting.value
        yield (
            setting.name,
            value.reveal() if isinstance(value, Sensitive) else value,
            setting.position,
        )


def _may_dial(part: Workload | Task, views: ReadOnly[str, ServiceView]) -> bool:
    """Tell whether ``part`` is no data store itself, which may know others but asks none."""
    for container in part.containers:
        view = views.get(container.source_name)
        if view is not None and view.known is not None and view.known.family.role in _STORES:
            return isinstance(part, Task)
    return True


_STORES = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})


def _dials(part: Workload | Task, names: Iterable[str]) -> bool:
    """Tell whether some variable of ``part`` names the server as a host."""
    for container in part.containers:
        for _, value, _ in _settings(container):
            for name in names:
                if value == name or value.startswith(f"{name}:"):
                    return True
                if any(f"{before}{name}{after}" in value for before in "@/" for after in ":/?"):
                    return True
    return False


def _client(
    part: Workload | Task, views: ReadOnly[str, ServiceView], names: Iterable[str]
) -> ConnectionClient:
    for container in part.containers:
        stated = _stated(container)
        processes = _processes(container)
        if stated is not None:
            pool, said, position = stated
            return ConnectionClient(
                part=part.name,
                pool=pool,
                processes=processes,
                said=said,
                is_stated=True,
                position=position,
            )
        view = views.get(container.source_name)
        known = view.known if view is not None and isinstance(part, Workload) else None
        if known is not None and known.family.name in _POOLS:
            pool, said = _POOLS[known.family.name]
            return ConnectionClient(
                part=part.name,
                pool=pool,
                processes=processes,
                said=said,
                position=container.position,
            )
    return ConnectionClient(part=part.name, pool=None, position=part.position)


def _stated(container: Container) -> tuple[int, str, Position | None] | None:
    """Return the pool that the container's settings tell: the largest, with its overflow."""
    pools: list[tuple[int, str, Position | None]] = []
    overflow = 0
    for name, value, position in _settings(container):
        upper = name.upper().replace(".", "_")
        in_address = _IN_ADDRESS.search(value) if "=" in value else None
        if in_address is not None:
            pools.append((int(in_address[1]), in_address[0].lstrip("?&"), position))
        elif not value.isdigit() or any(word in upper for word in _NOT_OF_A_DATABASE):
            continue
        elif _OVERFLOW.fullmatch(upper):
            overflow = int(value)
        elif _POOL.fullmatch(upper):
            pools.append((int(value), f"{name}={value}", position))
    if not pools:
        return None
    pool, said, position = max(pools, key=lambda each: each[0])
    return pool + overflow, said, position


def _processes(container: Container) -> int:
    """Return how many processes with a pool of their own the container runs, as far as told."""
    for name, value, _ in _settings(container):
        if name in _PROCESS_SETTINGS and value.isdigit():
            return max(int(value), 1)
    words = (*(container.process.entrypoint or ()), *(container.process.arguments or ()))
    found = _PROCESSES.search(" ".join(words))
    return max(int(found[1]), 1) if found is not None else 1
