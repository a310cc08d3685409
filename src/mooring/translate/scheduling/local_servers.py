"""
Commands that found their server in their own container, and have to dial it from another pod.

A dump that Ofelia executes beside PostgreSQL asks the socket there.  In a pod of its own there is
none, so the program is told the name of the service; where it would have been let in without a
password, as on PostgreSQL's socket, it is given the one that the service has.

Sources: https://www.postgresql.org/docs/current/libpq-envars.html,
https://dev.mysql.com/doc/refman/8.4/en/connection-options.html,
https://redis.io/docs/latest/develop/tools/cli/, https://www.mongodb.com/docs/database-tools/
"""

from collections.abc import Mapping as ReadOnly

from mooring.patterns import LazyPattern

_OPTIONS = {
    "-h": (
        "pg_dumpall", "pg_dump", "pg_restore", "pg_basebackup", "pg_isready", "psql", "vacuumdb",
        "reindexdb", "clusterdb", "mysqldump", "mysqladmin", "mysqlcheck", "mysql", "mariadb-dump",
        "mariadb-admin", "mariadb-check", "mariadb", "redis-cli", "valkey-cli",
    ),
    "--host": ("mongodump", "mongorestore", "mongoexport", "mongosh", "mongo", "clickhouse-client"),
}  # fmt: skip
_OPTION_OF = {program: option for option, programs in _OPTIONS.items() for program in programs}
_PROGRAM = LazyPattern(
    r"(?:(?<=^)|(?<=[\s;|&(`/]))("
    + "|".join(sorted(_OPTION_OF, key=len, reverse=True))
    + r")(?=\s|$)(?![^;|&]*?\s(?:-h\s*\S|--host[=\s]))"
)
_SELF = LazyPattern(r"(?<![\w.-])(?:localhost|127\.0\.0\.1)(?![\w.-])")
_OF_POSTGRES = frozenset(
    {"pg_dumpall", "pg_dump", "pg_restore", "pg_basebackup", "psql", "vacuumdb", "reindexdb"}
)


def dialling(command: tuple[str, ...], host: str) -> tuple[str, ...]:
    """Return ``command`` with its programs told to dial ``host`` where they meant themselves."""
    told = tuple(_SELF.sub(host, word) for word in command)
    if told[:1] and (option := _OPTION_OF.get(told[0].rpartition("/")[2])):
        rest = told[1:]
        if not any(word.startswith(("-h", "--host")) and word != "--help" for word in rest):
            return (told[0], option, host, *rest)
        return told
    return tuple(_PROGRAM.sub(lambda match: f"{match[1]} {_OPTION_OF[match[1]]} {host}", word)
                 if " " in word else word for word in told)  # fmt: skip


def asks_postgres(command: tuple[str, ...]) -> bool:
    """Tell whether a program of PostgreSQL is called."""
    text = " ".join(command)
    return any(program in text for program in _OF_POSTGRES)


def password_of(settings: ReadOnly[str, str]) -> dict[str, str]:
    """Return what lets programs of PostgreSQL in, from the ``settings`` of its image."""
    password = settings.get("POSTGRES_PASSWORD")
    return {"PGPASSWORD": password} if password else {}
