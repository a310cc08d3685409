"""What processes are told about their memory is read in the units of each program."""

import pytest

from mooring.images import catalogue
from mooring.translate.capacity import told
from mooring.translate.capacity.told import Text

K, M, G = 1 << 10, 1 << 20, 1 << 30


def _said(content: str, image: str | None = None) -> list[tuple[str, int, int]]:
    """Return part, bytes, and percent of the limit, of all that is found."""
    known = catalogue.lookup(image) if image is not None else None
    found = told.bounds([Text(content)], known.family if known is not None else None)
    return [(each.part, each.size, int(each.share * 100)) for each in found]


@pytest.mark.parametrize(
    ("content", "image", "expected"),
    [
        pytest.param("JAVA_OPTS=-Xms256m -Xmx512m", None, [("heap", 512 * M, 75)], id="java"),
        pytest.param("java -Xmx1g -jar app.jar", None, [("heap", G, 75)], id="a-command"),
        pytest.param("java -Xmx1073741824 -jar app.jar", None, [("heap", G, 75)], id="java-bytes"),
        pytest.param(
            "OPENSEARCH_JAVA_OPTS=-Xms8192m -Xmx8192m",
            "opensearchproject/opensearch:2",
            [("heap", 8 * G, 50)],
            id="the-catalogue-knows-the-sane-share",
        ),
        pytest.param(
            "ES_JAVA_OPTS=-Xmx1g", None, [("heap", G, 50)], id="a-variable-tells-who-takes-it"
        ),
        pytest.param(
            "KAFKA_OPTS=-Xmx1g",
            "apache/kafka:3.9.0",
            [("heap", G, 75)],
            id="a-share-is-that-of-the-setting-it-speaks-of",
        ),
        pytest.param(
            "PULSAR_MEM=-Xmx512m -XX:MaxDirectMemorySize=256m",
            "apachepulsar/pulsar:4.0.0",
            [("heap", 512 * M, 80), ("direct memory", 256 * M, 80)],
            id="heap-and-direct-memory",
        ),
        pytest.param(
            "NODE_OPTIONS=--max-old-space-size=4096", None, [("heap", 4 * G, 75)], id="node"
        ),
        pytest.param("node --max_old_space_size=256 a.js", None, [("heap", 256 * M, 75)], id="_"),
        pytest.param("GOMEMLIMIT=400MiB", None, [("heap", 400 * M, 90)], id="go"),
        pytest.param("GOMEMLIMIT=1024", None, [("heap", 1024, 90)], id="go-in-bytes"),
        pytest.param("GOMEMLIMIT=off", None, [], id="go-without-a-limit"),
        pytest.param(
            "redis-server --maxmemory 128mb --maxmemory-policy allkeys-lru",
            "redis:7.4",
            [("data", 128 * M, 75)],
            id="redis",
        ),
        pytest.param(
            "valkey-server --maxmemory 128m", "valkey/valkey:8", [("data", 128_000_000, 75)],
            id="redis-counts-m-in-powers-of-ten",
        ),
        pytest.param(
            "REDIS_ARGS=--maxmemory 300mb", "redis/redis-stack:7.4.0-v0", [("data", 300 * M, 75)],
            id="redis-in-a-variable",
        ),
        pytest.param("port 6379\nmaxmemory 64mb\n", "redis:7", [("data", 64 * M, 75)], id="a-file"),
        pytest.param("app --maxmemory 128mb", None, [], id="another-program-s-flag"),
        pytest.param(
            "postgres -c max_connections=200 -c shared_buffers=2GB",
            "postgres:16",
            [("shared buffers", 2 * G, 40)],
            id="postgres",
        ),
        pytest.param(
            "shared_buffers = 16384   # 128 MB", "postgres:16", [("shared buffers", 128 * M, 40)],
            id="postgres-counts-blocks",
        ),
        pytest.param(
            "POSTGRESQL_SHARED_BUFFERS=512MB", "bitnami/postgresql:16",
            [("shared buffers", 512 * M, 40)], id="postgres-in-a-variable",
        ),
        pytest.param(
            "mysqld --innodb-buffer-pool-size=256M", "mysql:8.4", [("buffer pool", 256 * M, 60)],
            id="mysql",
        ),
        pytest.param(
            "innodb_buffer_pool_size = 1073741824", "mariadb:11", [("buffer pool", G, 60)],
            id="mariadb-in-bytes",
        ),
        pytest.param(
            "mongod --wiredTigerCacheSizeGB 0.25", "mongo:8", [("cache", 256 * M, 50)], id="mongo"
        ),
        pytest.param("MSSQL_MEMORY_LIMIT_MB=1024", None, [("buffers", G, 80)], id="mssql"),
        pytest.param("memcached -m 64", "memcached:1.6", [("items", 64 * M, 75)], id="memcached"),
        pytest.param(
            "--smp 1 --memory 1G --reserve-memory 0M",
            "redpandadata/redpanda:v24.2.1",
            [("everything", G, 80)],
            id="redpanda",
        ),
        pytest.param("MEMORY=2G", "itzg/minecraft-server", [("heap", 2 * G, 75)], id="minecraft"),
        pytest.param("MEMORY=2G", None, [], id="a-variable-that-may-mean-anything"),
        pytest.param(
            "NEO4J_server_memory_heap_max__size=512m", "neo4j:5.20", [("heap", 512 * M, 70)],
            id="neo4j",
        ),
        pytest.param("JAVA_OPTS=-XX:MaxRAMPercentage=70", None, [], id="a-share-fits-every-limit"),
        pytest.param("JAVA_OPTS=-Xmx${HEAP}", None, [], id="a-variable-tells-nothing"),
    ],
)  # fmt: skip
def test_bounds(content: str, image: str | None, expected: list[tuple[str, int, int]]) -> None:
    assert _said(content, image) == expected


def test_what_is_said_is_the_option_and_no_more() -> None:
    known = catalogue.lookup("redis:7")
    assert known is not None
    content = "redis-server --requirepass hunter2 --maxmemory 1gb"
    assert [each.said for each in told.bounds([Text(content)], known.family)] == ["--maxmemory 1gb"]
