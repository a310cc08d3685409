"""Pods that are on their way out: waited for by uid, and told of when something keeps them."""

from typing import Any

import pytest
from tests.deploy.deploying import down, remembered, run, up
from tests.deploy.in_process import InProcess
from tests.deploy.objects import NAMESPACE, namespace, ref, workload
from tests.fake_api import FakeApi

from mooring.deploy import ending
from mooring.deploy.journal import State
from mooring.errors import ClusterError
from mooring.refs import ObjectRef

HELD = "example.com/hold"


@pytest.fixture
def fake() -> FakeApi:
    """A cluster in which nothing is."""
    return FakeApi(tick_seconds=None)


def pods(fake: FakeApi) -> list[dict[str, Any]]:
    return fake.all("Pod", NAMESPACE)


def hold(fake: FakeApi) -> None:
    """Put a finalizer on every pod."""
    for pod in pods(fake):
        fake.edit(
            "Pod",
            NAMESPACE,
            pod["metadata"]["name"],
            lambda item: item["metadata"].update(finalizers=[HELD]),
        )


def test_down_waits_until_the_pods_have_ended(fake: FakeApi) -> None:
    objects = [namespace(), workload("db", "StatefulSet"), workload("web", depends_on="db=healthy")]
    up(fake, objects)
    assert len(pods(fake)) == 2
    assert down(fake, objects) == 0
    assert pods(fake) == []
    gone = [
        entry.key
        for entry in fake.store.history
        if entry.change == "DELETED" and entry.key.plural in ("pods", "statefulsets")
    ]
    web = next(i for i, key in enumerate(gone) if key.name.startswith("web-"))
    db = next(i for i, key in enumerate(gone) if key.plural == "statefulsets")
    assert web < db, "what is needed goes only when who needs it has ended"


def test_what_keeps_a_pod_is_told_and_nothing_more_is_deleted(fake: FakeApi) -> None:
    objects = [namespace(), workload("db", "StatefulSet"), workload("web", depends_on="db=healthy")]
    up(fake, objects)
    hold(fake)
    with pytest.raises(ClusterError) as caught:
        down(fake, objects, seconds=0.5)
    assert "Pod/web-" in caught.value.message
    assert f"held by the finalizer {HELD}" in caught.value.message
    assert fake.get("StatefulSet", NAMESPACE, "db") is not None
    last = remembered(fake).journal.last
    assert last is not None
    assert last.state is not State.TAKEN_DOWN


def test_down_goes_on_wherever_the_process_ends() -> None:
    objects = [namespace(), workload("db", "StatefulSet"), workload("web", depends_on="db=healthy")]
    fake = FakeApi(tick_seconds=None)
    up(fake, objects)
    before = fake.saved()
    client = InProcess(fake)
    assert down(fake, objects, client=client) == 0
    kept = set(remembered(fake).inventory.entries)
    for point in range(1, len(client.writes) + 1):
        for after in (False, True):
            fake.restore(before)
            down(fake, objects, client=InProcess(fake, kill_at=point, after=after))
            assert down(fake, objects) == 0, (point, after)
            assert pods(fake) == []
            last = remembered(fake).journal.last
            assert last is not None
            assert last.state is State.TAKEN_DOWN
            assert set(remembered(fake).inventory.entries) == kept
            assert up(fake, objects) == 0


def _pod(**more: Any) -> dict[str, Any]:
    metadata = {"name": "a", "namespace": NAMESPACE, **more}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {"nodeName": "n1"}}


NOW = 1_767_225_600.0  # 2026-01-01T00:00:00Z


@pytest.mark.parametrize(
    ("pod", "node", "words"),
    [
        pytest.param(_pod(), None, "nobody has deleted it yet", id="not-deleted"),
        pytest.param(
            _pod(deletionTimestamp="2026-01-01T00:00:20Z"),
            "True",
            "it has 20 s more to end by itself",
            id="in-its-time",
        ),
        pytest.param(
            _pod(deletionTimestamp="2025-12-31T23:59:00Z"),
            "True",
            "its kubelet on node n1 has not confirmed",
            id="over-its-time",
        ),
        pytest.param(
            _pod(deletionTimestamp="2026-01-01T00:00:20Z"),
            "Unknown",
            "its node n1 is not ready",
            id="a-node-that-is-lost",
        ),
        pytest.param(
            _pod(deletionTimestamp="2026-01-01T00:00:20Z"),
            None,
            "its node n1 is gone",
            id="a-node-that-is-gone",
        ),
        pytest.param(
            _pod(deletionTimestamp="2026-01-01T00:00:20Z", finalizers=[HELD]),
            "True",
            f"held by the finalizer {HELD}",
            id="a-finalizer",
        ),
    ],
)
def test_why_a_pod_has_not_ended(
    fake: FakeApi, pod: dict[str, Any], node: str | None, words: str
) -> None:
    if node is not None:
        condition = {"type": "Ready", "status": node}
        fake.put(
            {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n1"},
             "status": {"conditions": [condition]}}
        )  # fmt: skip
    assert words in run(fake, lambda: ending._why(InProcess(fake), pod, NOW))


def test_pods_are_told_apart_by_their_uids(fake: FakeApi) -> None:
    objects = [namespace(), workload("web")]
    up(fake, objects)
    live = fake.get("Deployment", NAMESPACE, "web")
    assert live is not None
    owners = {ref("Deployment", "web", "apps/v1"): live["metadata"]["uid"]}
    found = run(fake, lambda: ending.pods_of(InProcess(fake), owners))
    assert list(found.values()) == [
        ObjectRef("v1", "Pod", pod["metadata"]["name"], NAMESPACE) for pod in pods(fake)
    ]
    others = {ref("Deployment", "web", "apps/v1"): "another"}
    assert run(fake, lambda: ending.pods_of(InProcess(fake), others)) == {}


def test_who_may_not_list_pods_does_not_know(fake: FakeApi) -> None:
    client = InProcess(fake)
    client.unwatchable = frozenset({"Pod"})
    owners = {ref("StatefulSet", "db", "apps/v1"): "u"}
    assert run(fake, lambda: ending.pods_of(client, owners)) is None
