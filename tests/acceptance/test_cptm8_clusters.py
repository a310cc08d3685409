"""CPTM8 works: its clusters and its stores (systems.md §6b: 2, 3, 5, 7, 12 and 13)."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.acceptance import systems
from tests.acceptance.systems import ENVIRONMENTS, Made

from mooring.semantics.selection import Selections
from mooring.semantics.views import Service

pytestmark = [pytest.mark.corpus, pytest.mark.parametrize("environment", ENVIRONMENTS)]

ASKED = (
    "services: {opensearch-node1: {cluster: opensearch}, opensearch-node2: {cluster: opensearch}}"
)
MEMBERS = re.compile(r'\{_id: (\d), host: "([^"]+)", priority: \d\}')


def made(environment: str, settings: str = "") -> Made:
    return systems.converted("cptm8-backend", settings=settings)[environment]


def script(of: Made) -> str:
    """Return the script of the init Job as its shell sees it."""
    container = of.container("mongodb-init")
    return systems.expanded(container["args"][-1], of.environment("mongodb-init"))


def pods(of: Made, name: str) -> list[str]:
    """Return the names of the pods of a StatefulSet."""
    spec = of.of("StatefulSet")[name]["spec"]
    first = spec.get("ordinals", {}).get("start", 0)
    return [f"{name}-{number}" for number in range(first, first + spec["replicas"])]


# 2. mongodb-1/2/3 become one StatefulSet of 3, OpenSearch is asked for.


def test_three_databases_are_one_stateful_set(environment: str) -> None:
    found = made(environment)
    mongo = found.of("StatefulSet")["mongodb"]["spec"]
    assert mongo["replicas"] == 3
    assert mongo["podManagementPolicy"] == "Parallel"
    assert not {"mongodb-1", "mongodb-2", "mongodb-3"} & found.names("StatefulSet", "Deployment")
    peers = found.of("Service")[mongo["serviceName"]]["spec"]
    assert peers["clusterIP"] == "None"
    assert peers["publishNotReadyAddresses"] is True


def test_the_members_of_the_replica_set_are_its_pods(environment: str) -> None:
    found = made(environment)
    peers = found.of("StatefulSet")["mongodb"]["spec"]["serviceName"]
    listed = dict(MEMBERS.findall(script(found)))
    assert listed == {
        str(place): f"{pod}.{peers}:27017" for place, pod in enumerate(pods(found, "mongodb"))
    }


def test_all_listen_on_one_port_and_on_every_address(environment: str) -> None:
    found = made(environment)
    arguments = found.container("mongodb-1")["args"]
    assert arguments[arguments.index("--port") + 1] == "27017"
    assert "--bind_ip_all" in arguments
    assert not [word for word in arguments if "172.25" in word or "mongodb-1" in word]
    assert set(found.ports("mongodb")) == {27017}


def test_ports_that_never_answered_are_told(environment: str) -> None:
    told = [
        one.message for one in made(environment).result.findings if one.rule == "ports-disagree"
    ]
    assert any('"mongodb-2" publishes 27018:27017' in one for one in told)
    assert any('"mongodb-3" publishes 27019:27017' in one for one in told)


@pytest.mark.parametrize(
    ("member", "pod", "old_port"),
    [
        pytest.param("mongodb-1", 0, 27017, id="the-first"),
        pytest.param("mongodb-2", 1, 27018, id="the-second-on-its-old-port"),
        pytest.param("mongodb-3", 2, 27019, id="the-third-on-its-old-port"),
    ],
)
def test_old_names_lead_to_the_pods(member: str, pod: int, old_port: int, environment: str) -> None:
    found = made(environment)
    service = found.of("Service")[member]["spec"]
    name = pods(found, "mongodb")[pod]
    assert service["selector"]["statefulset.kubernetes.io/pod-name"] == name
    assert {27017, old_port} <= set(found.ports(member))


def test_unlike_search_nodes_stay_apart_until_somebody_says_more(environment: str) -> None:
    found = made(environment)
    assert {"opensearch-node1", "opensearch-node2"} <= found.names("StatefulSet")
    (question,) = found.questions("opensearch-node1.cluster")
    assert "OPENSEARCH_JAVA_OPTS" in question.question
    assert question.answer == (
        "services: {opensearch-node1: {cluster: opensearch-node}, "
        "opensearch-node2: {cluster: opensearch-node}}"
    )


def test_search_nodes_become_one_where_somebody_says_so(environment: str) -> None:
    found = made(environment, ASKED)
    assert found.of("StatefulSet")["opensearch"]["spec"]["replicas"] == 2
    assert found.questions("opensearch-node1.cluster") == []
    variables = {one["name"]: one for one in found.container("opensearch-node1")["env"]}
    assert variables["node.name"]["value"] == "$(POD_NAME)"
    assert variables["POD_NAME"]["valueFrom"]["fieldRef"]["fieldPath"] == "metadata.name"
    names = list(variables)
    assert names.index("POD_NAME") < names.index("node.name")
    environment_of = found.environment("opensearch-node1")
    assert environment_of["cluster.initial_cluster_manager_nodes"] == "opensearch-0,opensearch-1"
    assert environment_of["discovery.seed_hosts"] == (
        "opensearch-0.opensearch-headless,opensearch-1.opensearch-headless"
    )
    # Who is dialled by TLS keeps the name to which its certificate was issued.
    dashboards = found.environment("opensearch-dashboard")["OPENSEARCH_HOSTS"]
    assert "https://opensearch-node1:9200" in dashboards
    assert {"opensearch-node1", "opensearch-node2"} <= found.names("Service")


def test_every_member_service_leads_to_a_pod(environment: str) -> None:
    found = made(environment, ASKED)
    objects = found.manifests
    selections = Selections(objects)
    alone = [
        item.ref.name
        for item in objects
        if item.ref.kind == "Service"
        and Service(item).selector
        and not selections.behind(Service(item))
    ]
    assert alone == []


# 3. Mongo keeps auth.


def test_the_key_file_belongs_to_the_process_alone(environment: str) -> None:
    found = made(environment)
    path = "/etc/mongodb/pki/keyfile"
    container, pod = found.container("mongodb-1"), found.pod("mongodb-1")
    arguments = container["args"]
    assert arguments[arguments.index("--keyFile") + 1] == path
    (mount,) = (one for one in container["volumeMounts"] if one["mountPath"] == path)
    volumes = {one["name"]: one for one in pod["volumes"]}
    assert "emptyDir" in volumes[mount["name"]]
    (copy,) = (one for one in pod["initContainers"] if mount["name"] in str(one["volumeMounts"]))
    sources = [volumes[one["name"]] for one in copy["volumeMounts"] if one["name"] in volumes]
    secrets = [one["secret"]["secretName"] for one in sources if "secret" in one]
    assert any("rs_keyfile" in _keys(found, name) for name in secrets)
    # Read for the owner and nothing for anybody else, which is 0400.
    assert "u=rX,g=,o=" in copy["command"]


def test_the_entrypoint_of_the_database_runs(environment: str) -> None:
    found = made(environment)
    container = found.container("mongodb-1")
    assert "command" not in container
    assert found.environment("mongodb-1")["MONGO_INITDB_ROOT_PASSWORD_FILE"] == (
        "/run/secrets/mongodb_root_password"
    )
    mounted = {one["mountPath"]: one["name"] for one in container["volumeMounts"]}
    volumes = {one["name"]: one for one in found.pod("mongodb-1")["volumes"]}
    assert "secret" in volumes[mounted["/run/secrets/mongodb_root_password"]]


def _keys(found: Made, secret: str) -> set[str]:
    one = found.of("Secret")[secret]
    return {*one.get("data", {}), *one.get("stringData", {})}


# 5. Ports that Compose does not name.


@pytest.mark.parametrize(
    ("service", "port"),
    [
        pytest.param("rabbitmqm8", 5672, id="the-broker-s"),
        pytest.param("opensearch-node1", 9300, id="between-search-nodes"),
        pytest.param("opensearch-node2", 9300, id="of-the-node-that-publishes-none"),
        pytest.param("opensearch-node2", 9200, id="for-its-clients"),
    ],
)
def test_ports_of_known_programs_are_open(service: str, port: int, environment: str) -> None:
    assert port in made(environment).ports(service)


def test_what_the_programs_are_taken_for_is_said(environment: str) -> None:
    found = made(environment)
    for service in ("rabbitmqm8", "opensearch-node1", "opensearch-node2"):
        (decision,) = found.decisions("program", f"services.{service}")
        assert decision.overrule == f"services: {{{service}: {{family: none}}}}"


# 7. The init script survives.


def test_the_init_script_is_a_script(environment: str, tmp_path: Path) -> None:
    bash = shutil.which("bash")
    assert bash is not None
    file = tmp_path / "init.sh"
    file.write_text(script(made(environment)), encoding="utf-8")
    done = subprocess.run([bash, "-n", str(file)], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0


def test_the_init_script_differs_in_its_hosts_alone(environment: str) -> None:
    found = made(environment)
    (written,) = (
        service["command"] for name, service in _model().items() if name == "mongodb-init"
    )
    back = script(found)
    for place, (name, port) in enumerate(
        (("mongodb-1", 27017), ("mongodb-2", 27018), ("mongodb-3", 27019))
    ):
        back = back.replace(f"mongodb-{place}.mongodb-headless:27017", f"{name}:{port}")
    assert back == written[-1].replace("$$", "$")


def _model() -> dict[str, Any]:
    import json

    path = systems.SYSTEMS["cptm8-backend"].path / "ORACLE.json"
    return json.loads(path.read_text(encoding="utf-8"))["services"]  # type: ignore[no-any-return]


# 12. What OpenSearch needs of its nodes.


def test_the_kernel_s_limit_is_asked_for_with_three_ways(environment: str) -> None:
    found = made(environment)
    for service in ("opensearch-node1", "opensearch-node2"):
        (question,) = found.questions(f"{service}.kernel")
        assert "vm.max_map_count is below 262144" in question.question
        assert question.answer == (
            "services: {opensearch-node1: {kernel: avoid}, opensearch-node2: {kernel: avoid}}, "
            "or node, or init"
        )


@pytest.mark.parametrize(
    ("way", "allows", "steps"),
    [
        pytest.param("node", None, 0, id="nodes-that-have-it"),
        pytest.param("avoid", "false", 0, id="without-it"),
        pytest.param("init", None, 1, id="a-privileged-step"),
    ],
)
def test_each_way_is_taken(way: str, allows: str | None, steps: int, environment: str) -> None:
    found = made(environment, f"services: {{opensearch-node1: {{kernel: {way}}}}}")
    assert found.questions("opensearch-node1.kernel") == []
    assert found.environment("opensearch-node1").get("node.store.allow_mmap") == allows
    before = found.pod("opensearch-node1").get("initContainers", ())
    assert len([one for one in before if "vm.max_map_count" in one.get("command", ())]) == steps


def test_no_memory_is_locked_without_a_limit_for_it(environment: str) -> None:
    found = made(environment)
    for service in ("opensearch-node1", "opensearch-node2"):
        assert found.environment(service)["bootstrap.memory_lock"] == "false"
        (decision,) = found.decisions("kernel", f"services.{service}")
        assert decision.overrule == f"services: {{{service}: {{kernel: node}}}}"


# 13. Rabbit keeps its queues.


def test_the_broker_keeps_its_queues_under_a_name_that_stays(environment: str) -> None:
    found = made(environment)
    broker = found.of("StatefulSet")["rabbitmqm8"]["spec"]
    (claim,) = broker["volumeClaimTemplates"]
    mounted = {
        one["name"]: one["mountPath"] for one in found.container("rabbitmqm8")["volumeMounts"]
    }
    assert mounted[claim["metadata"]["name"]] == "/var/lib/rabbitmq"
    # The pods of a StatefulSet are called by their own names, and RabbitMQ by the host's.
    assert "hostname" not in found.pod("rabbitmqm8")
    assert "RABBITMQ_NODENAME" not in found.environment("rabbitmqm8")
    (decision,) = found.decisions("storage", "services.rabbitmqm8")
    assert decision.overrule == "services: {rabbitmqm8: {storage: none|10Gi}}"


def test_mounts_inside_of_one_another_are_one_claim_each_and_no_more(environment: str) -> None:
    found = made(environment)
    templates = found.of("StatefulSet")["mongodb"]["spec"]["volumeClaimTemplates"]
    names = [one["metadata"]["name"] for one in templates]
    mounted = {
        one["mountPath"]: one["name"]
        for one in found.container("mongodb-1")["volumeMounts"]
        if one["name"] in names
    }
    assert mounted == {"/data/configdb": "mongodb-config", "/data/db": "mongodb-data"}
    (decision,) = (
        one for one in found.decisions("mount", "services.mongodb-1") if "left out" in one.choice
    )
    assert decision.overrule == "services: {mongodb-1: {mounts: {/data: storage}}}"
