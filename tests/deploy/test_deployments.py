"""Whole deployments on a cluster that is simulated: first, again, changed, drifted, back, down."""

from typing import Any

import pytest
from tests.deploy.deploying import QUICK, deploy, down, remembered, run, state, told, up
from tests.deploy.in_process import InProcess
from tests.deploy.objects import (
    NAMESPACE,
    Manifest,
    config,
    made,
    namespace,
    secret,
    service,
    workload,
)
from tests.fake_api import Behaviour, FakeApi, Outcome

from mooring.deploy.journal import State
from mooring.deploy.reconcile import Limits
from mooring.errors import ClusterError, MooringError


def stack(image: str = "shop/web:1", **more: Any) -> list[Manifest]:
    """Return a stack with a database, a migration and two workloads behind it."""
    return [
        namespace(),
        config(),
        secret(),
        service("db"),
        workload("db", "StatefulSet"),
        workload("migrate", "Job", depends_on="db=healthy", image=image),
        service("api"),
        workload("api", depends_on="migrate=completed,db=healthy", image=image),
        service("web"),
        workload("web", depends_on="api=started", image=image, **more),
    ]


@pytest.fixture
def fake() -> FakeApi:
    """A cluster in which nothing is."""
    return FakeApi(tick_seconds=None)


def created(fake: FakeApi) -> list[str]:
    """Return the workloads in the order in which they were made."""
    return [
        entry.key.name
        for entry in fake.store.history
        if entry.change == "ADDED"
        and entry.key.plural in ("statefulsets", "deployments", "jobs", "configmaps", "ingresses")
        and not entry.key.name.startswith("mooring.")
    ]


def test_the_first_deployment_goes_in_order(fake: FakeApi) -> None:
    assert up(fake, stack()) == 0
    order = created(fake)
    assert order.index("settings") < order.index("db") < order.index("migrate")
    assert order.index("migrate") < order.index("api") < order.index("web")
    journal = remembered(fake).journal
    assert [one.state for one in journal.revisions] == [State.VERIFIED]
    assert fake.runs == {f"{NAMESPACE}/migrate": 1}


def test_each_starts_only_when_what_it_needs_is_ready(fake: FakeApi) -> None:
    fake.behave("db", Behaviour(ready_after=30))
    assert up(fake, stack()) == 0
    events = list(enumerate(fake.store.history))
    ready = next(
        number
        for number, entry in events
        if (entry.key.plural, entry.key.name) == ("statefulsets", "db")
        and entry.item.get("status", {}).get("readyReplicas") == 1
    )
    migrated = next(
        number for number, entry in events if (entry.change, entry.key.plural) == ("ADDED", "jobs")
    )
    assert ready < migrated


def test_nothing_is_written_when_nothing_changed(fake: FakeApi, capsys: Any) -> None:
    up(fake, stack())
    told(capsys)
    before = fake.store.version
    client = InProcess(fake)
    assert up(fake, stack(), client=client, form="text") == 0
    assert client.writes == []
    assert fake.store.version == before
    assert "nothing to do" in told(capsys)


def test_one_change_writes_one_object(fake: FakeApi) -> None:
    up(fake, stack())
    client = InProcess(fake)
    changed = stack()
    changed[1] = config(LEVEL="debug")
    assert up(fake, changed, client=client) == 0
    written = [key.name for verb, key in client.writes if not key.name.startswith("mooring.")]
    assert written == ["settings"]
    assert fake.get("ConfigMap", NAMESPACE, "settings")["data"] == {"LEVEL": "debug"}  # type: ignore[index]
    assert fake.runs == {f"{NAMESPACE}/migrate": 1}


def test_drift_is_taken_back(fake: FakeApi, capsys: Any) -> None:
    up(fake, stack(replicas=1))
    fake.edit("Deployment", NAMESPACE, "web", lambda item: item["spec"].update(replicas=4))
    told(capsys)
    assert up(fake, stack(replicas=1), form="text") == 0
    assert "drift: kubectl-edit changed the number of replicas" in told(capsys)
    assert fake.get("Deployment", NAMESPACE, "web")["spec"]["replicas"] == 1  # type: ignore[index]


def test_what_is_no_longer_wanted_goes_after_all_else_is_ready(fake: FakeApi) -> None:
    up(fake, [*stack(), config("old"), service("old")])
    client = InProcess(fake)
    assert up(fake, stack(), client=client) == 0
    assert fake.get("ConfigMap", NAMESPACE, "old") is None
    assert fake.get("Service", NAMESPACE, "old") is None
    assert {one.ref.name for one in remembered(fake).inventory.entries.values()}.isdisjoint({"old"})


def test_nothing_is_deleted_when_the_new_set_fails(fake: FakeApi) -> None:
    up(fake, [*stack(), config("old")])
    fake.behave("web", Behaviour(outcome=Outcome.NO_IMAGE))
    assert up(fake, stack("shop/web:2")) == 1
    assert fake.get("ConfigMap", NAMESPACE, "old") is not None


def test_too_many_deletions_are_refused(fake: FakeApi) -> None:
    many = [config(f"map{letter}") for letter in "abcdefghijkl"]
    up(fake, [namespace(), *many])
    with pytest.raises(MooringError, match="12 of 13 objects would be deleted"):
        up(fake, [namespace()])
    assert fake.get("ConfigMap", NAMESPACE, "mapa") is not None


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        pytest.param(Outcome.NO_IMAGE, "pulled", id="an-image-that-is-not-there"),
        pytest.param(Outcome.BAD_IMAGE_NAME, "image", id="a-malformed-image"),
        pytest.param(Outcome.BAD_CONFIGURATION, "api", id="a-missing-key"),
        pytest.param(Outcome.CRASHES, "restarts", id="a-crash-loop"),
        pytest.param(Outcome.OUT_OF_MEMORY, "memory", id="out-of-memory"),
        pytest.param(Outcome.UNSCHEDULABLE, "nodes are available", id="no-node"),
        pytest.param(Outcome.NEVER_READY, "nothing has moved", id="never-ready"),
    ],
)
def test_the_cause_is_named(fake: FakeApi, capsys: Any, outcome: Outcome, words: str) -> None:
    fake.behave("api", Behaviour(outcome=outcome, log="cannot connect"))
    limits = Limits(quiet=0.5, total=20, hold=0)
    assert up(fake, stack(), limits=limits, form="text") == 1
    text = told(capsys)
    assert "failed: Deployment/api" in text
    assert words in text
    assert "failed: Deployment/web" not in text
    assert remembered(fake).journal.revisions[-1].state is State.FAILED


def test_a_failed_migration_stops_what_needs_it(fake: FakeApi, capsys: Any) -> None:
    fake.behave("migrate", Behaviour(outcome=Outcome.FAILS))
    assert up(fake, stack(), form="text") == 1
    assert "failed: Job/migrate" in told(capsys)
    assert fake.get("Deployment", NAMESPACE, "api") is None
    fake.behave("migrate", Behaviour())
    assert up(fake, stack()) == 0, "it runs again, as what failed is no completed migration"


def test_it_goes_on_where_it_failed(fake: FakeApi) -> None:
    fake.behave("web", Behaviour(outcome=Outcome.NO_IMAGE))
    assert up(fake, stack()) == 1
    fake.behave("web", Behaviour())
    fixed = stack()
    fixed[-1] = workload("web", depends_on="api=started", image="shop/web:2")
    assert up(fake, fixed) == 0
    assert fake.runs == {f"{NAMESPACE}/migrate": 1}


def test_a_job_that_removes_itself_is_not_run_again(fake: FakeApi) -> None:
    objects = stack()
    objects[5]["spec"]["ttlSecondsAfterFinished"] = 0
    assert up(fake, objects) == 0
    for _ in range(5):
        fake.controllers.tick()
    assert fake.get("Job", NAMESPACE, "migrate") is None
    assert up(fake, objects) == 0
    changed = [*objects]
    changed[1] = config(LEVEL="debug")
    assert up(fake, changed) == 0
    assert fake.runs == {f"{NAMESPACE}/migrate": 1}


def test_a_job_runs_again_when_that_is_asked_for(fake: FakeApi) -> None:
    objects = stack()
    objects[5]["spec"]["ttlSecondsAfterFinished"] = 0
    up(fake, objects)
    for _ in range(5):
        fake.controllers.tick()
    assert up(fake, objects, again=("migrate",)) == 0
    assert fake.runs == {f"{NAMESPACE}/migrate": 2}


def test_a_selector_that_changes_makes_the_workload_anew(fake: FakeApi) -> None:
    up(fake, [namespace(), workload("web")])
    before = fake.get("Deployment", NAMESPACE, "web")
    other = workload("web")
    labels = {"app.kubernetes.io/name": "web", "tier": "front"}
    other["spec"]["selector"] = {"matchLabels": labels}
    other["spec"]["template"]["metadata"]["labels"] = labels
    assert up(fake, [namespace(), other]) == 0
    after = fake.get("Deployment", NAMESPACE, "web")
    assert before is not None
    assert after is not None
    assert before["metadata"]["uid"] != after["metadata"]["uid"]


def test_a_definition_is_served_before_its_objects_are_written(fake: FakeApi) -> None:
    definition = made(
        "CustomResourceDefinition",
        "widgets.x.io",
        "apiextensions.k8s.io/v1",
        spec={
            "group": "x.io",
            "scope": "Namespaced",
            "names": {"kind": "Widget", "plural": "widgets"},
            "versions": [{"name": "v1", "served": True, "storage": True}],
        },
    )
    fake.store.discovery_lag = 3
    assert up(fake, [namespace(), definition, made("Widget", "one", "x.io/v1")]) == 0


def test_rolling_back_is_the_whole_of_what_was(fake: FakeApi) -> None:
    up(fake, stack())
    before = state(fake)
    changed = [*stack("shop/web:2"), config("new")]
    changed[1] = config(LEVEL="debug", MORE="x")
    changed[2] = secret(PASSWORD="another-password")
    changed[5] = stack()[5]
    assert up(fake, changed) == 0
    assert state(fake) != before
    assert up(fake, stack(), back_to=0) == 0
    assert state(fake) == before
    assert fake.runs == {f"{NAMESPACE}/migrate": 1}
    last = remembered(fake).journal.last
    assert last is not None
    assert last.rolls_back_to == 1


def test_rolling_back_frees_a_stateful_set_that_is_stuck(fake: FakeApi) -> None:
    good = [namespace(), workload("db", "StatefulSet", image="db:1")]
    bad = [namespace(), workload("db", "StatefulSet", image="db:2")]
    up(fake, good)
    fake.behave("db", Behaviour(outcome=Outcome.NO_IMAGE, until_generation=3))
    assert up(fake, bad) == 1
    assert up(fake, good, back_to=0) == 0


def test_down_takes_all_but_the_data(fake: FakeApi) -> None:
    claim = made(
        "PersistentVolumeClaim",
        "data",
        spec={"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}},
    )
    up(fake, [*stack(), claim])
    assert down(fake, stack()) == 0
    left = {name for name in state(fake) if not name.startswith("namespaces//default")}
    assert left == {f"namespaces//{NAMESPACE}", f"persistentvolumeclaims/{NAMESPACE}/data"}
    last = remembered(fake).journal.last
    assert last is not None
    assert last.state is State.TAKEN_DOWN
    assert up(fake, [*stack(), claim]) == 0, "and up again"


def test_down_with_volumes_leaves_nothing(fake: FakeApi) -> None:
    up(fake, stack())
    assert down(fake, stack(), volumes=True) == 0
    for _ in range(10):
        fake.controllers.tick()
    assert [key for key, _ in fake.store.everything() if key.namespace == NAMESPACE] == []


def test_down_takes_what_was_put_up_last_first(fake: FakeApi) -> None:
    up(fake, stack())
    down(fake, stack())
    gone = [entry.key.name for entry in fake.store.history if entry.change == "DELETED"
            and entry.key.plural in ("deployments", "statefulsets")]  # fmt: skip
    assert gone.index("web") < gone.index("api") < gone.index("db")


def test_a_namespace_that_ends_is_waited_for(fake: FakeApi) -> None:
    up(fake, stack())
    fake.behave("never", Behaviour())
    with fake.lock:
        kind, key = fake._named("Namespace", "", NAMESPACE)
        fake.store.delete(kind, key, {})
    assert up(fake, stack()) == 0


def test_two_deployers_at_once_do_not_mix(fake: FakeApi) -> None:
    import asyncio

    fake.behave("db", Behaviour(ready_after=300))
    first, second = InProcess(fake), InProcess(fake)
    turns: list[int] = []
    first._before_write = lambda *_: turns.append(1)
    second._before_write = lambda *_: turns.append(2)

    async def both() -> list[Any]:
        async def late() -> Any:
            await asyncio.sleep(0.05)
            return await deploy(
                second, stack("shop/web:2"), process="2-2", alive=lambda _: True, lease_seconds=0.1
            )

        return await asyncio.gather(
            deploy(first, stack(), alive=lambda _: True), late(), return_exceptions=True
        )

    done, refused = run(fake, both)
    assert done == 0
    assert isinstance(refused, ClusterError)
    assert "tester@here (process 1-1) is deploying here" in str(refused)
    assert 2 not in turns


def test_one_waits_until_the_other_is_done(fake: FakeApi) -> None:
    import asyncio

    fake.behave("db", Behaviour(ready_after=40))
    first, second = InProcess(fake), InProcess(fake)
    turns: list[int] = []
    first._before_write = lambda *_: turns.append(1)
    second._before_write = lambda *_: turns.append(2)

    async def both() -> list[Any]:
        async def late() -> Any:
            await asyncio.sleep(0.05)
            return await deploy(
                second, stack("shop/web:2"), process="2-2", alive=lambda _: True, lease_seconds=20
            )

        return await asyncio.gather(deploy(first, stack(), alive=lambda _: True), late())

    assert run(fake, both) == [0, 0]
    assert turns == sorted(turns), "no write of the second before the last of the first"
    web = fake.get("Deployment", NAMESPACE, "web")
    assert web is not None
    assert web["spec"]["template"]["spec"]["containers"][0]["image"] == "shop/web:2"


def test_who_lost_the_lease_writes_nothing_more(fake: FakeApi) -> None:
    thief = {"holderIdentity": "thief", "leaseDurationSeconds": 30}
    client = InProcess(fake)

    def steal(number: int, verb: str, key: Any) -> None:
        if key.name == "db" and key.plural == "statefulsets":
            fake.edit("Lease", NAMESPACE, "mooring.shop.dev",
                      lambda item: item.update(spec=thief))  # fmt: skip
            journal = fake.get("ConfigMap", NAMESPACE, "mooring.shop.dev")
            assert journal is not None
            fake.edit("ConfigMap", NAMESPACE, "mooring.shop.dev",
                      lambda item: item["data"].update(by="thief"))  # fmt: skip

    client._before_write = steal
    with pytest.raises(ClusterError, match="lost"):
        up(fake, stack(), client=client, limits=QUICK)


def test_an_environment_does_not_take_what_is_another_ones(fake: FakeApi) -> None:
    up(fake, stack())
    with pytest.raises(MooringError, match=r"belongs to the deployment shop\.dev"):
        up(fake, stack(), environment="staging")


@pytest.mark.parametrize(
    "kinds", [{"Deployment"}, {"Pod", "Event", "ReplicaSet"}, {"EndpointSlice"}]
)
def test_who_may_not_list_everything_deploys_all_the_same(fake: FakeApi, kinds: set[str]) -> None:
    client = InProcess(fake)
    client.unwatchable = frozenset(kinds)
    assert up(fake, stack(), client=client) == 0
