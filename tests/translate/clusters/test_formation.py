"""Services that form one cluster, and services that only look like it."""

from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, rules, translation

from mooring.app.configuration import Setting
from mooring.app.replicas import Own
from mooring.app.storage import Lifetime, Storage
from mooring.app.workloads import Container, Workload
from mooring.settings.choices import Choices, ServiceChoices
from mooring.translate.project import Translation


def cluster(made: Translation, name: str) -> Workload:
    found = part(made, name)
    assert isinstance(found, Workload)
    return found


def names(made: Translation) -> list[str]:
    return [one.name for one in made.application.parts]


def kept(made: Translation) -> list[Storage]:
    return [one for one in made.application.storages if one.lifetime is Lifetime.PERSISTENT]


def shown(text: str, one: Container, references: tuple[tuple[int, str], ...]) -> str:
    """Return ``text`` with `<NAME>`, `<NUMBER>` ... where a replica fills in its own."""
    own = {setting.name: setting.own for setting in one.settings}
    for start, name in sorted(references, reverse=True):
        word = own[name]
        assert word is not None
        text = f"{text[:start]}<{word.name}>{text[start:]}"
    return text


def value(one: Container, setting: str) -> str:
    found: Setting = next(each for each in one.settings if each.name == setting)
    assert isinstance(found.value, str)
    return shown(found.value, one, tuple((each.start, each.setting) for each in found.references))


def command(one: Container) -> list[str]:
    process = one.process
    return [
        shown(
            word,
            one,
            tuple((each.start, each.setting) for each in process.references if each.word == at),
        )
        for at, word in enumerate((*(process.entrypoint or ()), *(process.arguments or ())))
    ]


MONGO = """
services:
  mongo1:
    image: mongo:7.0
    hostname: mongo1
    command: [--replSet, rs0, --bind_ip, "10.5.0.2,mongo1", --port, "27017", --keyFile, /key]
    environment: {MONGO_INITDB_ROOT_USERNAME: root}
    volumes: ["mongo1_data:/data/db", "./key:/key:ro"]
    ports: ["27017:27017"]
    networks: {back: {ipv4_address: 10.5.0.2}}
    healthcheck: {test: "mongosh --host mongo1:27017 --eval 'db.hello()' || exit 1"}
  mongo2:
    image: mongo:7.0
    hostname: mongo2
    command: [--replSet, rs0, --bind_ip, "10.5.0.3,mongo2", --port, "27018", --keyFile, /key]
    environment: {MONGO_INITDB_ROOT_USERNAME: root}
    volumes: ["mongo2_data:/data/db", "./key:/key:ro"]
    ports: ["27018:27018"]
    networks: {back: {ipv4_address: 10.5.0.3}}
    depends_on: [mongo1]
  setup:
    image: mongo:7.0
    restart: "no"
    networks: [back]
    depends_on: [mongo1, mongo2]
    command:
      - bash
      - -c
      - |
        mongosh --host mongo1:27017 --eval 'rs.initiate({_id: "rs0", members: [
          {_id: 0, host: "mongo1:27017"}, {_id: 1, host: "mongo2:27018"}]})'
        mongosh --host mongo2 --port 27018 --eval 'rs.status()'
  api:
    image: example.com/api:1
    networks: [back]
    environment: {DATABASE_URL: "mongodb://mongo1:27017,mongo2:27018/shop?replicaSet=rs0"}
volumes: {mongo1_data: {}, mongo2_data: {}}
networks: {back: {ipam: {config: [{subnet: 10.5.0.0/24}]}}}
"""
KEY = {"key": "c2VjcmV0\n"}


def test_members_become_replicas(tmp_path: Path) -> None:
    made = translation(tmp_path, MONGO, KEY)
    assert names(made) == ["mongo", "setup", "api"]
    mongo = cluster(made, "mongo")
    assert mongo.replicas == 2
    assert mongo.keeps_state
    assert mongo.start_together
    assert mongo.hostname is None
    assert [one.source_name for one in mongo.members] == ["mongo1", "mongo2"]
    assert "are one cluster: the StatefulSet mongo" in decided(made, "cluster")["services.mongo1"]
    assert "is the pod mongo-1 " in decided(made, "replica")["services.mongo2"]


def test_a_cluster_has_one_port_and_listens_everywhere(tmp_path: Path) -> None:
    one = container(translation(tmp_path, MONGO, KEY), "mongo1")
    assert command(one) == [
        "--replSet", "rs0", "--bind_ip_all", "--port", "27017", "--keyFile", "/key"
    ]  # fmt: skip
    assert [endpoint.port for endpoint in one.endpoints] == [27017]
    published = {each.port for endpoint in one.endpoints for each in endpoint.publications}
    assert published == {27017, 27018}


def test_every_replica_asks_itself(tmp_path: Path) -> None:
    health = container(translation(tmp_path, MONGO, KEY), "mongo1").health
    assert health is not None
    assert "--host localhost:27017" in health.command[-1]


def test_each_replica_has_storage_of_its_own(tmp_path: Path) -> None:
    made = translation(tmp_path, MONGO, KEY)
    (storage,) = kept(made)
    assert (storage.name, storage.per_replica, storage.source_name) == (
        "mongo-data", True, "mongo1_data"
    )  # fmt: skip


def test_whoever_dials_a_member_dials_its_pod(tmp_path: Path) -> None:
    made = translation(tmp_path, MONGO, KEY)
    url = "mongodb://mongo-0.mongo-headless:27017,mongo-1.mongo-headless:27017/shop?replicaSet=rs0"
    assert value(container(made, "api"), "DATABASE_URL") == url
    script = command(container(made, "setup"))[-1]
    assert '{_id: 0, host: "mongo-0.mongo-headless:27017"}' in script
    assert '{_id: 1, host: "mongo-1.mongo-headless:27017"}' in script
    assert "services.mongo2" in decided(made, "name")


def test_a_name_whose_port_stands_elsewhere_keeps_both(tmp_path: Path) -> None:
    made = translation(tmp_path, MONGO, KEY)
    assert "mongosh --host mongo2 --port 27018" in command(container(made, "setup"))[-1]
    second = cluster(made, "mongo").members[1]
    assert second.names == ("mongo2",)
    assert second.moved_ports == {27018: 27017}


def test_nothing_is_said_of_members_that_holds_for_no_workload(tmp_path: Path) -> None:
    made = translation(tmp_path, MONGO, KEY)
    topics = {one.topic for one in made.decisions if one.subject == "services.mongo2"}
    assert topics <= {"replica", "name"}


KNOWN_ALONE = """
services:
  zoo1: {image: "zookeeper:3.9", environment: {ZOO_MY_ID: 1, ZOO_SERVERS: "server.1=0.0.0.0:2888:3888;2181 server.2=zoo2:2888:3888;2181"}}
  zoo2: {image: "zookeeper:3.9", environment: {ZOO_MY_ID: 2, ZOO_SERVERS: "server.1=zoo1:2888:3888;2181 server.2=0.0.0.0:2888:3888;2181"}}
"""  # noqa: E501


def test_numbers_stay_as_they_are_and_names_go_where_nobody_may_dial_them(tmp_path: Path) -> None:
    made = translation(tmp_path, KNOWN_ALONE)
    zoo = cluster(made, "zoo")
    assert zoo.first_number == 1
    one = zoo.containers[0]
    assert value(one, "ZOO_MY_ID") == "<NUMBER>"
    assert value(one, "ZOO_SERVERS") == (
        "server.1=zoo-1.zoo-headless:2888:3888;2181 server.2=zoo-2.zoo-headless:2888:3888;2181"
    )
    assert [member.names for member in zoo.members] == [(), ()]
    assert "no name leads to it alone" in decided(made, "replica")["services.zoo1"]


ES = """
services:
  es01: &es
    image: elasticsearch:8.11.0
    environment: &env
      node.name: es01
      discovery.seed_hosts: es02
      cluster.initial_master_nodes: es01,es02
      ES_JAVA_OPTS: {heap}
    volumes: ["data01:/usr/share/elasticsearch/data", "backups:/mnt/backups"]
    ports: ["9200:9200"]
  es02:
    image: elasticsearch:8.11.0
    environment:
      node.name: es02
      discovery.seed_hosts: es01
      cluster.initial_master_nodes: es01,es02
      ES_JAVA_OPTS: -Xms1g -Xmx1g
    volumes: ["data02:/usr/share/elasticsearch/data", "backups:/mnt/backups"]
  kibana: {{image: "kibana:8.11.0", environment: {{ELASTICSEARCH_HOSTS: "http://es01:9200"}}}}
volumes: {{data01: {{}}, data02: {{}}, backups: {{}}}}
"""


def test_names_of_nodes_are_those_of_pods_and_hosts_their_dns_names(tmp_path: Path) -> None:
    made = translation(tmp_path, ES.format(heap="-Xms1g -Xmx1g"))
    one = cluster(made, "es").containers[0]
    assert value(one, "node.name") == "<NAME>"
    assert value(one, "cluster.initial_master_nodes") == "es-0,es-1"
    assert value(one, "discovery.seed_hosts") == "es-0.es-headless,es-1.es-headless"
    assert value(container(made, "kibana"), "ELASTICSEARCH_HOSTS") == "http://es-0.es-headless:9200"


def test_a_pod_that_is_called_like_another_member_was_is_not_renamed_again(tmp_path: Path) -> None:
    node = """
  search-{number}:
    image: opensearchproject/opensearch:2.17.1
    environment:
      node.name: search-{number}
      discovery.seed_hosts: search-1,search-2
      cluster.initial_cluster_manager_nodes: search-1,search-2
    volumes: ["search-{number}:/usr/share/opensearch/data"]
"""
    text = "services:" + node.format(number=1) + node.format(number=2)
    made = translation(tmp_path, f"{text}volumes: {{search-1: {{}}, search-2: {{}}}}\n")
    one = cluster(made, "search").containers[0]
    assert value(one, "cluster.initial_cluster_manager_nodes") == "search-0,search-1"
    assert value(one, "discovery.seed_hosts") == "search-0.search-headless,search-1.search-headless"


def test_storage_that_all_members_share_stays_shared(tmp_path: Path) -> None:
    made = translation(tmp_path, ES.format(heap="-Xms1g -Xmx1g"))
    own = {one.name: (one.per_replica, one.used_by_many) for one in kept(made)}
    assert own == {"data": (True, False), "backups": (False, True)}


def test_amounts_that_differ_are_asked_for(tmp_path: Path) -> None:
    made = translation(tmp_path, ES.format(heap="-Xms512m -Xmx512m"))
    assert names(made) == ["es01", "es02", "kibana"]
    assert "stay apart" in decided(made, "cluster")["services.es01"]
    (question,) = (one for one in made.questions if one.subject == "services.es01.cluster")
    assert "-Xms512m -Xmx512m in es01, -Xms1g -Xmx1g in es02" in question.question
    assert question.answer == "services: {es01: {cluster: es}, es02: {cluster: es}}"


@pytest.mark.parametrize(
    ("chosen", "parts", "asked"),
    [
        pytest.param({"es01": "es", "es02": "es"}, ["es", "kibana"], 0, id="said-of-both"),
        pytest.param({"es02": "search"}, ["search", "kibana"], 0, id="said-of-one-with-a-name"),
        pytest.param({"es01": "none"}, ["es01", "es02", "kibana"], 0, id="none-is-no-cluster"),
        pytest.param({"es01": "a", "es02": "b"}, ["es01", "es02", "kibana"], 0, id="two-names"),
    ],
)
def test_the_settings_have_the_last_word(
    chosen: dict[str, str], parts: list[str], asked: int, tmp_path: Path
) -> None:
    choices = Choices(services={one: ServiceChoices(cluster=said) for one, said in chosen.items()})
    made = translation(tmp_path, ES.format(heap="-Xms512m -Xmx512m"), choices=choices)
    assert names(made) == parts
    assert len([one for one in made.questions if one.subject.endswith(".cluster")]) == asked


def test_what_the_settings_join_counts_as_the_first_says_and_tells_the_rest(tmp_path: Path) -> None:
    choices = Choices(services={one: ServiceChoices(cluster="es") for one in ("es01", "es02")})
    made = translation(tmp_path, ES.format(heap="-Xms512m -Xmx512m"), choices=choices)
    assert value(container(made, "es01"), "ES_JAVA_OPTS") == "-Xms512m -Xmx512m"
    (told,) = (one for one in made.decisions if one.topic == "cluster")
    statements = " ".join(one.statement for one in told.evidence)
    assert "what es01 says counts for all" in statements
    assert "-Xms1g -Xmx1g in es02" in statements


UNKNOWN = """
services:
  node-a: {{image: "example.com/store:1", environment: {{PEERS: "node-a"}}, volumes: ["data-a:/d"]}}
  node-b: {{image: "{image}", environment: {{PEERS: "node-a"}}, volumes: ["data-b:/d"]}}
  {more}
volumes: {{data-a: {{}}, data-b: {{}}}}
"""


@pytest.mark.parametrize(
    ("image", "more", "formed"),
    [
        pytest.param("example.com/store:1", "", True, id="even-of-an-unknown-program"),
        pytest.param("example.com/store:2", "", False, id="not-with-another-image"),
        pytest.param("example.com/store:1",
                     'backup: {image: "example.com/backup:1", volumes: ["data-a:/from"]}',
                     False, id="not-where-another-mounts-a-members-volume"),
        pytest.param("example.com/store:1",
                     'side: {image: "example.com/side:1", network_mode: "service:node-a"}',
                     False, id="not-where-a-member-shares-its-pod"),
    ],
)  # fmt: skip
def test_what_the_settings_may_join(image: str, more: str, formed: bool, tmp_path: Path) -> None:
    choices = Choices(
        services={one: ServiceChoices(cluster="store") for one in ("node-a", "node-b")}
    )
    made = translation(tmp_path, UNKNOWN.format(image=image, more=more), choices=choices)
    assert ("store" in names(made)) is formed
    assert ("cluster-not-formed" in rules(made)) is not formed


def test_members_whose_volume_another_mounts_stay_apart_by_themselves(tmp_path: Path) -> None:
    text = MONGO.replace(
        "  api:", '  backup: {image: "x:1", volumes: ["mongo2_data:/from"]}\n  api:'
    )
    made = translation(tmp_path, text, KEY)
    assert names(made) == ["mongo1", "mongo2", "setup", "backup", "api"]
    (told,) = (one for one in made.decisions if one.topic == "cluster")
    assert told.evidence[0].statement == "backup uses a volume of one of them as well"


def test_an_unknown_program_is_no_cluster_by_itself(tmp_path: Path) -> None:
    made = translation(tmp_path, UNKNOWN.format(image="example.com/store:1", more=""))
    assert names(made) == ["node-a", "node-b"]
    assert decided(made, "cluster") == {}


TWO = """
services:
  db1: {first}
  db2: {second}
volumes: {{one: {{}}, two: {{}}}}
"""
KAFKA = "image: apache/kafka:4.0.0, environment: {{KAFKA_NODE_ID: {}, CLUSTER_ID: x, KAFKA_CONTROLLER_QUORUM_VOTERS: '1@db1:9093,2@db2:9093'{}}}"  # noqa: E501


def kafka(number: int, more: str = "", beside: str = "") -> str:
    return f"{{{KAFKA.format(number, more)}{beside}}}"


@pytest.mark.parametrize(
    ("first", "second", "against"),
    [
        pytest.param(kafka(1), kafka(2), None, id="nothing-but-the-number"),
        pytest.param(kafka(1), kafka(3), "environment.KAFKA_NODE_ID", id="numbers-with-a-gap"),
        pytest.param(kafka(1, ", A: x"), kafka(2, ", A: y"), "environment.A", id="a-setting"),
        pytest.param(kafka(1, ", A: x"), kafka(2), "environment.A", id="a-setting-too-few"),
        pytest.param(kafka(1, ", A: db1"), kafka(2, ", A: db2"), None, id="its-own-name"),
        pytest.param(kafka(1, ", A: /x/db1.pem"), kafka(2, ", A: /x/db2.pem"), "environment.A",
                     id="a-file-named-after-it"),
        pytest.param(kafka(1, ", A: 'x:db1:7'"), kafka(2, ", A: 'x:db2:8'"), "environment.A",
                     id="a-number-that-is-no-port-of-it"),
        pytest.param(kafka(1, ", A: ':7001'", ", expose: [7001]"),
                     kafka(2, ", A: ':7002'", ", expose: [7002]"), None, id="its-own-port"),
        pytest.param(kafka(1, ", KAFKA_PASSWORD: a1b2c3d4"), kafka(2, ", KAFKA_PASSWORD: e5f6a7b8"),
                     "environment.KAFKA_PASSWORD", id="a-secret"),
        pytest.param(kafka(1, "", ", command: [a]"), kafka(2, "", ", command: [a, b]"), "command",
                     id="a-longer-command"),
        pytest.param(kafka(1, "", ", user: '1'"), kafka(2, "", ", user: '2'"), "security",
                     id="rights"),
        pytest.param(kafka(1, "", ", deploy: {replicas: 2}"), kafka(2), "deploy.replicas",
                     id="several-already"),
        pytest.param(kafka(1, "", ", volumes: ['one:/x']"), kafka(2), "the mount at /x",
                     id="a-mount-too-many"),
        pytest.param(kafka(1, "", ", volumes: ['one:/x']"), kafka(2, "", ", volumes: ['two:/x']"),
                     None, id="volumes-of-its-own"),
        pytest.param(kafka(1, "", ", volumes: ['./a:/x:ro']"),
                     kafka(2, "", ", volumes: ['./b:/x:ro']"), "the file at /x",
                     id="files-of-its-own"),
        pytest.param(kafka(1, "", ", volumes: ['./a:/x:ro']"),
                     kafka(2, "", ", volumes: ['./c:/x:ro']"), None, id="files-with-one-content"),
        pytest.param(kafka(1, "", ", healthcheck: {test: 'kafka --check'}"), kafka(2), None,
                     id="one-check-for-all"),
        pytest.param(kafka(1, "", ", healthcheck: {test: 'a || rs.initiate()'}"), kafka(2),
                     "healthcheck, which does more than ask", id="a-check-that-begins-the-cluster"),
        pytest.param(kafka(1, "", ", mem_limit: 1g"), kafka(2, "", ", mem_limit: 2g"), "mem_limit",
                     id="amounts"),
    ],
)  # fmt: skip
def test_what_identity_explains_and_what_keeps_apart(
    first: str, second: str, against: str | None, tmp_path: Path
) -> None:
    files = {"a": "1\n", "b": "2\n", "c": "1\n"}
    made = translation(tmp_path, TWO.format(first=first, second=second), files)
    assert names(made) == (["db"] if against is None else ["db1", "db2"])
    (told,) = (one for one in made.decisions if one.topic == "cluster")
    differing = [one.statement for one in told.evidence if " differs: " in one.statement]
    assert [one.partition(" differs: ")[0] for one in differing] == ([against] if against else [])
    assert "a1b2c3d4" not in str(told)


@pytest.mark.parametrize(
    ("compose", "found"),
    [
        pytest.param({"cache-1": "redis:7", "cache-2": "redis:7"}, "stay apart", id="strangers"),
        pytest.param({"cache-1": "redis:7", "cache-2": "redis:6"}, None, id="another-version"),
        pytest.param(
            {"web-1": "nginx:1", "web-2": "nginx:1"}, None, id="a-family-without-clusters"
        ),
        pytest.param({"cache": "redis:7", "queue": "redis:7"}, None, id="names-that-are-not-alike"),
    ],
)
def test_clones_that_are_no_cluster(
    compose: dict[str, str], found: str | None, tmp_path: Path
) -> None:
    services = "".join(f'  {name}: {{image: "{image}"}}\n' for name, image in compose.items())
    made = translation(tmp_path, f"services:\n{services}")
    assert names(made) == list(compose)
    told = "".join(decided(made, "cluster").values())
    assert (found or "") in told
    assert bool(told) is (found is not None)


@pytest.mark.parametrize(
    ("services", "name", "members"),
    [
        pytest.param(("n-1", "n-2"), "n", ["n-1", "n-2"], id="numbers-after-a-hyphen"),
        pytest.param(("n02", "n01"), "n", ["n01", "n02"], id="in-the-order-of-numbers"),
        pytest.param(("n10", "n9"), "n", ["n9", "n10"], id="numbers-not-digits"),
        pytest.param(("n", "n2"), "n", ["n", "n2"], id="the-first-without-a-number"),
        pytest.param(("n-a", "n-b"), "n", ["n-a", "n-b"], id="letters"),
        pytest.param(("n1-db", "n2-db"), "n-db", ["n1-db", "n2-db"], id="a-number-inside"),
        pytest.param(("my_n_1", "my_n_2"), "my-n", ["my_n_1", "my_n_2"], id="underscores"),
        pytest.param(("rs1n1", "rs1n2"), "rs1n", ["rs1n1", "rs1n2"], id="the-last-number-counts"),
    ],
)
def test_how_members_are_found_and_called(
    services: tuple[str, ...], name: str, members: list[str], tmp_path: Path
) -> None:
    text = "".join(
        f'  {one}: {{image: "mongo:7", command: [--replSet, rs0]}}\n' for one in services
    )
    made = translation(tmp_path, f"services:\n{text}")
    found = cluster(made, name)
    assert [one.source_name for one in found.members] == members


def test_a_name_that_is_taken_gets_another(tmp_path: Path) -> None:
    text = """
    services:
      mongo: {image: "example.com/proxy:1"}
      mongo1: {image: "mongo:7", command: [--replSet, rs0]}
      mongo2: {image: "mongo:7", command: [--replSet, rs0]}
    """
    assert names(translation(tmp_path, text)) == ["mongo", "mongo-cluster"]


def test_an_alias_of_all_members_is_one_of_the_cluster(tmp_path: Path) -> None:
    member = '{image: "mongo:7", command: [--replSet, rs0], networks: {default: {aliases: [%s]}}}'
    text = f"""
    services:
      mongo1: {member % "db, first"}
      mongo2: {member % "db, second"}
      api: {{image: "example.com/api:1", environment: {{A: "db:27017", B: "first:27017"}}}}
    """
    made = translation(tmp_path, text)
    mongo = cluster(made, "mongo")
    assert mongo.other_names == ("db",)
    assert [one.names for one in mongo.members] == [("mongo1", "first"), ("mongo2", "second")]
    api = container(made, "api")
    assert value(api, "A") == "db:27017"
    assert value(api, "B") == "mongo-0.mongo-headless:27017"


def test_whoever_waits_for_a_member_waits_for_the_cluster(tmp_path: Path) -> None:
    made = translation(tmp_path, MONGO, KEY)
    assert {one.on for one in part(made, "setup").dependencies} == {"mongo1", "mongo2"}
    assert part(made, "mongo").dependencies == ()


MANY = """
services:
  minio1: {image: "quay.io/minio/minio:RELEASE.2024-01-01T00-00-00Z", command: "server http://minio{1...2}/data", volumes: ["one:/data"]}
  minio2: {image: "quay.io/minio/minio:RELEASE.2024-01-01T00-00-00Z", command: "server http://minio{1...2}/data", volumes: ["two:/data"]}
  etcd0: {image: "quay.io/coreos/etcd:v3.5.9", command: "etcd --name etcd0 --initial-advertise-peer-urls http://etcd0:2380 --initial-cluster etcd0=http://etcd0:2380,etcd1=http://etcd1:2380"}
  etcd1: {image: "quay.io/coreos/etcd:v3.5.9", command: "etcd --name etcd1 --initial-advertise-peer-urls http://etcd1:2380 --initial-cluster etcd0=http://etcd0:2380,etcd1=http://etcd1:2380"}
  rabbit1: {image: "rabbitmq:3.13", hostname: rabbit1, volumes: ["./conf:/etc/rabbitmq/rabbitmq.conf:ro"]}
  rabbit2: {image: "rabbitmq:3.13", hostname: rabbit2, volumes: ["./conf:/etc/rabbitmq/rabbitmq.conf:ro"]}
volumes: {one: {}, two: {}}
"""  # noqa: E501


def test_families_have_words_of_their_own(tmp_path: Path) -> None:
    conf = {"conf": "nodes.1 = rabbit@rabbit1\nnodes.2 = rabbit@rabbit2\n"}
    made = translation(tmp_path, MANY, conf)
    assert names(made) == ["minio", "etcd", "rabbit"]
    assert command(container(made, "minio1"))[-1] == "http://minio-{0...1}.minio-headless/data"
    assert command(container(made, "etcd0"))[1:] == [
        "--name",
        "<NAME>",
        "--initial-advertise-peer-urls",
        "http://<NAME>.etcd-headless:2380",
        "--initial-cluster",
        "etcd-0=http://etcd-0.etcd-headless:2380,etcd-1=http://etcd-1.etcd-headless:2380",
    ]
    rabbit = container(made, "rabbit1")
    assert value(rabbit, "RABBITMQ_NODENAME") == "rabbit@<NAME>.rabbit-headless"
    assert value(rabbit, "RABBITMQ_USE_LONGNAME") == "true"
    (document,) = made.application.documents
    assert b"nodes.2 = rabbit@rabbit-1.rabbit-headless" in document.files["conf"]  # type: ignore[operator]


def test_what_a_replica_fills_in_stands_before_what_refers_to_it(tmp_path: Path) -> None:
    made = translation(tmp_path, KNOWN_ALONE)
    settings = cluster(made, "zoo").containers[0].settings
    assert settings[0].own is Own.NUMBER
    assert all(one.own is None for one in settings[1:])


def test_an_address_of_its_own_is_the_pods(tmp_path: Path) -> None:
    member = (
        '{image: "redis:7", command: "redis-server --cluster-enabled yes --cluster-announce-ip '
        '10.5.0.%d", networks: {default: {ipv4_address: 10.5.0.%d}}}'
    )
    text = f"""
    services:
      redis-1: {member % (2, 2)}
      redis-2: {member % (3, 3)}
      setup:
        image: redis:7
        restart: "no"
        command: redis-cli --cluster create redis-1:6379 redis-2:6379
    networks: {{default: {{ipam: {{config: [{{subnet: 10.5.0.0/24}}]}}}}}}
    """
    made = translation(tmp_path, text)
    redis = cluster(made, "redis")
    assert command(redis.containers[0])[-1] == "<ADDRESS>"
    assert [one.per_replica for one in kept(made)] == [True]


CONSUL = """\
    services:
      node1:
        image: hashicorp/consul:1.19
        command: agent -server -bootstrap-expect=3 -node=node1 -retry-join=node2 -retry-join=node3
        volumes: [data1:/consul/data]
      node2:
        image: hashicorp/consul:1.19
        command: agent -server -bootstrap-expect=3 -node=node2 -retry-join=node1 -retry-join=node3
        volumes: [data2:/consul/data]
      node3:
        image: hashicorp/consul:1.19
        command: agent -server -bootstrap-expect=3 -node=node3 -retry-join=node1 -retry-join=node2
        volumes: [data3:/consul/data]
    volumes: {data1: , data2: , data3: }
    """


@pytest.mark.parametrize(
    "compose",
    [
        pytest.param(CONSUL, id="in-one-word"),
        pytest.param(CONSUL.replace("-retry-join=", "-retry-join "), id="in-two-words"),
    ],
)
def test_members_that_name_each_other_in_options_of_their_own_name_all(
    compose: str, tmp_path: Path
) -> None:
    made = translation(tmp_path, compose)
    (cluster,) = made.application.parts
    assert isinstance(cluster, Workload)
    assert cluster.replicas == 3
    arguments = cluster.containers[0].process.arguments or ()
    said = " ".join(arguments).replace("-retry-join=", "-retry-join ")
    hosts = [f"{cluster.name}-{number}.{cluster.name}-headless" for number in range(3)]
    assert said.endswith(" ".join(f"-retry-join {host}" for host in hosts))


SEARCH = """
services:
  es01: {image: "elasticsearch:8.15.3", volumes: ["one:/usr/share/elasticsearch/data"],
    environment: &es {node.name: es01, cluster.name: shop,
      cluster.initial_master_nodes: "es01,es02", discovery.seed_hosts: es02}}
  es02: {image: "elasticsearch:8.15.3", volumes: ["two:/usr/share/elasticsearch/data"],
    environment: {<<: *es, node.name: es02, discovery.seed_hosts: es01}}
  kibana: {image: "kibana:8.15.3", environment: {ELASTICSEARCH_HOSTS: "%s://es01:9200"}}
volumes: {one: {}, two: {}}
"""


@pytest.mark.parametrize(
    ("scheme", "host", "names"),
    [
        pytest.param("https", "es01", ("es01",), id="a-certificate-has-the-old-name"),
        pytest.param("https://elastic:pw", "es01", ("es01",), id="behind-a-user"),
        pytest.param("http", "es-0.es-headless", (), id="without-one-the-pod-is-dialled"),
    ],
)
def test_who_is_dialled_by_tls_keeps_the_name(
    scheme: str, host: str, names: tuple[str, ...], tmp_path: Path
) -> None:
    address = f"{scheme}@" if ":pw" in scheme else f"{scheme}://"
    made = translation(tmp_path, SEARCH.replace("%s://", address))
    assert cluster(made, "es").members[0].names == names
    dialled = {one.name: one.value for one in container(made, "kibana").settings}
    held = dialled["ELASTICSEARCH_HOSTS"]
    assert host in (held if isinstance(held, str) else held.reveal())


def test_the_password_in_an_address_of_all_members_is_that_of_the_cluster(tmp_path: Path) -> None:
    compose = MONGO.replace(
        "MONGO_INITDB_ROOT_USERNAME: root", "MONGO_INITDB_ROOT_PASSWORD: kW8sLq0Zd1"
    ).replace("mongodb://mongo1", "mongodb://root:kW8sLq0Zd1@mongo1")
    made = translation(tmp_path, compose, KEY)
    (address,) = container(made, "api").settings
    assert address.embedded == (("mongo", "MONGO_INITDB_ROOT_PASSWORD"),)
    told = decided(made, "secret")["services.api"]
    assert "the password in its DATABASE_URL is the MONGO_INITDB_ROOT_PASSWORD" in told
