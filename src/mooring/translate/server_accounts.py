"""
With which accounts the servers of well-known images are made.

Source: the pages of the images on https://hub.docker.com/
"""

MADE_WITH = {
    "postgres": (("POSTGRES_USER", "postgres", "POSTGRES_PASSWORD"),),
    "bitnami-postgresql": (("POSTGRESQL_USERNAME", "postgres", "POSTGRESQL_PASSWORD"),),
    "mysql": (("MYSQL_USER", None, "MYSQL_PASSWORD"), (None, "root", "MYSQL_ROOT_PASSWORD")),
    "mariadb": (
        ("MARIADB_USER", None, "MARIADB_PASSWORD"),
        ("MYSQL_USER", None, "MYSQL_PASSWORD"),
        (None, "root", "MARIADB_ROOT_PASSWORD"),
        (None, "root", "MYSQL_ROOT_PASSWORD"),
    ),
    "mongo": (("MONGO_INITDB_ROOT_USERNAME", None, "MONGO_INITDB_ROOT_PASSWORD"),),
    "rabbitmq": (("RABBITMQ_DEFAULT_USER", "guest", "RABBITMQ_DEFAULT_PASS"),),
    "clickhouse": (("CLICKHOUSE_USER", "default", "CLICKHOUSE_PASSWORD"),),
    "bitnami-redis": ((None, None, "REDIS_PASSWORD"),),
    "minio": (("MINIO_ROOT_USER", "minioadmin", "MINIO_ROOT_PASSWORD"),),
    "hasura": ((None, None, "HASURA_GRAPHQL_ADMIN_SECRET"),),
}
"""By the family of an image: the variable of the user, the user without it, and the password's."""
for _like in ("postgis", "pgvector", "timescaledb"):
    MADE_WITH[_like] = MADE_WITH["postgres"]


def passwords_of(family: str) -> tuple[str, ...]:
    """Return the variables with which a server of ``family`` is told the passwords that it asks."""
    return tuple(password for _, _, password in MADE_WITH.get(family, ()))
