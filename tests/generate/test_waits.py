"""Who waits for whom before its containers start, how, and for how long."""

import pytest
from tests.generate.support import application, around, container, plain, task, workload

from mooring.app.dependencies import Condition, Dependency
from mooring.app.endpoints import Endpoint, NetworkAccess, Protocol
from mooring.app.workloads import Task, Workload
from mooring.generate.waits import (
    WAIT_SECONDS,
    account_objects,
    asks_the_api,
    token_volume,
    waits,
)
from mooring.sources import Position

HEALTHY, STARTED, COMPLETED = Condition.HEALTHY, Condition.STARTED, Condition.COMPLETED
LISTENS = (Endpoint(port=53, protocol=Protocol.UDP), Endpoint(port=5432))
DB = workload("db", container("db", endpoints=LISTENS))
MUTE = workload("db")


@pytest.mark.parametrize(
    ("condition", "other", "image", "words"),
    [
        pytest.param(HEALTHY, DB, "busybox", ["db", "5432", "300"], id="its-service-answers"),
        pytest.param(
            HEALTHY,
            MUTE,
            "kubectl",
            ["pod", "--selector=app.kubernetes.io/name=db,app.kubernetes.io/instance=shop"],
            id="it-listens-nowhere",
        ),
        pytest.param(
            HEALTHY,
            workload("db", container("db", endpoints=LISTENS[:1])),
            "kubectl",
            ["--for=condition=Ready"],
            id="it-has-no-connections",
        ),
        pytest.param(
            HEALTHY,
            workload("db", container("db", endpoints=LISTENS), network=NetworkAccess.NONE),
            "kubectl",
            ["--for=condition=Ready"],
            id="nobody-reaches-it",
        ),
        pytest.param(
            HEALTHY,
            workload(
                "db",
                container(
                    "db",
                    endpoints=(
                        Endpoint(port=9092),
                        Endpoint(port=29092, position=Position("compose.yaml", 4)),
                    ),
                ),
            ),
            "busybox",
            ["db", "29092"],
            id="a-port-that-is-named-before-one-that-is-known",
        ),
        pytest.param(
            HEALTHY,
            workload("db", DB.containers[0], dials_itself=True, keeps_state=True),
            "kubectl",
            ["--for=condition=Ready"],
            id="its-service-answers-before-it-is-ready",
        ),
        pytest.param(
            COMPLETED, task("db"), "kubectl", ["--for=condition=Complete", "job/db"], id="its-end"
        ),
        pytest.param(STARTED, DB, None, [], id="its-start-is-not-waited-for"),
        pytest.param(COMPLETED, DB, None, [], id="what-goes-on-has-no-end"),
        pytest.param(HEALTHY, task("db"), None, [], id="what-ends-is-not-healthy"),
    ],
)
def test_waits(
    condition: Condition, other: Workload | Task, image: str | None, words: list[str]
) -> None:
    web = workload(dependencies=(Dependency(on="db", condition=condition),))
    made = waits(web, around(web, other))
    if image is None:
        assert made == ()
        return
    (wait,) = made
    assert wait.name == "wait-for-db"
    assert image in wait.image
    assert set(words) <= {*wait.command, *wait.args}
    assert asks_the_api(made) is (image == "kubectl")
    mounts = [mount.mount_path for mount in wait.volume_mounts]
    assert mounts == ["/var/run/secrets/kubernetes.io/serviceaccount"] * (image == "kubectl")


@pytest.mark.parametrize(
    ("port", "asked"),
    [
        pytest.param(9000, "9000", id="the-port-of-clients"),
        pytest.param(9999, "9001", id="one-that-it-does-not-have"),
        pytest.param(None, "9001", id="nothing-tells"),
    ],
)
def test_a_wait_asks_where_clients_do(port: int | None, asked: str) -> None:
    console = Endpoint(port=9001, position=Position("compose.yaml", 4))
    store = workload("db", container("db", endpoints=(console, Endpoint(port=9000))))
    web = workload(dependencies=(Dependency(on="db", condition=HEALTHY, port=port),))
    (wait,) = waits(web, around(web, store))
    assert wait.command[-2] == asked


def test_every_wait_ends() -> None:
    assert WAIT_SECONDS == 600
    web = workload(
        dependencies=(
            Dependency(on="db", condition=HEALTHY),
            Dependency(on="migrate", condition=COMPLETED),
        )
    )
    answer, end = waits(web, around(web, DB, task("migrate")))
    # The shell tries every two seconds.
    assert answer.command[-1] == str(WAIT_SECONDS // 2)
    assert f"--timeout={WAIT_SECONDS}s" in end.args


def test_waiting_containers_are_harmless() -> None:
    web = workload(dependencies=(Dependency(on="db", condition=HEALTHY),))
    for other in (DB, MUTE):
        (wait,) = waits(web, around(web, other))
        context = plain(wait)["securityContext"]
        assert context["runAsNonRoot"] is True
        assert context["readOnlyRootFilesystem"] is True
        assert context["capabilities"] == {"drop": ["ALL"]}
        assert plain(wait)["resources"]["limits"]["memory"]


def test_one_wait_for_each_pod_and_none_for_the_own() -> None:
    pod = workload("db", container("db", endpoints=LISTENS), container("side"))
    web = workload(
        "web",
        container("web"),
        container("own"),
        dependencies=(
            Dependency(on="db", condition=HEALTHY),
            Dependency(on="side", condition=HEALTHY),
            Dependency(on="own", condition=HEALTHY),
            Dependency(on="gone", condition=HEALTHY, required=False),
        ),
    )
    assert [one.name for one in waits(web, around(web, pod))] == ["wait-for-db"]


def test_the_account_reads_jobs_and_pods_and_nothing_else() -> None:
    account, role, binding = (plain(one) for one in account_objects(application()))
    assert account["automountServiceAccountToken"] is False
    assert {(tuple(one["resources"]), tuple(one["verbs"])) for one in role["rules"]} == {
        (("jobs",), ("get", "list", "watch")),
        (("pods",), ("get", "list", "watch")),
    }
    assert binding["roleRef"]["name"] == role["metadata"]["name"]
    assert [one["name"] for one in binding["subjects"]] == [account["metadata"]["name"]]


def test_the_token_is_short_lived() -> None:
    sources = plain(token_volume())["projected"]["sources"]
    assert sources[0]["serviceAccountToken"]["expirationSeconds"] == 3600
