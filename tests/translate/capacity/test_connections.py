"""Who opens how many connections is read from variables, addresses and commands."""

from pathlib import Path

import pytest
from tests.translate.whole import translation

from mooring.app.connections import ConnectionServer
from mooring.semantics import pools
from mooring.translate.capacity.hints import BOUNDED_SERVERS, POOLING

DB = "  db: {image: 'postgres:17'}\n"


def servers(folder: Path, client: str, db: str = DB) -> tuple[ConnectionServer, ...]:
    """Return what is known of connections in a stack of ``db`` and the service ``app``."""
    compose = f"services:\n{db}  app: {{{client}}}\n"
    return translation(folder, compose).application.connections


@pytest.mark.parametrize(
    ("client", "pool", "processes", "said"),
    [
        pytest.param(
            "image: a, environment: {DB_HOST: db, DB_POOL_SIZE: '10'}",
            *(10, 1, "DB_POOL_SIZE=10"),
            id="a-variable",
        ),
        pytest.param(
            "image: a, environment: {DATABASE_POOL: '5', DATABASE_URL: 'postgres://u:p@db:5432/x'}",
            *(5, 1, "DATABASE_POOL=5"),
            id="the-host-stands-in-an-address",
        ),
        pytest.param(
            "image: a, environment: {DATABASE_URL: 'postgres://u:p@db:5432/x?connection_limit=7'}",
            *(7, 1, "connection_limit=7"),
            id="in-the-address-itself",
        ),
        pytest.param(
            "image: a, environment: {DB_HOST: db, SQLALCHEMY_POOL_SIZE: '5', "
            "SQLALCHEMY_MAX_OVERFLOW: '10'}",
            *(15, 1, "SQLALCHEMY_POOL_SIZE=5"),
            id="an-overflow-comes-on-top",
        ),
        pytest.param(
            "image: a, environment: {DB_HOST: db, DB_POOL_MIN: '2', DB_POOL_MAX: '9'}",
            *(9, 1, "DB_POOL_MAX=9"),
            id="the-least-size-is-none",
        ),
        pytest.param(
            "image: a, environment: {DB_HOST: db, DB_POOL_SIZE: '5', WEB_CONCURRENCY: '4'}",
            *(5, 4, "DB_POOL_SIZE=5"),
            id="processes-by-a-variable",
        ),
        pytest.param(
            "image: a, command: gunicorn app --workers 3, "
            "environment: {DB_HOST: db, DB_POOL_SIZE: '5'}",
            *(5, 3, "DB_POOL_SIZE=5"),
            id="processes-by-the-command",
        ),
        pytest.param(
            "image: 'hasura/graphql-engine:v2.40.2', "
            "environment: {HASURA_GRAPHQL_DATABASE_URL: 'postgres://u:p@db:5432/x'}",
            *(50, 1, "Hasura opens up to 50 connections unless told otherwise"),
            id="a-program-that-is-known",
        ),
        pytest.param(
            "image: 'hasura/graphql-engine:v2.40.2', environment: "
            "{HASURA_GRAPHQL_PG_CONNECTIONS: '20', "
            "HASURA_GRAPHQL_DATABASE_URL: 'postgres://u:p@db:5432/x'}",
            *(20, 1, "HASURA_GRAPHQL_PG_CONNECTIONS=20"),
            id="a-program-that-is-told",
        ),
    ],
)
def test_clients(tmp_path: Path, client: str, pool: int, processes: int, said: str) -> None:
    (server,) = servers(tmp_path, client)
    (found,) = server.clients
    assert (found.part, found.pool, found.processes, found.said) == ("app", pool, processes, said)
    assert found.is_stated is not said.startswith("Hasura opens")


@pytest.mark.parametrize(
    "client",
    [
        pytest.param("image: a, environment: {DB_HOST: db}", id="a-pool-that-nobody-knows"),
        pytest.param(
            "image: a, environment: {DB_HOST: db, REDIS_POOL_SIZE: '9'}", id="another-s-pool"
        ),
        pytest.param("image: a, environment: {DB_POOL_SIZE: '9'}", id="who-does-not-dial-it"),
        pytest.param(
            "image: 'redis:7', environment: {DB_HOST: db, DB_POOL_SIZE: '9'}",
            id="a-data-store-that-is-given-everybodys-variables",
        ),
        pytest.param(
            "image: a, environment: {DB_HOST: db.example.com, DB_POOL_SIZE: '9'}",
            id="who-dials-another",
        ),
    ],
)
def test_nothing_is_claimed_of(tmp_path: Path, client: str) -> None:
    assert servers(tmp_path, client) == ()


@pytest.mark.parametrize(
    ("db", "most", "reserved", "said"),
    [
        pytest.param(DB, 100, 3, "100 unless told otherwise", id="as-it-comes"),
        pytest.param(
            "  db: {image: 'postgres:17', command: postgres -c max_connections=200}\n",
            *(200, 3, "max_connections=200"),
            id="by-its-command",
        ),
        pytest.param(
            "  db: {image: 'bitnami/postgresql:17', "
            "environment: {POSTGRESQL_MAX_CONNECTIONS: '300'}}\n",
            *(300, 3, "POSTGRESQL_MAX_CONNECTIONS=300"),
            id="by-a-variable",
        ),
        pytest.param(
            "  db: {image: 'mysql:8.4', command: mysqld --max-connections=50}\n",
            *(50, 0, "max-connections=50"),
            id="another-database",
        ),
    ],
)
def test_servers(tmp_path: Path, db: str, most: int, reserved: int, said: str) -> None:
    (server,) = servers(tmp_path, "image: a, environment: {DB_HOST: db, DB_POOL_SIZE: '10'}", db=db)
    assert (server.part, server.most, server.reserved, server.said) == ("db", most, reserved, said)


def test_the_programs_that_are_looked_at_are_those_that_are_known() -> None:
    assert pools.OF_PROGRAMS.keys() == POOLING
    assert pools.SERVERS.keys() == BOUNDED_SERVERS
