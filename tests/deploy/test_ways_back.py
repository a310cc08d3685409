"""Migrations on the way back: undone where they say how, asked about where they do not."""

import json
from typing import Any

import pytest
from tests.deploy.deploying import QUICK, given, holder, remembered, run, up
from tests.deploy.in_process import InProcess
from tests.deploy.objects import (
    NAMESPACE,
    Manifest,
    config,
    namespace,
    service,
    wanted,
    workload,
)
from tests.fake_api import Behaviour, FakeApi, Outcome

from mooring.cli import rollback
from mooring.cli.deploying import session
from mooring.cli.deploying.deployment import Deployment
from mooring.cli.invocation import Invocation
from mooring.deploy import ways_back
from mooring.deploy.inventory import Entry, Inventory
from mooring.deploy.journal import Revision, State
from mooring.deploy.order import Gate, order
from mooring.deploy.plan import Options, fingerprint
from mooring.kube.labels import WAY_BACK
from mooring.refs import ObjectRef

BACK = json.dumps({"args": ["downgrade", "-1"]})


def migration(number: int, *, says_how: bool = True, image: str = "") -> Manifest:
    notes = {WAY_BACK: BACK} if says_how else {}
    return workload(
        f"migrate-{number}",
        "Job",
        depends_on="db=healthy",
        image=image or f"shop/api:{number}",
        annotations=notes,
    )


def stack(number: int, *, says_how: bool = True) -> list[Manifest]:
    """Return the stack of the version ``number``, with a migration of its own."""
    return [
        namespace(),
        config(VERSION=str(number)),
        service("db"),
        workload("db", "StatefulSet"),
        migration(number, says_how=says_how),
        workload("api", depends_on=f"migrate-{number}=completed", image=f"shop/api:{number}"),
    ]


@pytest.fixture
def fake() -> FakeApi:
    """A cluster in which nothing is."""
    return FakeApi(tick_seconds=None)


def back(fake: FakeApi, *, over: bool = False, **client: Any) -> Any:
    """Go back to the last verified revision as the command does."""

    async def work() -> int:
        one = InProcess(fake, **client)
        now = await session.session(one, given(stack(9)), namespace=NAMESPACE)
        found = rollback.target(now.memory.journal, None)
        assert found is not None
        manifests = await rollback._objects(now, found, over_migrations=over)
        there = await session.session(one, given([]), namespace=NAMESPACE, manifests=manifests)
        return await Deployment(
            Invocation(["rollback"]),
            there,
            Options(prune_limit=1000),
            QUICK,
            restarts=3,
            lease_seconds=5,
            form="json",
            is_agreed=True,
            what="back",
            rolls_back_to=found.number,
            identity=(holder(), lambda _: False),
        ).whole()

    return run(fake, work)


def jobs(fake: FakeApi) -> list[str]:
    """Return the Jobs in the order in which they were made."""
    return [
        entry.key.name
        for entry in fake.store.history
        if entry.change == "ADDED" and entry.key.plural == "jobs"
    ]


def test_a_migration_is_undone_before_anything_else_is_written(fake: FakeApi) -> None:
    assert up(fake, stack(1)) == 0
    assert up(fake, stack(2)) == 0
    before = len(fake.store.history)
    assert back(fake) == 0
    assert jobs(fake) == ["migrate-1", "migrate-2", "migrate-2-back-3"]
    written = [
        (entry.key.plural, entry.key.name)
        for entry in fake.store.history[before:]
        if entry.change in ("ADDED", "MODIFIED", "DELETED")
        and entry.key.plural in ("jobs", "configmaps", "deployments")
        and not entry.key.name.startswith("mooring.")
    ]
    ended = written.index(("jobs", "migrate-2"))
    assert written[0] == ("jobs", "migrate-2-back-3")
    assert ended < written.index(("configmaps", "settings"))
    assert ended < written.index(("deployments", "api"))
    assert fake.get("Job", NAMESPACE, "migrate-2") is None


def test_what_was_undone_is_done_again_on_the_way_forward(fake: FakeApi) -> None:
    up(fake, stack(1))
    up(fake, stack(2))
    back(fake)
    assert up(fake, stack(2)) == 0
    assert fake.runs[f"{NAMESPACE}/migrate-2"] == 2
    assert back(fake) == 0
    assert fake.runs[f"{NAMESPACE}/migrate-2-back-5"] == 1


def _two_versions() -> FakeApi:
    fake = FakeApi(tick_seconds=None)
    up(fake, stack(1))
    up(fake, stack(2))
    return fake


def test_a_way_back_runs_once_wherever_the_process_ends() -> None:
    fake = _two_versions()
    before = fake.saved()
    for point in range(1, _writes(fake) + 1):
        for after in (False, True):
            fake.restore(before)
            back(fake, kill_at=point, after=after)
            if not _is_back(fake):
                assert back(fake) == 0, (point, after)
            assert _is_back(fake), (point, after)
            made = [name for name in jobs(fake) if "back" in name]
            assert len(made) == 1, (point, after, made)
            assert fake.runs[f"{NAMESPACE}/{made[0]}"] == 1
            assert fake.get("Job", NAMESPACE, "migrate-2") is None


def _is_back(fake: FakeApi) -> bool:
    last = remembered(fake).journal.last
    return last is not None and (last.state, last.rolls_back_to) == (State.VERIFIED, 1)


def _writes(fake: FakeApi) -> int:
    client = InProcess(fake)

    async def work() -> int:
        now = await session.session(client, given(stack(9)), namespace=NAMESPACE)
        found = rollback.target(now.memory.journal, None)
        assert found is not None
        manifests = await rollback._objects(now, found, over_migrations=False)
        there = await session.session(client, given([]), namespace=NAMESPACE, manifests=manifests)
        return await Deployment(
            Invocation(["rollback"]), there, Options(prune_limit=1000), QUICK, restarts=3,
            lease_seconds=5, form="json", is_agreed=True, what="back",
            rolls_back_to=found.number, identity=(holder(), lambda _: False),
        ).whole()  # fmt: skip

    run(fake, work)
    return len(client.writes)


def test_a_way_back_that_fails_leaves_the_newer_version_up(fake: FakeApi) -> None:
    up(fake, stack(1))
    up(fake, stack(2))
    fake.behave("migrate-2-back-3", Behaviour(outcome=Outcome.NO_IMAGE))
    assert back(fake) == 1
    live = fake.get("Deployment", NAMESPACE, "api")
    assert live is not None
    (container,) = live["spec"]["template"]["spec"]["containers"]
    assert container["image"] == "shop/api:2"
    assert back(fake) == 0, "once it is mended it is tried anew"
    assert [name for name in jobs(fake) if "back" in name] == [
        "migrate-2-back-3", "migrate-2-back-4",
    ]  # fmt: skip


def test_who_does_not_say_how_is_asked_about(fake: FakeApi) -> None:
    up(fake, stack(1))
    up(fake, stack(2, says_how=False))
    with pytest.raises(rollback.MigrationsBetween, match="migrate-2") as caught:
        back(fake)
    assert "way_back" in str(caught.value.remedy)
    assert back(fake, over=True) == 0
    assert not [name for name in jobs(fake) if "back" in name]


# The decision.


def _done(*objects: Manifest) -> Inventory:
    inventory = Inventory()
    for manifest in objects:
        (item,) = wanted(manifest).objects
        digest = fingerprint(item.manifest, item.ref)
        inventory = inventory.with_applied([Entry(item.ref, "uid", digest)])
        inventory = inventory.with_done(item.ref, digest)
    return inventory


def _revision(
    number: int, *objects: Manifest, rolls_back_to: int = 0
) -> tuple[Revision, list[Any]]:
    found = [item.manifest for item in wanted(*objects).objects]
    revision = Revision(
        number=number,
        digest="d",
        state=State.VERIFIED,
        started="t",
        by="ann",
        jobs=tuple(one["metadata"]["name"] for one in found if one["kind"] == "Job"),
        rolls_back_to=rolls_back_to,
    )
    return revision, found


ONE, TWO, THREE = migration(1), migration(2), migration(3)
OTHER_TWO = migration(2, image="shop/api:3")


def test_the_newest_is_undone_first() -> None:
    history = [_revision(1, ONE), _revision(2, ONE, TWO), _revision(3, ONE, TWO, THREE)]
    found = ways_back.back(history, history[0][0], _done(ONE, TWO, THREE), number=4)
    assert found.told == (
        ("migrate-3-back-4", "migrate-3"),
        ("migrate-2-back-4", "migrate-2"),
    )
    container = found.jobs[0]["spec"]["template"]["spec"]["containers"][0]
    assert (container["args"], container["image"]) == (["downgrade", "-1"], "shop/api:3")


def _way_back(of: Manifest, number: int) -> Manifest:
    history = [_revision(1), _revision(2, of)]
    (made,) = ways_back.back(history, history[0][0], _done(of), number=number).jobs
    return made


@pytest.mark.parametrize(
    ("later", "inventory", "told"),
    [
        pytest.param([_revision(2, ONE)], _done(ONE), ([], []), id="the-same-job"),
        pytest.param(
            [_revision(2, OTHER_TWO)], _done(ONE, TWO, OTHER_TWO), (["migrate-2"], []),
            id="the-same-name-and-another-image",
        ),
        pytest.param(
            [_revision(2, TWO)], _done(ONE), ([], ["migrate-2"]), id="nothing-is-known-of-it"
        ),
        pytest.param(
            [_revision(2, TWO)],
            _done(ONE).with_planned([ObjectRef("batch/v1", "Job", "migrate-2", NAMESPACE)]),
            ([], []), id="it-was-never-written",
        ),
        pytest.param(
            [_revision(2, TWO), _revision(3, _way_back(TWO, 3), ONE, rolls_back_to=1)],
            _done(ONE, _way_back(TWO, 3)), ([], []), id="it-was-undone-already",
        ),
        pytest.param(
            [_revision(2, TWO), _revision(3, _way_back(TWO, 3), ONE, rolls_back_to=1),
             _revision(4, TWO)],
            _done(ONE, _way_back(TWO, 3), TWO), (["migrate-2"], []),
            id="it-was-undone-and-done-again",
        ),
        pytest.param(
            [_revision(2, TWO), _revision(3, _way_back(TWO, 3), ONE, rolls_back_to=1)],
            _done(ONE, TWO), (["migrate-2"], []), id="its-way-back-failed",
        ),
    ],
)  # fmt: skip
def test_what_is_undone(
    later: list[tuple[Revision, list[Any]]], inventory: Inventory, told: tuple[list[str], list[str]]
) -> None:
    first = _revision(1, ONE)
    found = ways_back.back([first, *later], first[0], inventory, number=9)
    assert ([name for _, name in found.told], list(found.left)) == told


def test_what_ran_before_stays_when_one_goes_back_to_a_rollback() -> None:
    back_to_one = _revision(3, _way_back(TWO, 3), ONE, rolls_back_to=1)
    history = [_revision(1, ONE), _revision(2, TWO), back_to_one, _revision(4, TWO)]
    inventory = _done(ONE, _way_back(TWO, 3), TWO)
    assert ways_back.back(history, back_to_one[0], inventory, number=5).told == (
        ("migrate-2-back-5", "migrate-2"),
    )


def test_objects_that_are_not_kept_are_asked_about_by_name() -> None:
    revision, _ = _revision(2, TWO)
    first = _revision(1, ONE)
    found = ways_back.back([first, (revision, None)], first[0], Inventory(), number=3)
    assert (found.jobs, found.left) == ((), ("migrate-2",))


def test_how_a_job_is_undone_is_no_part_of_what_it_does() -> None:
    one, other = wanted(migration(2)).objects, wanted(migration(2, says_how=False)).objects
    (says,), (silent,) = list(one), list(other)
    assert fingerprint(says.manifest, says.ref) == fingerprint(silent.manifest, silent.ref)


def test_everything_waits_for_the_ways_back_and_they_for_nothing_there() -> None:
    job = _way_back(TWO, 3)
    objects = wanted(namespace(), job, config(), workload("db", "StatefulSet")).objects
    graph = ways_back.first(order(objects), objects)
    way = ObjectRef("batch/v1", "Job", "migrate-2-back-3", NAMESPACE)
    assert list(graph.parents)[:2] == [ObjectRef("v1", "Namespace", NAMESPACE), way]
    others = [ref for ref in graph.parents if ref.kind not in ("Namespace", "Job")]
    assert {graph.parents[ref][way] for ref in others} == {Gate.READY}
