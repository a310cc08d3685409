"""Objects are held against nodes, connections and quotas, and what does not fit is told."""

from typing import Any

import pytest
from tests.generate.support import application, container, plain, task, workload

from mooring.app.application import Application
from mooring.app.connections import ConnectionClient, ConnectionServer
from mooring.app.placement import Placement
from mooring.app.resources import Resources
from mooring.app.workloads import Autoscaling, Task, Workload
from mooring.generate.capacity import Judged, judged
from mooring.generate.objects import namespace_name, objects
from mooring.kube import quantity
from mooring.semantics import quotas
from mooring.semantics.objects import ManifestSet
from mooring.settings.clusters import Cluster, Node
from mooring.settings.environments import Environment, Tier

MI = 1024**2


def asking(memory: int, cpu: str = "0.1") -> Resources:
    return Resources(
        cpu_request=quantity.parse(cpu), memory_request=memory * MI, memory_limit=memory * MI
    )


def part(name: str, memory: int, **fields: Any) -> Workload:
    return workload(name, container(name, resources=asking(memory)), **fields)


def made(*parts: Workload | Task, environment: Environment, **fields: Any) -> Judged:
    shop: Application = application(*parts)
    if fields:
        shop = Application(name="shop", parts=parts, **fields)
    namespace = namespace_name(shop, environment)
    return judged(shop, environment, objects(shop, environment), namespace)


def production(**fields: Any) -> Environment:
    return Environment(name="production", tier=Tier.PRODUCTION, **fields)


def rules(found: Judged) -> list[str]:
    return [finding.rule for finding in found.findings]


@pytest.mark.parametrize(
    ("parts", "nodes", "expected"),
    [
        pytest.param([part("a", 256)], (Node(cpu="2", memory="1Gi"),), [], id="it-fits"),
        pytest.param(
            [part("a", 2048)], (Node(cpu="2", memory="1Gi"),), ["pods-do-not-fit"], id="too-large"
        ),
        pytest.param(
            [part("a", 600), part("b", 600)],
            (Node(cpu="2", memory="1Gi"),),
            ["pods-do-not-fit"],
            id="too-many",
        ),
        pytest.param(
            [part("a", 600)],
            (Node(cpu="2", memory="1Gi"),),
            ["update-has-no-room"],
            id="no-room-for-the-pod-that-an-update-adds",
        ),
        pytest.param(
            [part("a", 450)],
            (Node(cpu="2", memory="1Gi"),),
            ["nodes-nearly-full"],
            id="little-to-spare-while-an-update-rolls",
        ),
        pytest.param(
            [part("a", 256)],
            (Node(cpu="2", memory="4Gi", taints=("only=gpu:NoSchedule",)),),
            ["pods-do-not-fit"],
            id="a-taint-that-nothing-tolerates",
        ),
        pytest.param(
            [task("migrate", container("migrate", resources=asking(9000)))],
            (Node(cpu="2", memory="1Gi"),),
            [],
            id="tasks-come-and-go",
        ),
    ],
)
def test_nodes(parts: list[Workload | Task], nodes: tuple[Node, ...], expected: list[str]) -> None:
    cluster = Cluster(name="own", nodes=nodes)
    assert rules(made(*parts, environment=production(cluster=cluster))) == expected


def test_an_architecture_that_no_node_has_is_told_with_the_image_and_not_again() -> None:
    cluster = Cluster(name="own", nodes=(Node(cpu="2", memory="1Gi", arch="arm64"),))
    web = part("web", 64, placement=Placement(architecture="amd64"))
    assert rules(made(web, environment=production(cluster=cluster))) == []


def test_nodes_on_which_it_may_not_run_are_no_matter_of_size() -> None:
    tainted = Node(cpu="2", memory="4Gi", taints=("only=gpu:NoSchedule",))
    cluster = Cluster(name="own", nodes=(tainted,))
    (finding,) = made(part("a", 256), environment=production(cluster=cluster)).findings
    assert finding.remedy == "add nodes on which it may run, or ask for less of its node"


def test_what_stays_pending_is_told_with_its_reason() -> None:
    cluster = Cluster(name="pi", nodes=(Node(name="workers", count=3, cpu="4", memory="906M"),))
    found = made(part("db", 2048), environment=production(cluster=cluster))
    (finding,) = found.findings
    assert finding.message == (
        "1 pod of db would stay pending in the cluster pi (workers: a pod asks for 2Gi of memory, "
        "a node has 906M for pods)"
    )
    assert finding.remedy == (
        "add nodes, or lower services: {db: {resources: ...}}; all pods together ask for "
        "100m of 12 cpu, 2Gi of 2718M memory"
    )


def hard(found: Judged) -> dict[str, str]:
    (quota,) = (plain(item) for item in found.objects if item.kind == "ResourceQuota")
    return dict(quota["spec"]["hard"])


def test_a_quota_admits_everything_at_once() -> None:
    environment = production(quota={})
    found = made(
        part("web", 128, replicas=3),
        part("api", 256, autoscaling=Autoscaling(least=1, most=5, cpu=80)),
        task("migrate", container("migrate", resources=asking(512))),
        environment=environment,
    )
    # web 3 and twice 1 of surge, api 5 and twice 2, migrate 1.
    assert hard(found) == {
        "requests.cpu": "1500m",
        "requests.memory": f"{5 * 128 + 9 * 256 + 512}Mi",
        "limits.memory": f"{5 * 128 + 9 * 256 + 512}Mi",
        "pods": "15",
    }
    uses = quotas.uses(ManifestSet.of(found.objects, namespace="shop-production"))
    assert uses != ()
    assert all(use.always for use in uses)
    assert [item.kind for item in found.objects][:2] == ["Namespace", "ResourceQuota"]


@pytest.mark.parametrize(
    ("said", "expected", "expected_rules"),
    [
        pytest.param({"pods": "50"}, {"pods": "50"}, [], id="room-to-spare-is-the-user-s"),
        pytest.param({"pods": "1"}, {"pods": "3"}, ["quota-raised"], id="too-little-is-raised"),
        pytest.param(
            {"limits.cpu": "4", "pods": "50"},
            {"pods": "50"},
            ["quota-entry-left-out"],
            id="what-would-refuse-every-pod-is-left-out",
        ),
    ],
)
def test_a_quota_that_is_said(
    said: dict[str, str], expected: dict[str, str], expected_rules: list[str]
) -> None:
    found = made(part("web", 128), environment=production(quota=said))
    assert hard(found) == expected
    assert rules(found) == expected_rules


def client(name: str, pool: int | None, *, stated: bool = True) -> ConnectionClient:
    said = f"POOL_SIZE={pool}" if pool is not None else ""
    return ConnectionClient(part=name, pool=pool, said=said, is_stated=stated)


def db(*clients: ConnectionClient, most: int = 100) -> ConnectionServer:
    return ConnectionServer(
        part="db",
        most=most,
        reserved=3,
        raise_with="-c max_connections={most}",
        said="max_connections=100",
        clients=clients,
    )


@pytest.mark.parametrize(
    ("replicas", "server", "expected"),
    [
        pytest.param(2, db(client("api", 10)), [], id="enough"),
        pytest.param(10, db(client("api", 10)), ["connections-refused"], id="too-many-at-rest"),
        pytest.param(
            9, db(client("api", 10)), ["connections-scarce"], id="too-many-while-an-update-rolls"
        ),
        pytest.param(
            10,
            db(client("api", 10, stated=False)),
            ["connections-scarce"],
            id="what-is-only-known-of-a-program-is-no-error",
        ),
    ],
)
def test_connections(replicas: int, server: ConnectionServer, expected: list[str]) -> None:
    found = made(
        part("db", 64, keeps_state=True),
        part("api", 64, replicas=replicas),
        environment=production(),
        connections=(server,),
    )
    assert rules(found) == expected


def test_connections_are_told_client_by_client() -> None:
    found = made(
        part("db", 64, keeps_state=True),
        part("api", 64, replicas=10),
        part("worker", 64),
        environment=production(),
        connections=(db(client("api", 10), client("worker", None)),),
    )
    (finding,) = found.findings
    assert finding.message == (
        "db accepts 97 connections (max_connections=100, 3 kept for administrators), and its "
        "clients may open at least 101, and 132 while updates roll: "
        "api 10 pods x 10 (POOL_SIZE=10); worker 1 pod x an unknown pool"
    )
    assert finding.remedy == (
        "allow more, as in -c max_connections=140, give the clients smaller pools, or put a "
        "pooler between"
    )


def test_a_database_that_is_elsewhere_is_nobodys_concern_here() -> None:
    found = made(
        part("api", 64, replicas=20),
        environment=production(),
        connections=(db(client("api", 10)),),
    )
    assert found.findings == ()
