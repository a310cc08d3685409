"""CronJobs: when a task runs, for how long, and what is kept of it."""

import pytest
from tests.generate.support import DEV, application, around, plain, task, workload

from mooring.app.schedule import Overlap, Schedule
from mooring.generate.admission import namespace_labels
from mooring.generate.cron_jobs import cron_job
from mooring.generate.objects import objects

NIGHTLY = Schedule(
    line="30 2 * * *", time_zone="Europe/Berlin", overlap=Overlap.SKIP, late_seconds=3600
)


def test_the_clock_says_all_of_itself() -> None:
    tidy = task("tidy", retries=2, deadline_seconds=600, schedule=NIGHTLY)
    spec = plain(cron_job(tidy, NIGHTLY, around(tidy)))["spec"]
    job = spec.pop("jobTemplate")
    assert spec == {
        "schedule": "30 2 * * *",
        "timeZone": "Europe/Berlin",
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 3600,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 3,
    }
    assert job["spec"]["backoffLimit"] == 2
    assert job["spec"]["activeDeadlineSeconds"] == 600
    assert job["spec"]["template"]["spec"]["restartPolicy"] == "Never"


@pytest.mark.parametrize(
    ("overlap", "policy"),
    [
        pytest.param(Overlap.ALLOW, "Allow", id="beside-it"),
        pytest.param(Overlap.SKIP, "Forbid", id="left-out"),
        pytest.param(Overlap.REPLACE, "Replace", id="in-its-place"),
    ],
)
def test_what_becomes_of_a_run_while_the_last_one_goes_on(overlap: Overlap, policy: str) -> None:
    schedule = Schedule(line="@daily", time_zone="Etc/UTC", overlap=overlap, late_seconds=300)
    tidy = task("tidy", schedule=schedule)
    made = cron_job(tidy, schedule, around(tidy))
    assert made.spec.concurrency_policy == policy


def test_a_long_name_leaves_room_for_what_the_controller_adds() -> None:
    tidy = task("tidy-" + "x" * 57, schedule=NIGHTLY)
    assert len(cron_job(tidy, NIGHTLY, around(tidy)).metadata.name) == 52


def test_its_name_does_not_change_with_its_content() -> None:
    shop = application(task("tidy", schedule=NIGHTLY), task("migrate"))
    named = {item.kind: item.metadata.name for item in objects(shop, DEV)}
    assert named["CronJob"] == "tidy"
    assert named["Job"].startswith("migrate-")


def test_no_service_leads_to_its_pods() -> None:
    shop = application(workload("web"), task("web-tidy", schedule=NIGHTLY))
    made = list(objects(shop, DEV))
    service = next(item for item in made if item.kind == "Service")
    job = next(item for item in made if item.kind == "CronJob")
    template = plain(job)["spec"]["jobTemplate"]["spec"]["template"]
    selector = plain(service)["spec"]["selector"]
    assert not selector.items() <= template["metadata"]["labels"].items()


def test_its_pods_count_where_the_namespace_admits_pods() -> None:
    tidy = task("tidy", schedule=NIGHTLY)
    labels = namespace_labels([cron_job(tidy, NIGHTLY, around(tidy))])
    assert labels["pod-security.kubernetes.io/enforce"] == "baseline"
