"""Connection budgets come out to the connection."""

import pytest
from tests.semantics.manifests import thing, workload

from mooring.semantics import connections, kinds
from mooring.semantics.connections import Budget, Client, Server
from mooring.semantics.objects import ManifestSet
from mooring.semantics.views import Autoscaler


def client(name: str, pool: int | None, replicas: int = 1, **options: int) -> Client:
    (template,) = ManifestSet([workload(name, replicas=replicas)]).templates
    return connections.client(template, pool, **options)


def job(name: str, pool: int) -> Client:
    (template,) = ManifestSet([workload(name, kind="Job")]).templates
    return connections.client(template, pool)


def budget(*clients: Client) -> Budget:
    return connections.budget(Server(), clients)


# The coffee system: order and customer in staging (1) and production (2), and the four roles of a
# Temporal server, each with 20 connections and 10 for its visibility store.
TEMPORAL = [client(f"temporal-{role}", 30) for role in ("front", "history", "match", "worker")]
APPS = [
    *(client("order-staging", 10), client("order-prod", 10, 2)),
    *(client("customer-staging", 10), client("customer-prod", 10, 2)),
]


def test_coffee_the_readme_counts_each_pool_once() -> None:
    found = budget(client("order", 10), client("customer", 10), client("temporal", 30))
    assert (found.resting, found.server.max_connections - found.resting) == (50, 50)


def test_coffee_the_connection_budget_comes_out_to_the_connection() -> None:
    found = budget(*APPS, *TEMPORAL)
    assert found.server.usable == 97
    assert sum(line.resting for line in found.lines[:2]) == 30
    assert sum(line.resting for line in found.lines[2:4]) == 30
    assert sum(line.resting for line in found.lines[4:]) == 120
    assert found.resting == 180
    assert found.left_at_rest == -83
    assert not found.is_lower_bound


def test_coffee_updates_and_migrations_come_on_top() -> None:
    apps = budget(*APPS)
    assert (apps.resting, apps.surges, apps.surge) == (60, 40, 10)
    migrating = budget(*APPS, *(job(f"migrate-{n}", 10) for n in range(4)))
    assert (migrating.tasks, migrating.worst) == (40, 60 + 40 + 40)
    # All Temporal roles roll too.
    assert budget(*APPS, *TEMPORAL).surges == 40 + 120


@pytest.mark.parametrize(
    ("clients", "resting", "worst"),
    [
        pytest.param([], 0, 0, id="nobody"),
        pytest.param([client("a", 5, processes=4)], 20, 40, id="processes-multiply"),
        pytest.param([client("a", 5, 4)], 20, 25, id="replicas-multiply"),
        pytest.param([client("a", 5, 0)], 0, 0, id="scaled-to-nothing"),
        pytest.param([job("a", 5)], 0, 5, id="tasks-come-and-go"),
        pytest.param([client("a", None, 2)], 2, 3, id="an-unknown-pool-is-at-least-one"),
    ],
)
def test_budget(clients: list[Client], resting: int, worst: int) -> None:
    found = budget(*clients)
    assert (found.resting, found.worst) == (resting, worst)
    assert found.left_at_worst == 97 - worst
    assert found.is_lower_bound is any(each.pool is None for each in clients)


def test_an_autoscaler_takes_more_at_its_maximum() -> None:
    scaler = thing("HorizontalPodAutoscaler", "h", "autoscaling/v2", spec={"maxReplicas": 8})
    objects = ManifestSet([workload("a", replicas=2), scaler])
    (item,) = objects.of_kind(kinds.AUTOSCALER)
    (template,) = objects.templates
    found = budget(connections.client(template, 10, autoscaler=Autoscaler(item)))
    # 2 pods and 1 of surge at rest; 8 and 2 at the top.
    assert (found.resting, found.surges, found.scaled, found.worst) == (20, 10, 70, 100)
    assert found.left_at_worst == -3


def test_nothing_is_usable_where_all_is_reserved() -> None:
    assert Server(max_connections=2, reserved=3).usable == 0
