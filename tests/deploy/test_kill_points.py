"""
The process ends before and after every single write; the next run makes the same of it.

Every point, not a sample: a first deployment of thirty objects, and one that changes, makes anew
and deletes some of them.
"""

from typing import Any

import pytest
from tests.deploy.deploying import deploy, remembered, run, state, up
from tests.deploy.in_process import InProcess
from tests.deploy.objects import (
    NAMESPACE,
    Manifest,
    config,
    namespace,
    published,
    selecting_otherwise,
    service,
    surroundings,
    workload,
)
from tests.fake_api import FakeApi

from mooring.deploy.journal import State

pytestmark = pytest.mark.long


def first() -> list[Manifest]:
    """Return thirty objects: two databases, two migrations, four workloads, what they need."""
    found = [
        namespace(),
        *surroundings("abcdefgh"),
        *(service(name) for name in ("db", "cache", "api", "web", "worker", "mail")),
        *(workload(name, "StatefulSet") for name in ("db", "cache")),
        workload("migrate", "Job", depends_on="db=healthy"),
        workload("seed", "Job", depends_on="migrate=completed"),
        workload("api", depends_on="seed=completed,cache=healthy"),
        workload("web", depends_on="api=started"),
        workload("worker", depends_on="migrate=completed"),
        workload("mail"),
        *published("web"),
    ]
    assert len(found) == 30
    return found


def second() -> list[Manifest]:
    """Return them with one changed, one made anew, one new and two no longer wanted."""
    found = [one for one in first() if one["metadata"]["name"] not in ("settings-h", "mail")]
    at = {(one["kind"], one["metadata"]["name"]): number for number, one in enumerate(found)}
    found[at["ConfigMap", "settings-a"]] = config("settings-a", LEVEL="debug")
    found[at["Deployment", "web"]] = workload("web", depends_on="api=started", image="shop/web:2")
    other = workload("worker", depends_on="migrate=completed")
    found[at["Deployment", "worker"]] = selecting_otherwise(other)
    return [*found, config("settings-new")]


def _cluster(*before: list[Manifest]) -> FakeApi:
    fake = FakeApi(tick_seconds=None)
    for manifests in before:
        assert up(fake, manifests) == 0
    return fake


def _expected(*stages: list[Manifest]) -> tuple[Any, int]:
    """Return the state after ``stages``, and how many writes the last of them takes."""
    fake = _cluster(*stages[:-1])
    client = InProcess(fake)
    assert up(fake, stages[-1], client=client) == 0
    return state(fake), len(client.writes)


@pytest.mark.parametrize(
    "stages",
    [
        pytest.param((first(),), id="a-first-deployment"),
        pytest.param((first(), second()), id="a-deployment-that-changes-and-deletes"),
    ],
)
def test_ending_at_any_write_loses_nothing(stages: tuple[list[Manifest], ...], capsys: Any) -> None:
    wanted, count = _expected(*stages)
    assert count >= len(stages[-1]) if len(stages) == 1 else count > 10
    # Controllers and tasks interleave as they like, so a run may take a write more.
    for number in range(1, count + 1):
        for after in (False, True):
            fake = _cluster(*stages[:-1])
            killed = InProcess(fake, kill_at=number, after=after)
            up(fake, stages[-1], client=killed)
            where = f"{'after' if after else 'before'} write {number}: {killed.writes[-1]}"
            held = _records(fake)
            assert _orphans(fake, held) == set(), f"lost from the inventory {where}"
            assert up(fake, stages[-1], process="2-2") == 0, where
            assert state(fake) == wanted, where
            assert fake.runs == {f"{NAMESPACE}/migrate": 1, f"{NAMESPACE}/seed": 1}, where
            journal = remembered(fake).journal
            assert journal.revisions[-1].state is State.VERIFIED, where
            assert journal.interrupted is None, where
            assert _orphans(fake, _records(fake)) == set(), where
            capsys.readouterr()


def _records(fake: FakeApi) -> set[tuple[str, str]]:
    return {(ref.kind, ref.name) for ref in
            (entry.ref for entry in remembered(fake).inventory.entries.values())}  # fmt: skip


def _orphans(fake: FakeApi, known: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return what we applied and do not know of."""
    found = set()
    for key, item in fake.store.everything():
        managers = {one["manager"] for one in item["metadata"].get("managedFields") or ()}
        is_record = key.name.startswith("mooring.") or key.plural == "namespaces"
        if "mooring" in managers and not is_record:
            found.add((item["kind"], key.name))
    return found - known


def test_ending_while_a_rollback_goes_on_loses_nothing(capsys: Any) -> None:
    fake = _cluster(first())
    wanted = state(fake)
    up(fake, second())
    client = InProcess(fake)
    assert up(fake, second(), client=client, back_to=0) == 0
    assert state(fake) == wanted
    for number in range(1, len(client.writes) + 1, 2):
        fake = _cluster(first(), second())
        killed = InProcess(fake, kill_at=number, after=number % 4 == 1)
        run(fake, lambda killed=killed: deploy(killed, second(), back_to=1))
        assert up(fake, second(), back_to=1, process="2-2") == 0
        assert state(fake) == wanted
        assert fake.runs == {f"{NAMESPACE}/migrate": 1, f"{NAMESPACE}/seed": 1}
        capsys.readouterr()
