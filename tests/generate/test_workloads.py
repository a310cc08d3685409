"""What keeps pods running, and how they are replaced."""

import pytest
from tests.generate.support import around, container, plain, task, workload

from mooring.app.storage import Lifetime, NetworkShare, Storage, StorageMount
from mooring.app.workloads import Scale, UpdatePolicy, Workload
from mooring.generate.workloads import job
from mooring.generate.workloads import workload as made

DATA = StorageMount(storage="data", path="/data")
HOLDS = container(storage=(DATA,))
SHARE = NetworkShare(server="a", path="/")


def data(**fields: object) -> Storage:
    given: dict[str, object] = {"lifetime": Lifetime.PERSISTENT, **fields}
    return Storage(name="data", **given)  # type: ignore[arg-type]


def rolling(surge: int, unavailable: int) -> dict[str, object]:
    return {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxSurge": surge, "maxUnavailable": unavailable},
    }


@pytest.mark.parametrize(
    ("part", "storage", "strategy"),
    [
        pytest.param(workload(), data(), None, id="the-cluster-s-own"),
        pytest.param(
            workload(update=UpdatePolicy(at_once=2)), data(), rolling(0, 2), id="old-ones-first"
        ),
        pytest.param(
            workload(update=UpdatePolicy(at_once=2, starts_new_first=True)),
            data(),
            rolling(2, 0),
            id="new-ones-first",
        ),
        pytest.param(
            workload(update=UpdatePolicy(at_once=0), replicas=5),
            data(),
            rolling(0, 5),
            id="all-at-once",
        ),
        pytest.param(
            workload(update=UpdatePolicy(at_once=0), replicas=0),
            data(),
            rolling(0, 1),
            id="all-of-none-is-still-one",
        ),
        pytest.param(
            workload(update=UpdatePolicy(settle_seconds=5)), data(), None, id="no-number-no-roll"
        ),
        pytest.param(
            workload("web", HOLDS, update=UpdatePolicy(at_once=2)),
            data(),
            {"type": "Recreate"},
            id="a-claim-of-one-node",
        ),
        pytest.param(
            workload("web", HOLDS), data(used_by_many=True), None, id="a-claim-of-many-nodes"
        ),
        pytest.param(workload("web", HOLDS), data(share=SHARE), None, id="a-share"),
        pytest.param(
            workload("web", HOLDS), data(lifetime=Lifetime.REPLICA), None, id="an-emptydir"
        ),
    ],
)
def test_strategy(part: Workload, storage: Storage, strategy: object) -> None:
    deployment = made(part, around(part, storages=(storage,)))
    assert plain(deployment)["spec"].get("strategy") == strategy


def test_one_on_every_node() -> None:
    part = workload(scale=Scale.EVERY_MACHINE, update=UpdatePolicy(at_once=3, settle_seconds=4.4))
    daemon_set = plain(made(part, around(part)))
    assert "replicas" not in daemon_set["spec"]
    assert daemon_set["spec"]["updateStrategy"] == {
        "type": "RollingUpdate",
        "rollingUpdate": {"maxUnavailable": 3},
    }
    assert daemon_set["spec"]["minReadySeconds"] == 4


@pytest.mark.parametrize("replicas", [0, 1, 7])
def test_replicas(replicas: int) -> None:
    part = workload(replicas=replicas)
    assert plain(made(part, around(part)))["spec"]["replicas"] == replicas


def test_what_selects_stands_on_the_pods() -> None:
    part = workload(
        labels={"team": "a"}, object_labels={"tier": "b"}, object_annotations={"n": "x"}
    )
    deployment = plain(made(part, around(part)))
    selector = deployment["spec"]["selector"]["matchLabels"]
    assert selector.items() <= deployment["spec"]["template"]["metadata"]["labels"].items()
    assert selector == {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "shop"}
    assert deployment["metadata"]["labels"]["tier"] == "b"
    assert deployment["metadata"]["annotations"] == {
        "n": "x",
        "mooring.dev/origin": "compose.yaml:3",
    }


@pytest.mark.parametrize(
    ("retries", "deadline"),
    [
        pytest.param(None, None, id="as-the-cluster-does"),
        pytest.param(0, 60, id="never-again"),
        pytest.param(3, 3600, id="a-few-times"),
    ],
)
def test_jobs(retries: int | None, deadline: int | None) -> None:
    part = task(retries=retries, deadline_seconds=deadline)
    spec = plain(job(part, around(part)))["spec"]
    assert spec["template"]["spec"]["restartPolicy"] == "Never"
    assert (spec.get("backoffLimit"), spec.get("activeDeadlineSeconds")) == (retries, deadline)
    assert spec.keys() <= {"backoffLimit", "activeDeadlineSeconds", "template"}


def test_a_job_of_many_ends() -> None:
    part = task(completions=3, parallel=2, deadline_seconds=60)
    spec = plain(job(part, around(part)))["spec"]
    assert (spec["completions"], spec["parallelism"], spec["activeDeadlineSeconds"]) == (3, 2, 60)
