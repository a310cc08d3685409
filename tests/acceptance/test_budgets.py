"""
The two budgets of a coffee shop on four small computers, from its Compose file to the number.

Memory: everything together fits, and yet what is bound to the one control node does not.
Connections: the pools of all replicas are more than the database accepts, and updates and
migrations come on top.
"""

import pytest

from mooring import pipeline
from mooring.compose.discovery import LoadRequest
from mooring.semantics import placement
from mooring.semantics.fitting import pools
from mooring.semantics.objects import ManifestSet
from mooring.semantics.placement import Fit, Placement

MI = 1024**2

SETTINGS = """
environments: {staging: {cluster: pi}, production: {cluster: pi}}
clusters:
  pi:
    profile: k3s
    nodes:
    - {name: control, cpu: 4, memory: 906M, arch: arm64, labels: {pool: control}}
    - {name: workers, count: 3, cpu: 4, memory: 906M, arch: arm64, labels: {pool: worker}}
"""


def _service(
    name: str, image: str, memory: int, pool: str | None, *, more: str = "", replicas: int = 1
) -> str:
    """Return a service that asks for ``memory`` MiB on nodes of ``pool``; None: on each node."""
    resources = f"resources: {{reservations: {{memory: {memory}M}}, limits: {{memory: 1G}}}}"
    where = f"placement: {{constraints: [node.labels.pool == {pool}]}}, replicas: {replicas}"
    deploy = f"{where if pool else 'mode: global'}, {resources}"
    return f"  {name}: {{image: '{image}', deploy: {{{deploy}}}{more}}}\n"


def _app(name: str, replicas: int) -> str:
    settings = ", environment: {DATABASE_HOST: postgres, DATABASE_POOL_SIZE: '10'}"
    image = f"example.com/{name.partition('-')[0]}:1"
    return _service(name, image, 64, "worker", more=settings, replicas=replicas)


def _temporal(role: str) -> str:
    settings = f", environment: {{SERVICES: {role}, POSTGRES_SEEDS: postgres}}"
    return _service(f"temporal-{role}", "temporalio/server:1.25.2", 256, "control", more=settings)


def _migration(name: str) -> str:
    settings = "environment: {DATABASE_HOST: postgres, DATABASE_POOL_SIZE: '10'}"
    task = f"image: 'example.com/m:1', restart: 'no', command: migrate, {settings}"
    return f"  {name}: {{{task}}}\n"


COMPOSE = "".join(
    (
        "name: roastery\nservices:\n",
        _service("postgres", "postgres:17", 192, "control"),
        _service("kafka", "apache/kafka:3.9.0", 192, "control"),
        *map(_temporal, ("frontend", "history", "matching", "worker")),
        _service("temporal-web", "temporalio/ui:2.31.2", 64, "control"),
        *(_app(f"{name}-staging", 1) for name in ("order", "customer")),
        *(_app(f"{name}-prod", 2) for name in ("order", "customer")),
        _service("server-staging", "example.com/server:1", 64, "worker"),
        _service("server-prod", "example.com/server:1", 64, "worker", replicas=2),
        _service("valkey", "valkey/valkey:8.0", 128, "worker"),
        _service("otel-collector", "otel/opentelemetry-collector-contrib:0.110.0", 64, "worker"),
        _service("prometheus", "prom/prometheus:v2.54.1", 256, "worker"),
        _service("grafana", "grafana/grafana:11.2.2", 128, "worker"),
        _service("alertmanager", "prom/alertmanager:v0.27.0", 64, "worker"),
        _service("state-metrics", "example.com/state-metrics:2", 64, "worker"),
        _service("operator", "example.com/operator:1", 128, "worker"),
        _service("node-exporter", "prom/node-exporter:v1.8.2", 32, None),
        *(_migration(f"{name}-migrate") for name in ("order", "customer")),
    )
)


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> pipeline.EnvironmentResult:
    folder = tmp_path_factory.mktemp("roastery")
    (folder / "compose.yaml").write_text(COMPOSE)
    (folder / "mooring.yaml").write_text(SETTINGS)
    made = pipeline.stack(
        pipeline.Request(load=LoadRequest(directory=str(folder)), only="production")
    )
    return made.environments[0]


@pytest.fixture(scope="module")
def placed(production: pipeline.EnvironmentResult) -> Placement:
    cluster = production.environment.cluster
    assert cluster is not None
    objects = ManifestSet.of(production.objects, namespace=production.namespace)
    return placement.place(objects, pools(cluster))


def _percent(part: object, whole: object) -> int:
    return round(100 * float(str(part)) / float(str(whole)))


def test_each_pool_comes_out_to_the_mebibyte(placed: Placement) -> None:
    control, workers = placed.pools
    assert control.bound["memory"] == 1472 * MI
    assert _percent(control.bound["memory"], control.capacity["memory"]) == 170
    assert control.daemons["memory"] == 32 * MI
    assert workers.bound["memory"] + workers.daemons["memory"] == 1504 * MI
    assert _percent(1504 * MI, workers.capacity["memory"]) == 58


def test_the_plain_sum_passes_and_the_pool_does_not(
    production: pipeline.EnvironmentResult, placed: Placement
) -> None:
    assert placed.asked["memory"] == 3008 * MI
    assert _percent(placed.asked["memory"], placed.capacity["memory"]) == 87
    assert placed.fit is Fit.IMPOSSIBLE
    pending = [one for one in production.findings if one.rule == "pods-do-not-fit"]
    assert pending
    for finding in pending:
        assert "control: no node has enough memory left" in finding.message
        assert finding.remedy is not None
        assert finding.remedy.endswith("of 16 cpu, 3008Mi of 3624M memory")


def test_connections_come_out_to_the_connection(production: pipeline.EnvironmentResult) -> None:
    (finding,) = (one for one in production.findings if one.rule.startswith("connections-"))
    # order 30, customer 30, four roles of Temporal 120; an update adds a pod of each of the eight
    # Deployments, and the migrations two more pools.
    updates, migrations = 4 * 10 + 4 * 30, 2 * 10
    assert (
        "postgres accepts 97 connections (100 unless told otherwise, 3 kept for administrators), "
        f"and its clients may open 180, and {180 + updates + migrations} while updates roll and "
        "tasks run: "
    ) in finding.message
    assert "order-prod 2 pods x 10 (DATABASE_POOL_SIZE=10)" in finding.message
    assert "temporal-history 1 pod x 30 (each role of Temporal opens" in finding.message
    assert finding.remedy is not None
    assert "-c max_connections=370" in finding.remedy
