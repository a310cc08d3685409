"""Replicas by tier, how far apart they stand, and how few may be gone at a time."""

from typing import Any

import pytest
from tests.generate.support import application, container, plain, task, workload

from mooring.app.placement import Placement
from mooring.app.workloads import Autoscaling, Scale, Task, Workload
from mooring.generate.objects import objects
from mooring.kube.object_set import ObjectSet
from mooring.settings.environments import Environment, Tier

OWN = {
    "matchLabels": {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"},
}


def made(part: Workload | Task, tier: Tier) -> ObjectSet:
    return objects(application(part), Environment(name=tier.value, tier=tier))


def of_kind(found: ObjectSet, kind: str) -> list[Any]:
    return [plain(item) for item in found if item.kind == kind]


def spread(item: Any) -> list[str]:
    constraints = item["spec"]["template"]["spec"].get("topologySpreadConstraints", [])
    assert all(one["whenUnsatisfiable"] == "ScheduleAnyway" for one in constraints)
    assert all(one["labelSelector"] == OWN for one in constraints)
    affinity = item["spec"]["template"]["spec"].get("affinity", {}).get("podAntiAffinity", {})
    preferred = affinity.get("preferredDuringSchedulingIgnoredDuringExecution", [])
    terms = [one["podAffinityTerm"] for one in preferred]
    assert all(one["labelSelector"] == OWN for one in terms)
    return [one["topologyKey"] for one in (*constraints, *terms)]


ZONE, HOST = "topology.kubernetes.io/zone", "kubernetes.io/hostname"


@pytest.mark.parametrize(
    ("part", "tier", "replicas", "places", "budgets"),
    [
        pytest.param(workload(), Tier.PRODUCTION, 1, [], 0, id="one-needs-no-guard"),
        pytest.param(
            workload(replicas=3), Tier.PRODUCTION, 3, [ZONE, HOST], 1, id="several-are-guarded"
        ),
        pytest.param(workload(replicas=3), Tier.STAGING, 3, [ZONE, HOST], 1, id="in-staging-too"),
        pytest.param(
            workload(replicas=3), Tier.DEV, 3, [ZONE, HOST], 0, id="development-may-be-drained"
        ),
        pytest.param(
            workload(replicas_in_production=2),
            Tier.PRODUCTION,
            2,
            [ZONE, HOST],
            1,
            id="a-second-one-in-production",
        ),
        pytest.param(
            workload(replicas_in_production=2),
            Tier.STAGING,
            1,
            [ZONE, HOST],
            0,
            id="and-only-there-while-the-rest-is-alike",
        ),
        pytest.param(workload(replicas=0), Tier.PRODUCTION, 0, [], 0, id="none-at-all"),
        pytest.param(
            workload(replicas=2, placement=Placement(spread_over=("rack",))),
            Tier.PRODUCTION,
            2,
            ["rack", ZONE, HOST],
            1,
            id="beside-what-the-author-spreads-over",
        ),
        pytest.param(
            workload(replicas=2, placement=Placement(most_per_machine=1)),
            Tier.PRODUCTION,
            2,
            [ZONE],
            1,
            id="what-is-kept-apart-needs-no-spread-over-nodes",
        ),
    ],
)
def test_deployments(
    part: Workload, tier: Tier, replicas: int, places: list[str], budgets: int
) -> None:
    found = made(part, tier)
    (deployment,) = of_kind(found, "Deployment")
    assert deployment["spec"]["replicas"] == replicas
    assert spread(deployment) == places
    assert len(of_kind(found, "PodDisruptionBudget")) == budgets


def test_a_budget_lets_one_go_at_a_time() -> None:
    (budget,) = of_kind(made(workload(replicas=2), Tier.PRODUCTION), "PodDisruptionBudget")
    assert budget["metadata"]["name"] == "web"
    assert budget["spec"] == {
        "maxUnavailable": 1,
        "selector": OWN,
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }


def test_of_a_cluster_with_a_vote_the_unready_count() -> None:
    found = made(workload(replicas=3, keeps_state=True), Tier.PRODUCTION)
    (budget,) = of_kind(found, "PodDisruptionBudget")
    (stateful_set,) = of_kind(found, "StatefulSet")
    assert budget["spec"] == {
        "maxUnavailable": 1,
        "selector": OWN,
        "unhealthyPodEvictionPolicy": "IfHealthyBudget",
    }
    assert stateful_set["spec"]["replicas"] == 3
    assert spread(stateful_set) == [ZONE, HOST]


def test_an_autoscaler_sets_the_number_alone() -> None:
    part = workload(autoscaling=Autoscaling(least=1, most=5, cpu=80, memory=70))
    found = made(part, Tier.PRODUCTION)
    (deployment,) = of_kind(found, "Deployment")
    (autoscaler,) = of_kind(found, "HorizontalPodAutoscaler")
    assert "replicas" not in deployment["spec"]
    assert spread(deployment) == [ZONE, HOST]
    assert autoscaler["spec"] == {
        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": "web"},
        "minReplicas": 1,
        "maxReplicas": 5,
        "metrics": [
            {
                "type": "Resource",
                "resource": {
                    "name": name,
                    "target": {"type": "Utilization", "averageUtilization": percent},
                },
            }
            for name, percent in (("cpu", 80), ("memory", 70))
        ],
    }
    assert len(of_kind(found, "PodDisruptionBudget")) == 1


@pytest.mark.parametrize(
    "part",
    [
        pytest.param(task("web", parallel=3, completions=3), id="tasks-end"),
        pytest.param(
            workload("web", container("web"), scale=Scale.EVERY_MACHINE), id="one-on-every-node"
        ),
    ],
)
def test_what_has_no_replicas_has_no_budget(part: Workload | Task) -> None:
    assert of_kind(made(part, Tier.PRODUCTION), "PodDisruptionBudget") == []


def test_guards_stand_behind_what_they_guard() -> None:
    found = made(workload(replicas=2), Tier.PRODUCTION)
    kinds = [item.kind for item in found]
    assert kinds.index("PodDisruptionBudget") == kinds.index("Deployment") + 1
