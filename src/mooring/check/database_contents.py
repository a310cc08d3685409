"""
What a database server of the input holds once it has started: users and databases.

The images of PostgreSQL, MySQL and MariaDB make a user and a database of their variables at the
first start and run the scripts in ``/docker-entrypoint-initdb.d``.  Where those are not known, or
another program sets the server up, nothing is claimed.

Sources: https://hub.docker.com/_/postgres, https://hub.docker.com/_/mysql,
https://hub.docker.com/_/mariadb
"""

from functools import lru_cache

import msgspec

from mooring.check import environment
from mooring.check.bundle import Bundle
from mooring.check.data_sources import every_script
from mooring.check.pods import Container
from mooring.semantics import fields, kinds

POSTGRES, MYSQL = "PostgreSQL", "MySQL"

_PROGRAMS = {
    "postgres": POSTGRES,
    "postgis": POSTGRES,
    "pgvector": POSTGRES,
    "timescaledb": POSTGRES,
    "mysql": MYSQL,
    "mariadb": MYSQL,
}
_SCRIPTS = "/docker-entrypoint-initdb.d"


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """
    The users and databases of a server, by its variables.

    ``ruler`` is the user who may make others; ``texts`` are scripts that may make more.
    """

    program: str
    users: frozenset[str]
    databases: frozenset[str]
    ruler: str
    texts: tuple[str, ...] = ()

    def may_have(self, name: str) -> bool:
        """Tell whether some script speaks of ``name``, so that it may well make it."""
        return any(name in text for text in self.texts)


@lru_cache(maxsize=1024)
def contents(bundle: Bundle, server: Container) -> Contents | None:
    """Return what ``server`` holds, None where that cannot be told."""
    known = server.known
    program = _PROGRAMS.get(known.family.name) if known is not None else None
    if program is None or server.command or server.imports_unknown:
        return None
    scripts = _scripts(bundle, server)
    if scripts is None:
        return None
    values = {one.name: one.value for one in server.variables}
    if program == POSTGRES:
        if any(values.get(name, "") is None for name in ("POSTGRES_USER", "POSTGRES_DB")) or (
            {"POSTGRES_USER_FILE", "POSTGRES_DB_FILE"} & values.keys()
        ):
            return None
        ruler = values.get("POSTGRES_USER") or "postgres"
        users = {ruler}
        databases = {"postgres", "template1", values.get("POSTGRES_DB") or ruler}
    else:
        ruler = "root"
        users, databases = {ruler}, {"mysql", "information_schema", "sys", "performance_schema"}
        for beginning in ("MYSQL", "MARIADB"):
            for word, found in (("USER", users), ("DATABASE", databases)):
                if f"{beginning}_{word}_FILE" in values:
                    return None
                if f"{beginning}_{word}" in values:
                    value = values[f"{beginning}_{word}"]
                    if value is None:
                        return None
                    found.add(value)
    others = (value for name, value in values.items() if value and name not in _OF_THE_IMAGE)
    return Contents(
        program=program,
        users=frozenset(users),
        databases=frozenset(databases),
        ruler=ruler,
        texts=(*scripts, *others, server.words, *every_script(bundle, server.pod.namespace)),
    )


_OF_THE_IMAGE = frozenset(
    {
        *("POSTGRES_USER", "POSTGRES_DB", "POSTGRES_PASSWORD", "PGDATA", "POSTGRES_INITDB_ARGS"),
        *("MYSQL_USER", "MYSQL_DATABASE", "MYSQL_PASSWORD", "MYSQL_ROOT_PASSWORD"),
        *("MARIADB_USER", "MARIADB_DATABASE", "MARIADB_PASSWORD", "MARIADB_ROOT_PASSWORD"),
    }
)
"""Variables of which the image itself makes no more than is counted here."""


def _scripts(bundle: Bundle, server: Container) -> tuple[str, ...] | None:
    """Return the scripts that the server runs at its first start, None where some are unknown."""
    found: list[str] = []
    for _, mount in server.mounts:
        path = fields.text(mount.get("mountPath")) or ""
        if not path.startswith(_SCRIPTS):
            continue
        volume = server.pod.volumes.get(fields.text(mount.get("name")) or "")
        source = volume[1] if volume is not None else {}
        config_map = fields.text(fields.at(source, "configMap", "name"))
        secret = fields.text(fields.at(source, "secret", "secretName"))
        item = None
        if config_map is not None:
            item = bundle.objects.find(kinds.CONFIG_MAP, config_map, server.pod.namespace)
        elif secret is not None:
            item = bundle.objects.find(kinds.SECRET, secret, server.pod.namespace)
        if item is None:
            return None
        for _, text, _ in environment.texts(item):
            # A script that runs others or reads names from variables may make anything.
            found.append(text)
            if any(word in text for word in _OPEN_ENDED):
                return None
    return tuple(found)


_OPEN_ENDED = ("$(", "${", "\\i ", "\\gexec", "source /", ". /", "`", "$DB", "$APP", "$1")
