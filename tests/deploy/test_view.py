"""What belongs to what in a cluster, in whatever order it is seen."""

from typing import Any

import pytest
from tests.semantics.readiness.live import deployment, event, pod, replica_set

from mooring.deploy.view import View
from mooring.refs import ObjectRef
from mooring.semantics import kinds
from mooring.semantics.readiness.around import Budget

WEB = ObjectRef("apps/v1", "Deployment", "it", "shop")


def _in(item: Any, *, uid: str = "", owner: str = "", version: str = "1", **more: Any) -> Any:
    metadata = {**item["metadata"], "namespace": "shop", "resourceVersion": version, **more}
    if uid:
        metadata["uid"] = uid
    if owner:
        metadata["ownerReferences"] = [{"uid": owner, "controller": True}]
    return {**item, "metadata": metadata}


DEPLOYMENT = _in(deployment(), uid="d")
SET = _in(replica_set("2", "r"), uid="r", owner="d", name="it-1")
POD = _in(pod(), uid="p", owner="r", name="it-1-x")
TOLD = _in({**event("Failed", "no image", name="it-1-x", uid="p"), "metadata": {"name": "e"}})


@pytest.mark.parametrize(
    "order",
    [
        pytest.param((DEPLOYMENT, SET, POD, TOLD), id="from-the-top"),
        pytest.param((TOLD, POD, SET, DEPLOYMENT), id="from-the-bottom"),
        pytest.param((POD, DEPLOYMENT, TOLD, SET), id="in-any-order"),
    ],
)
def test_pods_and_events_lead_to_their_workload(order: tuple[Any, ...]) -> None:
    view = View(order)
    live = view.get(WEB)
    assert live is not None
    around = view.around(live, now=0.0, budget=Budget())
    assert [one["metadata"]["uid"] for one in around.pods] == ["p"]  # type: ignore[index]
    assert [one["metadata"]["uid"] for one in around.replica_sets] == ["r"]  # type: ignore[index]
    assert [one["reason"] for one in around.events] == ["Failed"]


def test_what_changes_names_who_may_have_changed_by_it() -> None:
    view = View((DEPLOYMENT, SET))
    assert WEB in view.see(POD)
    assert WEB in view.see(TOLD)
    assert WEB in view.gone(POD)


@pytest.mark.parametrize("is_late", [False, True], ids=["before-its-pod", "after-its-pod"])
def test_what_is_told_of_a_claim_is_told_to_who_waits_for_it(is_late: bool) -> None:
    waiting = {**POD, "spec": {"volumes": [{"persistentVolumeClaim": {"claimName": "data"}}]}}
    told = {**event("ProvisioningFailed", "no"), "metadata": {"name": "of-claim"}}
    told["involvedObject"] = {
        "kind": "PersistentVolumeClaim", "name": "data", "namespace": "shop", "uid": "c",
    }  # fmt: skip
    view = View((DEPLOYMENT, SET))
    seen = [view.see(one) for one in ((waiting, told) if is_late else (told, waiting))]
    assert WEB in seen[-1]
    live = view.get(WEB)
    assert live is not None
    around = view.around(live, now=0.0, budget=Budget())
    assert [one["reason"] for one in around.events] == ["ProvisioningFailed"]


def test_an_answer_that_was_overtaken_is_passed_over() -> None:
    view = View((_in(deployment(), uid="d", version="9"),))
    assert view.see(_in(deployment(ready=0), uid="d", version="7")) == []
    live = view.get(WEB)
    assert live is not None
    assert live["status"]["readyReplicas"] == 1  # type: ignore[index]


def test_the_end_of_an_object_is_not_that_of_its_successor() -> None:
    view = View((_in(deployment(), uid="new", version="9"),))
    assert view.gone(_in(deployment(), uid="old", version="10")) == []
    assert view.get(WEB) is not None


def test_what_a_new_list_lacks_is_gone() -> None:
    other = _in(pod(), uid="q", name="other")
    view = View((DEPLOYMENT, SET, POD, other))
    view.relisted(kinds.POD, "shop", (other,), version="100")
    live = view.get(WEB)
    assert live is not None
    assert view.pods_of(live) == ()
    assert [one["metadata"]["name"] for one in view.of_kind(kinds.POD)] == ["other"]  # type: ignore[index]


def test_a_slice_leads_to_its_service() -> None:
    made = {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "web-x",
            "namespace": "shop",
            "uid": "s",
            "labels": {"kubernetes.io/service-name": "web"},
        },
        "endpoints": [{"addresses": ["10.0.0.1"]}],
    }
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": "web", "namespace": "shop", "uid": "w"},
        "spec": {"selector": {"a": "b"}},
    }
    view = View((service,))
    assert view.see(made) == [ObjectRef("v1", "Service", "web", "shop")]
    assert len(view.around(service, now=0.0, budget=Budget()).endpoint_slices) == 1
    view.gone(made)
    assert view.around(service, now=0.0, budget=Budget()).endpoint_slices == ()


@pytest.mark.parametrize(
    ("seen", "is_known"),
    [
        pytest.param(_in(deployment(), uid="d", version="9"), True, id="what was answered"),
        pytest.param(_in(deployment(), uid="d", version="10"), False, id="a later state"),
        pytest.param(_in(deployment(), uid="e", version="9"), False, id="its successor"),
        pytest.param(_in(deployment(), uid="d", version=""), False, id="a state without a version"),
        pytest.param(_in(pod(), uid="d", version="9"), False, id="another object"),
    ],
)
def test_a_state_is_known_by_its_version(seen: Any, is_known: bool) -> None:
    assert View((_in(deployment(), uid="d", version="9"),)).has(seen) is is_known


def _labelled(item: Any, *, uid: str, version: str = "1", **labels: str) -> Any:
    spec = {**item["spec"], "template": {"metadata": {"labels": labels}}}
    return _in({**item, "spec": spec}, uid=uid, name=uid, version=version)


def test_who_is_behind_a_service_follows_the_labels_of_its_pods() -> None:
    selecting = {"metadata": {"namespace": "shop"}, "spec": {"selector": {"app": "web", "a": "1"}}}
    elsewhere = {**selecting, "metadata": {"namespace": "other"}}
    open_to_all = {"metadata": {"namespace": "shop"}, "spec": {}}
    view = View((_labelled(deployment(replicas=3), uid="x", app="web", a="1", b="2"),))
    assert view.backing_replicas(selecting) == 3
    assert view.backing_replicas(elsewhere) is None
    assert view.backing_replicas(open_to_all) is None
    view.see(_labelled(deployment(replicas=2), uid="y", app="web", a="1"))
    view.see(_labelled(deployment(replicas=8), uid="z", app="web"))
    view.see(_labelled(deployment(replicas=9), uid="v", app="web"))
    view.see(_labelled(deployment(replicas=7), uid="w", app="other", a="1"))
    assert view.backing_replicas(selecting) == 5, "both labels have to be there"
    changed = _labelled(deployment(replicas=3), uid="x", version="2", app="web", a="other")
    view.see(changed)
    assert view.backing_replicas(selecting) == 2, "its pods have other labels now"
    view.gone(_labelled(deployment(replicas=2), uid="y", app="web", a="1"))
    assert view.backing_replicas(selecting) is None
