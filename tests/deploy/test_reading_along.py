"""What people read while a deployment goes on: lines, and a table."""

import pytest
from tests.deploy.objects import config, ref, wanted, workload

from mooring.deploy import happenings
from mooring.deploy import plan as planning
from mooring.deploy.happenings import Happening
from mooring.deploy.inventory import Inventory
from mooring.deploy.observed import observed
from mooring.deploy.order import order
from mooring.deploy.outcome import Outcome
from mooring.deploy.plan import Action
from mooring.deploy.reconcile import Failure
from mooring.report import deployment_end, deployment_lines, deployment_table
from mooring.report.palette import PLAIN, Palette

WEB = ref("Deployment", "web", "apps/v1")
DB = ref("StatefulSet", "db", "apps/v1")
MAP = ref("ConfigMap", "settings")


@pytest.mark.parametrize(
    ("happening", "line"),
    [
        (happenings.Began(0.0, 3, 9, False), "    0.0 s  begins revision 3"),
        (happenings.Began(0.0, 3, 9, True), "    0.0 s  goes on with revision 3"),
        (happenings.Writing(1.2, WEB, Action.CREATE), "    1.2 s  Deployment/web  is made"),
        (happenings.Writing(1.2, MAP, Action.CREATE), ""),
        (
            happenings.Progress(2.0, WEB, "ready", "", "1 of 1 replicas are ready"),
            "    2.0 s  Deployment/web  ready: 1 of 1 replicas are ready",
        ),
        (happenings.Progress(2.0, WEB, "observed", "LessReady", "0 of 1"), ""),
        (
            happenings.Progress(2.0, WEB, "observed", "LessReady", "0 of 1", "Pod/x: it crashed"),
            "    2.0 s  Deployment/web  Pod/x: it crashed",
        ),
        (happenings.Pruned(5.0, MAP), "    5.0 s  ConfigMap/settings  deleted"),
        (
            happenings.Waiting(9.0, tuple((WEB, str(number)) for number in range(5))),
            "    9.0 s  waits for Deployment/web (0), Deployment/web (1), Deployment/web (2) and 2 "
            "more",
        ),
        (
            happenings.Failed(3.0, WEB, "CrashLoop", "x\x1b[2J", "compose.yaml:4", "web",
                              ("a", "b"), "kubectl logs"),
            "    3.0 s  failed: Deployment/web: x\\x1b[2J (CrashLoop)\n"
            "    from compose.yaml:4\n"
            "    the last lines of web:\n      a\n      b\n"
            "    next: kubectl logs",
        ),
    ],
)  # fmt: skip
def test_lines(happening: Happening, line: str) -> None:
    assert deployment_lines.line(happening) == line


def test_a_table_shows_what_is_open_and_what_it_waits_for() -> None:
    desired = wanted(workload("web", depends_on="db=healthy"), workload("db", "StatefulSet"),
                     config())  # fmt: skip
    graph = order(desired.objects)
    plan = planning.plan(desired, graph, observed([]), Inventory())
    rows = deployment_table.Rows(plan, graph)
    rows.take(happenings.Progress(0.5, MAP, "ready"))
    rows.take(happenings.Writing(1.0, DB, Action.CREATE))
    rows.take(happenings.Progress(2.0, DB, "observed", "LessReady", "0 of 1 replicas are ready"))
    lines = rows.lines(PLAIN, width=100, height=10, at=4.0)
    assert lines[0] == "shop in dev  1 of 3 ready  4.0 s"
    assert lines[1].split() == [
        "StatefulSet/db", "observed", "0", "of", "1", "replicas", "are", "ready", "3.0", "s",
    ]  # fmt: skip
    assert lines[2].split() == ["Deployment/web", "waiting", "for", "StatefulSet/db"]
    assert all(len(line) <= 100 for line in lines)
    rows.take(happenings.Progress(5.0, DB, "ready"))
    assert "for" not in rows.lines(PLAIN, width=100, height=10, at=5.0)[1].split()


def test_a_table_fits_on_the_screen() -> None:
    desired = wanted(*(config(f"map{letter}") for letter in "abcdefghij"))
    graph = order(desired.objects)
    plan = planning.plan(desired, graph, observed([]), Inventory())
    lines = deployment_table.Rows(plan, graph).lines(Palette(), width=60, height=6, at=0.0)
    assert len(lines) == 6
    assert lines[-1] == "  and 6 more"


@pytest.mark.parametrize(
    ("failures", "can_go_back", "words", "absent"),
    [
        pytest.param((), False, "revision 2 is up after 3.0 s", "rollback", id="up"),
        pytest.param(
            (Failure(WEB, "CrashLoop", "x"),), False, "goes on from there", "rollback",
            id="the-first-that-fails-has-nothing-to-go-back-to",
        ),
        pytest.param(
            (Failure(WEB, "CrashLoop", "x"), Failure(DB, "x", "y")), True, "1 object more",
            "is up", id="failed",
        ),
    ],
)  # fmt: skip
def test_the_end(failures: tuple[Failure, ...], can_go_back: bool, words: str, absent: str) -> None:
    outcome = Outcome(revision=2, failures=failures, seconds=3.0, path=((DB, 2.0), (WEB, 0.01)))
    text = deployment_end.text(outcome, "dev", can_go_back=can_go_back)
    assert words in text
    assert absent not in text
    assert ("longest way: StatefulSet/db 2.0 s" in text) == (not failures)
