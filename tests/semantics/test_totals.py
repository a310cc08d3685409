"""What an environment asks for together comes out to the byte and to the pod."""

from decimal import Decimal

import pytest
from tests.semantics.manifests import Raw, container, pod_spec, thing, workload

from mooring.semantics import totals
from mooring.semantics.objects import ManifestSet
from mooring.semantics.rollout import Load
from mooring.semantics.totals import Totals

MI = 1024**2


def asking(memory: str | None = "64Mi", *, cpu: str = "100m", limit: str | None = None) -> Raw:
    requests = {"cpu": cpu, **({"memory": memory} if memory else {})}
    limits = {"memory": limit} if limit else {}
    return container(resources={"requests": requests, "limits": limits})


def summed(*manifests: Raw, nodes: int = 1) -> Totals:
    return totals.totals(ManifestSet(manifests), nodes=nodes)


def claim_spec(size: str) -> Raw:
    return {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}


@pytest.mark.parametrize(
    ("manifests", "load", "pods", "memory"),
    [
        pytest.param([], Load.MOST, 0, 0, id="nothing-asks-for-nothing"),
        pytest.param(
            [workload("a", pod_spec(asking()), replicas=3)], Load.RESTING, 3, 192, id="replicas-add"
        ),
        pytest.param(
            [workload("a", pod_spec(asking()), replicas=3)],
            Load.ROLLING,
            4,
            256,
            id="an-update-adds-its-surge",
        ),
        pytest.param(
            [workload("a", pod_spec(asking()), kind="StatefulSet", replicas=3)],
            Load.ROLLING,
            3,
            192,
            id="a-stateful-set-has-no-surge",
        ),
        pytest.param(
            [workload("a", pod_spec(asking()), kind="Job")], Load.RESTING, 0, 0, id="a-task-is-gone"
        ),
        pytest.param(
            [workload("a", pod_spec(asking()), kind="Job")], Load.MOST, 1, 64, id="a-task-comes"
        ),
        pytest.param(
            [
                workload("a", pod_spec(asking()), replicas=2),
                thing(
                    "HorizontalPodAutoscaler",
                    "a",
                    "autoscaling/v2",
                    spec={
                        "maxReplicas": 8,
                        "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment"}
                        | {"name": "a"},
                    },
                ),
            ],
            Load.MOST,
            10,
            640,
            id="an-autoscaler-goes-to-its-top-and-rolls-there",
        ),
        pytest.param(
            [
                workload(
                    "a",
                    {
                        "initContainers": [asking("256Mi")],
                        "containers": [asking("64Mi"), asking("32Mi")],
                    },
                )
            ],
            Load.RESTING,
            1,
            256,
            id="a-large-init-container-decides-the-pod",
        ),
        pytest.param(
            [workload("a", pod_spec(container(resources={"limits": {"memory": "96Mi"}})))],
            Load.RESTING,
            1,
            96,
            id="a-limit-alone-is-a-request",
        ),
    ],
)
def test_pods_and_memory(manifests: list[Raw], load: Load, pods: int, memory: int) -> None:
    amounts = summed(*manifests).under(load)
    assert amounts.pods == pods
    assert amounts.requests.get("memory", Decimal(0)) == memory * MI


def test_a_daemon_runs_on_every_node() -> None:
    found = summed(workload("a", pod_spec(asking()), kind="DaemonSet"), nodes=4)
    assert found.under(Load.RESTING).pods == 4


def test_storage_counts_claims_and_those_of_each_replica() -> None:
    template = {"metadata": {"name": "data"}, "spec": claim_spec("8Gi")}
    found = summed(
        thing("PersistentVolumeClaim", "shared", spec=claim_spec("5Gi")),
        workload("db", kind="StatefulSet", replicas=3, volumeClaimTemplates=[template]),
    )
    assert (found.claims, found.storage) == (4, (5 + 3 * 8) * 1024**3)


def test_limits_are_summed_and_what_has_none_is_named() -> None:
    found = summed(
        workload("a", pod_spec(asking(limit="128Mi")), replicas=2),
        workload("b", pod_spec(asking())),
    )
    assert found.under(Load.RESTING).limits["memory"] == 256 * MI
    assert [ref.name for ref in found.unlimited] == ["b"]
