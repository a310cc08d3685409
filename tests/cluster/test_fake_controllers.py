"""The controllers of the fake server bring workloads to what a test says of them."""

from typing import Any

import pytest
from tests.cluster.conformance import workload
from tests.fake_api import Behaviour, FakeApi, Outcome


@pytest.fixture
def fake() -> FakeApi:
    """A server whose controllers step only when they are told."""
    return FakeApi(tick_seconds=None)


def condition(item: dict[str, Any] | None, kind: str) -> str:
    """Return the status of a condition, "" where there is none."""
    status = (item or {}).get("status") or {}
    return next(
        (one["status"] for one in status.get("conditions") or () if one["type"] == kind), ""
    )


def test_a_deployment_is_ready_after_as_many_ticks_as_its_pods_take(fake: FakeApi) -> None:
    fake.behave("web", Behaviour(ready_after=3))
    fake.put(workload("default", replicas=2))
    ready = []
    for _ in range(7):
        fake.tick()
        status = (fake.get("Deployment", "default", "web") or {})["status"]
        ready.append(status.get("readyReplicas", 0))
    assert ready == [0, 0, 0, 0, 0, 2, 2]
    assert condition(fake.get("Deployment", "default", "web"), "Available") == "True"


def test_a_new_template_takes_the_place_of_the_old_once_it_is_ready(fake: FakeApi) -> None:
    fake.put(workload("default"))
    fake.tick(6)
    (old,) = fake.all("Pod")
    changed = workload("default")
    changed["spec"]["template"]["spec"]["containers"][0]["image"] = "example.com/web:2"
    fake.put(changed)
    fake.tick()
    assert (fake.get("Deployment", "default", "web") or {})["status"].get("updatedReplicas") is None
    fake.tick(8)
    (new,) = fake.all("Pod")
    assert new["spec"]["containers"][0]["image"] == "example.com/web:2"
    assert new["metadata"]["uid"] != old["metadata"]["uid"]
    status = (fake.get("Deployment", "default", "web") or {})["status"]
    assert (status["replicas"], status["updatedReplicas"], status["readyReplicas"]) == (1, 1, 1)


@pytest.mark.parametrize(
    ("outcome", "reason"),
    [
        pytest.param(Outcome.CRASHES, "CrashLoopBackOff", id="it-crashes"),
        pytest.param(Outcome.OUT_OF_MEMORY, "CrashLoopBackOff", id="it-has-no-memory"),
        pytest.param(Outcome.NO_IMAGE, "ImagePullBackOff", id="there-is-no-image"),
        pytest.param(
            Outcome.BAD_CONFIGURATION, "CreateContainerConfigError", id="a-key-is-missing"
        ),
    ],
)
def test_a_pod_comes_to_its_outcome(fake: FakeApi, outcome: Outcome, reason: str) -> None:
    fake.behave("web", Behaviour(outcome=outcome))
    fake.put(workload("default"))
    fake.tick(5)
    (pod,) = fake.all("Pod")
    (status,) = pod["status"]["containerStatuses"]
    assert status["state"]["waiting"]["reason"] == reason
    assert not status["ready"]


def test_a_bad_outcome_may_end_with_a_generation(fake: FakeApi) -> None:
    fake.behave("web", Behaviour(outcome=Outcome.CRASHES, until_generation=2))
    fake.put(workload("default"))
    fake.tick(5)
    assert condition(fake.get("Deployment", "default", "web"), "Available") == "False"
    changed = workload("default")
    changed["spec"]["template"]["spec"]["containers"][0]["image"] = "example.com/web:2"
    fake.put(changed)
    fake.tick(8)
    assert condition(fake.get("Deployment", "default", "web"), "Available") == "True"


def test_a_stateful_set_starts_its_pods_one_by_one(fake: FakeApi) -> None:
    fake.put(workload("default", "StatefulSet", replicas=3))
    counts = []
    for _ in range(9):
        fake.tick()
        counts.append(len(fake.all("Pod")))
    assert counts == sorted(counts)
    assert {1, 2, 3} <= set(counts)
    status = (fake.get("StatefulSet", "default", "web") or {})["status"]
    assert (status["readyReplicas"], status["currentRevision"]) == (3, status["updateRevision"])


def test_a_job_completes_counts_its_runs_and_goes_after_its_time(fake: FakeApi) -> None:
    fake.put(workload("default", "Job", ttlSecondsAfterFinished=0))
    seen = ""
    for _ in range(6):
        fake.tick()
        seen = seen or condition(fake.get("Job", "default", "web"), "Complete")
    fake.tick(2)
    assert seen == "True"
    assert fake.runs == {"default/web": 1}
    assert fake.get("Job", "default", "web") is None
    assert fake.all("Pod") == []


def test_a_job_that_fails_does_so_after_its_limit(fake: FakeApi) -> None:
    fake.behave("web", Behaviour(outcome=Outcome.FAILS, ready_after=0))
    fake.put(workload("default", "Job", backoffLimit=2))
    fake.tick(10)
    job = fake.get("Job", "default", "web")
    assert condition(job, "Failed") == "True"
    assert fake.runs == {"default/web": 3}


def test_what_is_owned_goes_with_its_owner(fake: FakeApi) -> None:
    fake.put(workload("default"))
    fake.tick(4)
    fake.drop("Deployment", "default", "web")
    fake.tick(3)
    assert fake.all("ReplicaSet") == fake.all("Pod") == []


def test_a_service_leads_to_ready_pods(fake: FakeApi) -> None:
    fake.put(workload("default"))
    spec = {"selector": {"app": "web"}, "ports": [{"port": 80}]}
    metadata = {"name": "web", "namespace": "default"}
    fake.put({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec})
    fake.tick(6)
    (slice_,) = fake.all("EndpointSlice")
    assert [one["conditions"]["ready"] for one in slice_["endpoints"]] == [True]


def test_a_namespace_goes_when_it_is_empty(fake: FakeApi) -> None:
    fake.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}})
    held = {"name": "held", "namespace": "shop", "finalizers": ["example.com/hold"]}
    fake.put({"apiVersion": "v1", "kind": "ConfigMap", "metadata": held})
    kind, key = fake._named("Namespace", "", "shop")
    fake.store.delete(kind, key, {})
    fake.tick(3)
    assert fake.get("Namespace", "", "shop") is not None
    fake.drop("ConfigMap", "shop", "held")
    fake.tick(2)
    assert fake.get("Namespace", "", "shop") is None


def test_a_claim_stays_while_a_pod_mounts_it(fake: FakeApi) -> None:
    claim = {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": "data", "namespace": "default"},
        "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    }
    fake.put(claim)
    item = workload("default")
    volume = {"name": "data", "persistentVolumeClaim": {"claimName": "data"}}
    item["spec"]["template"]["spec"]["volumes"] = [volume]
    fake.put(item)
    fake.tick(3)
    kind, key = fake._named("PersistentVolumeClaim", "default", "data")
    fake.store.delete(kind, key, {})
    fake.tick(2)
    assert fake.get("PersistentVolumeClaim", "default", "data") is not None
    fake.drop("Deployment", "default", "web")
    fake.tick(4)
    assert fake.get("PersistentVolumeClaim", "default", "data") is None
