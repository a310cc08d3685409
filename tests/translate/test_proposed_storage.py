"""Data stores that declare no volume: what is proposed, where, and when nothing is."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, rules, translation

from mooring.app.storage import Lifetime
from mooring.app.workloads import Workload
from mooring.settings.choices import Choices, ServiceChoices


def compose(service: str) -> str:
    return f'services:\n  store: {service}\n  web: {{image: "example.com/web:1"}}\n'


@pytest.mark.parametrize(
    ("service", "path"),
    [
        pytest.param('{image: "postgres:16"}', "/var/lib/postgresql/data", id="a-database"),
        pytest.param('{image: "rabbitmq:4"}', "/var/lib/rabbitmq", id="a-broker"),
        pytest.param('{image: "redis:7"}', "/data", id="a-store-that-writes-snapshots-by-default"),
        pytest.param('{image: "minio/minio", command: server /data}', "/data",
                     id="a-path-that-the-command-names"),
        pytest.param('{image: "minio/minio", command: server /export}', None,
                     id="a-command-that-names-another-path"),
        pytest.param('{image: "nats:2"}', None, id="a-path-under-a-condition"),
        pytest.param('{image: "nats:2", command: "-js -sd /store"}', "/store",
                     id="an-option-names-the-path"),
        pytest.param('{image: "quay.io/coreos/etcd:v3.5.9", command: "etcd --data-dir=/etcd"}',
                     "/etcd", id="an-option-with-an-equals-sign"),
        pytest.param('{image: "mongo:7", command: "--dbpath /srv/mongo"}', "/srv/mongo",
                     id="an-option-comes-before-the-catalogue"),
        pytest.param('{image: "cockroachdb/cockroach:v24.1.0", environment: {A: /x}}',
                     "/cockroach/cockroach-data", id="other-settings-say-nothing"),
        pytest.param('{image: "redis:7", command: "redis-server --save \'\'"}', None,
                     id="told-to-write-nothing"),
        pytest.param('{image: "redis:7", command: [redis-server, --save, ""]}', None,
                     id="told-so-by-an-empty-word"),
        pytest.param('{image: "redis:7", command: [redis-server, --maxmemory-policy, allkeys-lru]}',
                     None, id="told-to-evict"),
        pytest.param('{image: "redis:7", command: "redis-server --save \'\' --appendonly yes"}',
                     "/data", id="told-to-write-each-command"),
        pytest.param('{image: "grafana/grafana:11.0.0"}', None, id="no-data-store"),
        pytest.param('{image: "memcached:1"}', None, id="nothing-ever-kept"),
        pytest.param('{image: "example.com/db:1"}', None, id="an-unknown-image"),
        pytest.param('{image: "postgres:16", volumes: ["data:/var/lib/postgresql/data"]}', None,
                     id="a-volume"),
        pytest.param('{image: "postgres:18", volumes: ["data:/var/lib/postgresql/data"]}', None,
                     id="a-volume-inside-of-it"),
        pytest.param('{image: "postgres:16", tmpfs: [/var/lib/postgresql/data]}', None,
                     id="in-memory-on-purpose"),
        pytest.param('{image: "postgres:16", volumes: [/var/lib/postgresql/data]}',
                     "/var/lib/postgresql/data", id="an-anonymous-volume"),
        pytest.param('{image: "postgres:16", command: [pg_dump], restart: "no"}', None,
                     id="a-task-that-runs-another-program"),
        pytest.param('{image: "postgres:16", volumes_from: [web]}', None,
                     id="mounts-of-another-service"),
    ],
)  # fmt: skip
def test_where_storage_is_proposed(service: str, path: str | None, tmp_path: Path) -> None:
    made = translation(tmp_path, f"{compose(service)}volumes: {{data: {{}}}}\n")
    proposed = decided(made, "storage").get("services.store", "")
    assert ("outlives its pods" in proposed) is (path is not None)
    mounts = {one.path: one.storage for one in container(made, "store").storage}
    storages = {one.name: one for one in made.application.storages}
    if path is not None:
        assert storages[mounts[path]].lifetime is Lifetime.PERSISTENT
        assert storages[mounts[path]].per_replica
        store = part(made, "store")
        assert isinstance(store, Workload)
        assert store.keeps_state
    else:
        assert all(one.name != "store-data" for one in storages.values())


def test_a_setting_is_added_where_the_data_would_lie_elsewhere(tmp_path: Path) -> None:
    made = translation(tmp_path, compose('{image: "apache/kafka:4.0.0"}'))
    settings = {one.name: one.value for one in container(made, "store").settings}
    assert settings == {"KAFKA_LOG_DIRS": "/var/lib/kafka/data"}
    assert "KAFKA_LOG_DIRS" in decided(made, "storage")["services.store"]


def test_a_setting_that_is_given_is_followed(tmp_path: Path) -> None:
    text = '{image: "apache/kafka:4.0.0", environment: {KAFKA_LOG_DIRS: /srv/kafka}}'
    made = translation(tmp_path, compose(text))
    assert [one.path for one in container(made, "store").storage] == ["/srv/kafka"]
    assert [one.name for one in container(made, "store").settings] == ["KAFKA_LOG_DIRS"]


CACHE = 'services:\n  cache: {image: "redis:7"}\n'


def test_what_is_called_a_cache_keeps_nothing_and_says_so(tmp_path: Path) -> None:
    made = translation(tmp_path, CACHE)
    assert [one.lifetime for one in made.application.storages] == [Lifetime.REPLICA]
    assert "goes with its pod" in decided(made, "storage")["services.cache"]


def test_a_size_gives_a_cache_storage(tmp_path: Path) -> None:
    choices = Choices(services={"cache": ServiceChoices(storage="2Gi")})
    made = translation(tmp_path, CACHE, choices=choices)
    kept = [one for one in made.application.storages if one.lifetime is Lifetime.PERSISTENT]
    assert [one.size for one in kept] == [2 * 1024**3]


def test_none_leaves_a_store_without(tmp_path: Path) -> None:
    choices = Choices(services={"store": ServiceChoices(storage="none")})
    made = translation(tmp_path, compose('{image: "apache/kafka:4.0.0"}'), choices=choices)
    assert made.application.storages == ()
    assert container(made, "store").settings == ()
    assert decided(made, "storage") == {}


@pytest.mark.parametrize(
    ("service", "found"),
    [
        pytest.param('{image: "example.com/db:1"}', ["storage-not-given"], id="an-unknown-image"),
        pytest.param('{image: "postgres:16", volumes: ["data:/var/lib/postgresql/data"]}',
                     ["storage-not-given"], id="a-volume-of-its-own"),
        pytest.param('{image: "postgres:16"}', [], id="where-it-is-used"),
    ],
)  # fmt: skip
def test_a_size_that_nothing_takes_is_told(service: str, found: list[str], tmp_path: Path) -> None:
    choices = Choices(services={"store": ServiceChoices(storage="2Gi")})
    text = f"{compose(service)}volumes: {{data: {{}}}}\n"
    made = translation(tmp_path, text, choices=choices)
    assert [rule for rule in rules(made) if rule == "storage-not-given"] == found


@pytest.mark.parametrize(
    ("more", "hostname", "says"),
    [
        pytest.param("hostname: box", None, "not box", id="pods-with-names-of-their-own"),
        pytest.param('volumes: ["old:/var/lib/rabbitmq"]', "mq", "each the same",
                     id="a-plain-pod-gets-a-name-that-stays"),
        pytest.param('hostname: box, volumes: ["old:/var/lib/rabbitmq"]', "box", "",
                     id="a-plain-pod-keeps-the-name-that-it-has"),
        pytest.param("tmpfs: [/var/lib/rabbitmq]", None, "", id="nothing-to-be-found-again"),
    ],
)  # fmt: skip
def test_data_that_stands_under_the_name_of_its_host(
    more: str, hostname: str | None, says: str, tmp_path: Path
) -> None:
    text = (
        f'services:\n  mq: {{image: "rabbitmq:4", {more}}}\nvolumes: {{old: {{external: true}}}}\n'
    )
    made = translation(tmp_path, text)
    assert part(made, "mq").hostname == hostname
    told = (*decided(made, "state").values(), *decided(made, "hostname").values())
    assert says in " ".join(told)
    assert bool(says) == bool(told)
