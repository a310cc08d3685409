"""The sums of an environment in one line."""

import pytest
from tests.semantics.manifests import Raw, container, pod_spec, thing, workload

from mooring.report import totals as report
from mooring.semantics import totals
from mooring.semantics.objects import ManifestSet

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
