"""
What a process was told about its memory: the size of its heap or its caches.

A container that is limited to less than its process was told to take is killed as soon as the
process takes it.  So what the variables, the command and the configuration of a container say
about it is found here, in the units of each program.  What is a share of the limit
(`MaxRAMPercentage`) fits every limit and is nobody's concern.

Sources: https://docs.oracle.com/en/java/javase/21/docs/specs/man/java.html (-Xmx),
https://nodejs.org/api/cli.html#--max-old-space-sizesize-in-mib, https://pkg.go.dev/runtime,
https://redis.io/docs/latest/operate/oss_and_stack/management/config/ (units),
https://www.postgresql.org/docs/current/config-setting.html (units),
https://dev.mysql.com/doc/refman/8.4/en/innodb-buffer-pool-resize.html,
https://www.mongodb.com/docs/manual/reference/program/mongod/,
https://docs.scylladb.com/manual/stable/operating-scylla/ (--memory),
https://docs.redpanda.com/current/reference/rpk/rpk-redpanda/rpk-redpanda-start/; those of images
stand in the catalogue.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from mooring.app.resources import Bound
from mooring.images.facts import ImageFamily
from mooring.patterns import LazyPattern
from mooring.sources import Position


class Text(msgspec.Struct, frozen=True, gc=False):
    """Something that the process reads: ``NAME=value``, all words of its command, or a file."""

    content: str
    position: Position | None = None


class _Way(msgspec.Struct, frozen=True, kw_only=True):
    """
    A way to say a size: ``pattern`` finds the number and the unit after it, near ``sign``.

    ``unit`` is the bytes that a number without a unit counts.  ``share`` is the sane share of the
    limit where the catalogue says none.  ``families`` are those whose programs understand it; it
    is empty where no other program would take it for something else.
    """

    part: str
    sign: str
    pattern: LazyPattern
    share: str
    unit: int = 1
    families: frozenset[str] = frozenset()


def bounds(texts: Iterable[Text], family: ImageFamily | None) -> tuple[Bound, ...]:
    """Return what ``texts`` say of the memory of a program of ``family``, in their order."""
    return tuple(bound for text in texts for bound in _bounds(text, family))


def _bounds(text: Text, family: ImageFamily | None) -> Iterator[Bound]:
    for way in _WAYS:
        if way.sign not in text.content:
            continue
        if way.families and (family is None or family.name not in way.families):
            continue
        for match in way.pattern.finditer(text.content):
            size = _size(match["number"], match["unit"], way)
            if size:
                yield Bound(
                    part=way.part,
                    size=size,
                    said=match[0].strip(" \t\n\"'"),
                    share=_share(way, text, family),
                    position=text.position,
                )


def _share(way: _Way, text: Text, family: ImageFamily | None) -> Decimal:
    """Return the sane share: that of the catalogue where it speaks of this way to say it."""
    for fact in family.memory if family is not None else ():
        speaks_of_it = way.families or (fact.setting is not None and fact.setting in text.content)
        if fact.share is not None and speaks_of_it:
            return Decimal(str(fact.share))
    # Whatever the image, who takes these variables needs as much again outside of its heap.
    return Decimal("0.5") if text.content.startswith(_HALF) else Decimal(way.share)


def _size(number: str, unit: str, way: _Way) -> int:
    """Return bytes; 0 for what is no unit of the program's."""
    given = unit.lower()
    if not given:
        factor: int | None = way.unit
    elif way.families is _REDIS:
        factor = _REDIS_UNITS.get(given)
    else:
        factor = _BINARY.get(given.removesuffix("b").removesuffix("i"))
    return int(Decimal(number) * factor) if factor is not None else 0


_MEBI = 1 << 20
_GIBI = 1 << 30
_BINARY = {"": 1, "k": 1 << 10, "m": _MEBI, "g": _GIBI, "t": 1 << 40}
_REDIS_UNITS = {
    "b": 1, "k": 10**3, "m": 10**6, "g": 10**9, "kb": 1 << 10, "mb": _MEBI, "gb": _GIBI,
}  # fmt: skip

_HALF = ("ES_JAVA_OPTS=", "OPENSEARCH_JAVA_OPTS=", "KAFKA_HEAP_OPTS=")

_REDIS = frozenset({"redis", "valkey", "keydb", "redis-stack", "dragonfly", "bitnami-redis"})
_POSTGRES = frozenset(
    {"postgres", "postgis", "pgvector", "timescaledb", "timescaledb-ha", "bitnami-postgresql"}
)
_MYSQL = frozenset({"mysql", "mariadb", "bitnami-mysql", "bitnami-mariadb"})
_MONGO = frozenset({"mongo", "bitnami-mongodb"})
_NEO4J = frozenset({"neo4j"})
_MEMCACHED = frozenset({"memcached"})
_SEASTAR = frozenset({"scylla", "redpanda"})
_VARNISH = frozenset({"varnish"})
_HEAP_SIZES = {
    "MAX_HEAP_SIZE": "cassandra",
    "SOLR_HEAP": "solr",
    "FUSIONAUTH_APP_MEMORY": "fusionauth",
    "ZOO_HEAP_SIZE": "bitnami-zookeeper",
    "MEMORY": "minecraft-server",
}
"""Variables that hold the size of a heap and nothing else, and whose they are."""
_ANY: frozenset[str] = frozenset()

_NUMBER = r"(?P<number>[0-9]+)"
_PIECES = r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>)(?![0-9.])"
_UNIT = r"(?P<unit>[kKmMgGtT]?)(?![0-9a-zA-Z])"
_LONG_UNIT = r"(?P<unit>(?:[kKmMgGtT]i?)?[bB]?)(?![0-9a-zA-Z])"

_EQUALS = rf"\s*=\s*'?{_NUMBER}\s*"
_BUFFER_POOL = rf"innodb[-_]buffer[-_]pool[-_]size\s*[= ]\s*{_NUMBER}{_UNIT}"
_MAXMEMORY = (
    rf"(?:--|^\s*|[\s=\"'])maxmemory[= ][\"']?{_NUMBER}"
    r"(?P<unit>[kKmMgG]?[bB]?)(?![0-9a-zA-Z])"
)


def _way(
    part: str, sign: str, pattern: str, share: str, unit: int = 1, families: frozenset[str] = _ANY
) -> _Way:
    return _Way(
        part=part,
        sign=sign,
        pattern=LazyPattern(f"(?m){pattern}"),
        share=share,
        unit=unit,
        families=families,
    )


_WAYS = (
    _way("heap", "-Xmx", rf"-Xmx{_NUMBER}{_UNIT}", "0.75"),
    _way("direct memory", "DirectMem", rf"-XX:MaxDirectMemorySize={_NUMBER}{_UNIT}", "0.75"),
    _way("heap", "old", rf"--max[-_]old[-_]space[-_]size[= ]{_PIECES}", "0.75", _MEBI),
    _way("heap", "GOMEMLIMIT", rf"^GOMEMLIMIT={_NUMBER}{_LONG_UNIT}", "0.9"),
    _way("buffers", "MSSQL_MEMORY", rf"^MSSQL_MEMORY_LIMIT_MB={_PIECES}", "0.8", _MEBI),
    *(
        _way("heap", name, rf"^{name}={_NUMBER}{_UNIT}", "0.75", _MEBI, frozenset({family}))
        for name, family in _HEAP_SIZES.items()
    ),
    _way("heap", "NEO4J_", rf"^NEO4J_\w+_heap_max__size={_NUMBER}{_UNIT}", "0.7", 1, _NEO4J),
    _way("page cache", "NEO4J_", rf"^NEO4J_\w+_pagecache_size={_NUMBER}{_UNIT}", "0.7", 1, _NEO4J),
    _way("data", "maxmemory", _MAXMEMORY, "0.75", 1, _REDIS),
    # Without a unit, PostgreSQL counts blocks of 8 KiB.
    *(
        _way("shared buffers", name, rf"{name}{_EQUALS}{_LONG_UNIT}", "0.4", 8192, _POSTGRES)
        for name in ("shared_buffers", "SHARED_BUFFERS")
    ),
    _way("buffer pool", "innodb", _BUFFER_POOL, "0.6", 1, _MYSQL),
    _way("cache", "wiredTiger", rf"--wiredTigerCacheSizeGB[= ]{_PIECES}", "0.5", _GIBI, _MONGO),
    _way("cache", "cacheSizeGB", rf"^\s*cacheSizeGB:\s*{_PIECES}", "0.5", _GIBI, _MONGO),
    _way("items", "-m", rf"(?:^|\s)(?:-m|--memory-limit)[= ]?{_PIECES}", "0.8", _MEBI, _MEMCACHED),
    _way("everything", "--memory", rf"(?:^|\s)--memory[= ]{_NUMBER}{_UNIT}", "0.9", 1, _SEASTAR),
    _way("objects", "VARNISH_SIZE", rf"^VARNISH_SIZE={_NUMBER}{_UNIT}", "0.7", 1, _VARNISH),
)
