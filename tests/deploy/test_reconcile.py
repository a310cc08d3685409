"""What comes next: order, gates, failure, quiet, and objects that somebody takes away."""

import pytest
from tests.deploy.objects import config, namespace, ref, service, wanted, workload

from mooring.deploy import plan as planning
from mooring.deploy.inventory import Inventory
from mooring.deploy.observed import observed
from mooring.deploy.order import order
from mooring.deploy.reconcile import Limits, Phase, Run
from mooring.refs import ObjectRef
from mooring.semantics.readiness.verdicts import (
    PAUSED,
    Status,
    Verdict,
    current,
    failed,
    in_progress,
)

APPS = "apps/v1"
DB, API, WEB = (ref("Deployment", name, APPS) for name in ("db", "api", "web"))
CHAIN = (
    workload("db"),
    workload("api", depends_on="db=healthy"),
    workload("web", depends_on="api=started"),
)
LIMITS = Limits()
WAITS = in_progress("LessReady", "0 of 1 replicas are ready")


def run(*objects: object, limits: Limits = LIMITS) -> Run:
    """Return a run in which nothing has happened."""
    desired = wanted(*objects)  # type: ignore[arg-type]
    graph = order(desired.objects)
    plan = planning.plan(desired, graph, observed([]), Inventory())
    return Run(plan.steps, graph, limits, now=0.0)


def write(one: Run, wanted_ref: ObjectRef, now: float = 0.0) -> None:
    """Let an object be written."""
    one.begin(wanted_ref, now)
    one.written(wanted_ref, uid=f"uid-{wanted_ref.name}", generation=1, now=now)


def judge(
    one: Run, wanted_ref: ObjectRef, verdict: Verdict, *, started: bool = False, now: float = 1.0
) -> None:
    """Let an object be seen."""
    one.judged(wanted_ref, verdict, is_started=started, shape=verdict.message, now=now)


def test_each_starts_when_its_own_parents_have_passed_their_gates() -> None:
    one = run(*CHAIN)
    assert one.startable() == (DB,)
    write(one, DB)
    assert one.startable() == ()
    judge(one, DB, WAITS, started=True)
    assert one.startable() == (), "the api needs it to be healthy"
    judge(one, DB, current())
    assert one.startable() == (API,)
    write(one, API)
    judge(one, API, WAITS, started=True)
    assert one.startable() == (WEB,), "the web needs it to be started only"
    write(one, WEB)
    judge(one, WEB, current())
    assert not one.is_done
    judge(one, API, current())
    assert one.is_done


def test_what_does_not_wait_goes_at_once() -> None:
    one = run(config("a"), config("b"), workload("free"))
    assert len(one.startable()) == 3


def test_after_a_failure_nothing_new_is_started() -> None:
    one = run(*CHAIN, workload("other"))
    one.startable()
    write(one, DB)
    judge(one, DB, failed("CrashLoop", "it ended with status 1"))
    assert one.startable() == ()
    assert [(each.ref, each.reason) for each in one.failures] == [(DB, "CrashLoop")]
    one.hold_back()
    assert one.nodes[WEB].phase is Phase.HELD


def test_a_status_counts_only_for_what_was_written() -> None:
    one = run(workload("db"))
    one.startable()
    one.begin(DB, 0.0)
    one.written(DB, uid="new", generation=4, now=0.0)
    assert one.counts(DB, uid="new", generation=4)
    assert not one.counts(DB, uid="new", generation=3), "an older list"
    assert not one.counts(DB, uid="old", generation=9), "another object of the name"


@pytest.mark.parametrize(
    ("shapes", "fails"),
    [
        pytest.param(["a", "a", "a"], True, id="nothing-moves"),
        pytest.param(["a", "b", "c"], False, id="something-moves"),
    ],
)
def test_quiet_is_what_times_out(shapes: list[str], fails: bool) -> None:
    one = run(workload("db"), limits=Limits(quiet=10))
    one.startable()
    write(one, DB)
    for number, shape in enumerate(shapes):
        one.judged(DB, WAITS, is_started=True, shape=shape, now=number * 6.0)
        one.tick(number * 6.0 + 5)
    assert bool(one.failures) is fails
    if fails:
        assert one.failures[0].reason == "Quiet"
        assert "0 of 1 replicas are ready" in one.failures[0].message


def test_everything_has_an_end() -> None:
    one = run(workload("db"), limits=Limits(quiet=1000, total=20))
    one.startable()
    write(one, DB)
    for number in range(5):
        one.judged(DB, WAITS, is_started=True, shape=number, now=number * 6.0)
        one.tick(number * 6.0)
    assert one.failures[0].reason == "Timeout"


def test_what_is_paused_is_not_waited_for_unless_somebody_needs_it() -> None:
    paused = in_progress(PAUSED, "the rollout is paused")
    alone = run(workload("db"))
    alone.startable()
    write(alone, DB)
    judge(alone, DB, paused)
    assert alone.is_done
    needed = run(*CHAIN)
    needed.startable()
    write(needed, DB)
    judge(needed, DB, paused)
    needed.tick(2.0)
    assert needed.failures[0].ref == API
    assert "Deployment/shop-dev/db, which is paused" in needed.failures[0].message


def test_what_somebody_deletes_is_written_again_and_not_for_ever() -> None:
    one = run(workload("db"))
    for _ in range(2):
        assert one.startable() == (DB,)
        write(one, DB)
        assert one.vanished(DB, 1.0)
    assert one.startable() == (DB,)
    write(one, DB)
    assert not one.vanished(DB, 1.0)
    assert one.failures[0].reason == "Deleted"


@pytest.mark.parametrize(
    ("patience", "quiet", "reason"),
    [
        pytest.param(5.0, 6.0, "RegistryUnknown", id="longer-than-it-is-worth"),
        pytest.param(5.0, 4.0, None, id="not-yet"),
        pytest.param(None, 6.0, None, id="as-patient-as-with-anything"),
        pytest.param(500.0, 101.0, "Quiet", id="no-longer-than-with-anything"),
    ],
)
def test_some_trouble_is_not_worth_the_whole_patience(
    patience: float | None, quiet: float, reason: str | None
) -> None:
    one = run(workload("db"), limits=Limits(quiet=100))
    one.startable()
    write(one, DB)
    doubt = Verdict(Status.IN_PROGRESS, "RegistryUnknown", "", "no host", patience_seconds=patience)
    judge(one, DB, doubt)
    one.tick(1.0 + quiet)
    assert [each.reason for each in one.failures] == ([reason] if reason else [])


def test_who_waits_for_what() -> None:
    one = run(*CHAIN)
    assert one.waits_for(API) == (DB,)
    assert one.has_unready_dependency(API)
    one.startable()
    write(one, DB)
    judge(one, DB, current())
    assert one.waits_for(API) == ()
    assert not one.has_unready_dependency(API)


def test_the_longest_way_goes_over_whom_each_waited_for_last() -> None:
    one = run(namespace(), *CHAIN, service("web"), config("quick"))
    clock = 0.0
    while not one.is_done:
        for each in one.startable():
            write(one, each, clock)
            took = 5.0 if each.kind == "Deployment" else 0.0
            judge(one, each, WAITS, started=True, now=clock + took / 2)
            judge(one, each, current(), now=clock + took)
        clock += 5.0
    path = [each.name for each, _ in one.critical_path()]
    assert path[-3:] == ["db", "api", "web"] or path[-2:] == ["db", "api"]
    assert path[0] == "shop-dev"


def test_what_is_lost_more_often_than_it_may_be_has_failed() -> None:
    one = run(workload("db"))
    one.startable()
    write(one, DB)
    judge(one, DB, current())
    for number in (1, 2):
        judge(one, DB, WAITS)
        one.lost(DB, 2, 2.0)
        assert not one.failures, number
        judge(one, DB, current())
        assert one.is_done
    judge(one, DB, WAITS)
    one.lost(DB, 2, 3.0)
    (failure,) = one.failures
    assert failure.reason == "Unstable"
    assert "loss number 3" in failure.message
    assert WAITS.message in failure.message
    assert not one.is_done
