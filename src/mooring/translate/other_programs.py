"""
Containers of a known image that run another program of it.

The image of a database is a handy place for a script that waits for it and fills it: `bash -c
"until mongosh ...; do sleep 1; done"`.  Such a container has no port, no data and no health of the
database.  What it runs stands in its command: a shell whose script never starts the server, or one
of the clients.  Images of applications have further scripts for such containers: an entrypoint that
is another file of the image, as `/cron.sh` of Nextcloud, is no server either.
"""

from mooring.compose.nodes import Mapping
from mooring.decisions import Decision, Evidence
from mooring.images.catalogue import KnownImage
from mooring.images.facts import Role
from mooring.patterns import LazyPattern
from mooring.translate.view import ServiceView, field, items, text, texts

_SERVERS = frozenset({Role.DATABASE, Role.CACHE, Role.BROKER, Role.SEARCH, Role.OBJECT_STORE})
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh"})
_CLIENTS = frozenset(
    {"mongosh", "mongo", "mongodump", "mongorestore", "mongoimport", "psql", "pg_dump",
     "pg_dumpall", "pg_restore", "pg_basebackup", "mysql", "mysqldump", "mariadb", "mariadb-dump",
     "redis-cli", "valkey-cli", "keydb-cli", "rabbitmqadmin", "rabbitmqctl", "etcdctl", "cqlsh",
     "nodetool", "clickhouse-client", "cypher-shell", "influx", "mc", "sleep", "curl", "wget",
     "kafka-topics", "kafka-topics.sh", "kafka-console-consumer.sh", "kafka-console-producer.sh",
     "kafka-storage.sh", "elasticsearch-certutil", "tail", "cub", "nats"}
)  # fmt: skip
_STARTS = frozenset(
    {"mongod", "mongos", "mysqld", "mysqld_safe", "mariadbd", "postgres", "redis-server",
     "redis-sentinel", "valkey-server", "valkey-sentinel", "keydb-server", "rabbitmq-server",
     "clickhouse-server", "cockroach", "eswrapper", "nats-server", "zkserver.sh", "influxd",
     "sqlservr", "kafka-server-start", "kafka-server-start.sh", "docker-entrypoint.sh",
     "docker-entrypoint", "entrypoint.sh", "entrypoint", "run", "run.sh", "start.sh", "launch"}
)  # fmt: skip
"""Programs that are the server, or that start it."""
_WORDS = LazyPattern(r"[\w.-]+")


def runs_another_program(service: ServiceView, known: KnownImage) -> Decision | None:
    """Return the decision that ``service`` does not run the server that its image is known for."""
    family = known.family
    entrypoint = texts(service.get("entrypoint"))
    words = (*entrypoint, *texts(service.get("command")))
    if not words or family.role is Role.WORKER:
        return None
    if family.role not in _SERVERS and not _is_another_file(entrypoint, service, known):
        return None
    program = words[0].split(maxsplit=1)[0].rsplit("/", 1)[-1] if words[0].split() else ""
    if program in _SHELLS:
        # What a file such as `bash /init.sh` runs in the end is not seen here.
        is_script = len(words) > 2 and words[1].startswith("-") and words[1].endswith("c")
        said = {word.lower() for word in _WORDS.findall(" ".join(words[1:]))}
        own = {family.name, *(name.rsplit("/", 1)[-1] for name in family.repositories)}
        if not is_script or said & (_STARTS | own):
            return None
    elif family.role in _SERVERS and program not in _CLIENTS:
        return None
    return Decision(
        subject=f"services.{service.name}",
        topic="program",
        choice=f"does not run {family.name} itself, but another program of its image",
        evidence=(
            Evidence(
                f"its command is {program}, and nothing in it starts {family.name}",
                service.position("command" if service.get("command") is not None else "entrypoint"),
            ),
        ),
        overrule=f"services: {{{service.name}: {{family: {family.name}}}}}",
    )


def _is_another_file(entrypoint: tuple[str, ...], service: ServiceView, known: KnownImage) -> bool:
    """Tell whether the entrypoint is a file of the image that is not its own entrypoint."""
    path = entrypoint[0].split(maxsplit=1)[0] if entrypoint and entrypoint[0].split() else ""
    name = path.rsplit("/", 1)[-1]
    if not path.startswith("/") or name in _SHELLS or name in _STARTS:
        return False
    # A script of the team mostly goes on to the image's own.
    mounted = (
        text(target)
        for _, mount in items(service.get("volumes"))
        if isinstance(mount, Mapping) and (target := field(mount, "target")) is not None
    )
    if any(path == one or path.startswith(f"{one.rstrip('/')}/") for one in mounted):
        return False
    own = {known.family.name, *(one.rsplit("/", 1)[-1] for one in known.family.repositories)}
    said = name.lower()
    return not any(word in said for word in (*own, *_OF_STARTS))


_OF_STARTS = ("entrypoint", "init", "start", "run", "boot", "tini", "launch", "serve")
"""Parts of the names of files that start what an image is for."""
