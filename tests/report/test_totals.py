"""The sums of an environment in one line."""

import pytest
from tests.semantics.manifests import Raw, container, pod_spec, thing, workload

from mooring.report import totals as report
from mooring.semantics import fitting, totals
from mooring.semantics.objects import ManifestSet
from mooring.settings.clusters import Cluster, Node

SMALL = container(
    resources={"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}}
)
GPU = container(resources={"limits": {"cpu": "1", "memory": "1Gi", "nvidia.com/gpu": "2"}})
CLAIM = thing("PersistentVolumeClaim", "c", spec={"resources": {"requests": {"storage": "5Gi"}}})


@pytest.mark.parametrize(
    ("manifests", "expected"),
    [
        pytest.param(
            [workload("a", pod_spec(SMALL), kind="StatefulSet", replicas=2), CLAIM],
            "2 pods asking for 200m of cpu and 128Mi of memory (limits 256Mi), "
            "5Gi of storage in 1 claim",
            id="what-stands-all-the-time",
        ),
        pytest.param(
            [workload("a", pod_spec(SMALL), replicas=1)],
            "1 pod asking for 100m of cpu and 64Mi of memory (limits 128Mi); "
            "at most 2 pods asking for 200m of cpu and 128Mi of memory (limits 256Mi)",
            id="what-an-update-adds",
        ),
        pytest.param(
            [workload("a", pod_spec(GPU), kind="StatefulSet")],
            "1 pod asking for 1 of cpu and 1Gi of memory (limits 1Gi), 2 nvidia.com/gpu",
            id="devices-are-counted",
        ),
        pytest.param(
            [workload("a", kind="StatefulSet")],
            "1 pod asking for 0 of cpu and 0 of memory; without a limit of memory: a",
            id="who-says-nothing-is-named",
        ),
    ],
)
def test_text(manifests: list[Raw], expected: str) -> None:
    assert report.text(totals.totals(ManifestSet(manifests))) == expected


def test_plain_has_every_moment_and_every_workload() -> None:
    found = report.plain(totals.totals(ManifestSet([workload("a", pod_spec(SMALL)), CLAIM])))
    assert found["rolling"] == {
        "pods": 2,
        "requests": {"cpu": "200m", "memory": "128Mi"},
        "limits": {"memory": "256Mi"},
    }
    assert (found["claims"], found["storage"]) == (1, "5Gi")
    assert found["workloads"] == [
        {
            "kind": "Deployment",
            "name": "a",
            "replicas": 1,
            "requests": {"cpu": "100m", "memory": "64Mi"},
            "limits": {"memory": "128Mi"},
            "storage": "0",
        }
    ]


@pytest.mark.parametrize(
    ("memory", "expected"),
    [
        pytest.param(
            "1Gi",
            "fits on the nodes of pi while updates roll: workers 2 % of cpu and 12 % of memory",
            id="it-fits",
        ),
        pytest.param(
            "32Mi",
            "does not fit on the nodes of pi while updates roll: "
            "workers 0 % of cpu and 0 % of memory",
            id="it-does-not",
        ),
    ],
)
def test_room(memory: str, expected: str) -> None:
    cluster = Cluster(name="pi", nodes=(Node(name="workers", cpu="8", memory=memory),))
    objects = ManifestSet([workload("a", pod_spec(SMALL), replicas=1)])
    found = fitting.room(objects, cluster)
    assert found is not None
    assert report.room_text(found) == expected
    assert report.room_plain(found)["cluster"] == "pi"


def test_nodes_that_nobody_knows_have_no_room() -> None:
    assert fitting.room(ManifestSet([]), Cluster(name="eks")) is None
