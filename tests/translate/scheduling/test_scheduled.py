"""Jobs by the clock: what each label of a scheduler becomes in a whole project."""

import textwrap
from pathlib import Path

import pytest
from tests.translate.whole import container, decided, part, rules, translation

from mooring.accounting import Outcome
from mooring.app.schedule import Overlap, Schedule
from mooring.app.workloads import Task, Workload
from mooring.sensitive import Sensitive
from mooring.settings.choices import Choices, Kind, ServiceChoices
from mooring.settings.choices import Overlap as ChosenOverlap
from mooring.translate.project import Translation

SCHEDULER = """\
  ofelia:
    image: mcuadros/ofelia:0.3
    command: daemon --docker
    environment: {TZ: Europe/Berlin}
    volumes: ["/var/run/docker.sock:/var/run/docker.sock:ro"]
    labels:
      ofelia.enabled: "true"
      ofelia.service: "true"
"""


def stack(services: str, *, more: str = "") -> str:
    return (
        "services:\n" + textwrap.indent(textwrap.dedent(services), "  ") + SCHEDULER + more + "\n"
        "volumes: {files: }\n"
    )


WEB = """\
web:
  image: registry.example.com/web:1
  user: "1000"
  environment: {MODE: live}
  volumes: [files:/files]
  ports: ["80:8000"]
  restart: always
  depends_on: [ofelia]
  labels:
    ofelia.enabled: "true"
    ofelia.job-exec.tidy.schedule: "0 30 2 * * *"
    ofelia.job-exec.tidy.command: "bin/tidy --all 'two words'"
"""


def clock(made: Translation, name: str) -> Schedule:
    found = part(made, name)
    assert isinstance(found, Task)
    assert found.schedule is not None
    return found.schedule


def names(made: Translation) -> list[str]:
    return [one.name for one in made.application.parts]


def fate(made: Translation, *path: str) -> Outcome:
    return next(one.outcome for one in made.ledger.entries if one.path == path)


def test_what_is_executed_in_a_container_runs_in_a_pod_like_it(tmp_path: Path) -> None:
    made = translation(tmp_path, stack(WEB))
    assert clock(made, "web-tidy") == Schedule(
        line="30 2 * * *", time_zone="Europe/Berlin", overlap=Overlap.SKIP, late_seconds=3600
    )
    job, web = container(made, "web-tidy"), container(made, "web")
    assert job.image.reference == web.image.reference
    assert job.process.entrypoint == ("bin/tidy", "--all", "two words")
    assert job.process.arguments is None
    assert [(one.name, one.value) for one in job.settings] == [("MODE", "live")]
    assert [one.path for one in job.storage] == ["/files"]
    assert job.storage[0].storage == web.storage[0].storage
    assert job.security.user == web.security.user == 1000
    assert job.endpoints == ()
    assert part(made, "web-tidy").dependencies == ()


def test_a_scheduler_without_work_is_left_out(tmp_path: Path) -> None:
    made = translation(tmp_path, stack(WEB))
    assert names(made) == ["web", "web-tidy"]
    assert "left out" in decided(made, "kind")["services.ofelia"]
    assert "right-refused" not in rules(made)


def test_a_scheduler_that_is_to_go_on_does(tmp_path: Path) -> None:
    choices = Choices(services={"ofelia": ServiceChoices(kind=Kind.WORKLOAD)})
    made = translation(tmp_path, stack(WEB), choices=choices)
    assert names(made) == ["web", "ofelia", "web-tidy"]


@pytest.mark.parametrize(
    ("label", "outcome"),
    [
        pytest.param("ofelia.job-exec.tidy.schedule", Outcome.CARRIED, id="a-line-in-full-minutes"),
        pytest.param("ofelia.job-exec.tidy.command", Outcome.CARRIED, id="a-command"),
        pytest.param("ofelia.enabled", Outcome.CARRIED, id="that-it-has-jobs"),
    ],
)
def test_every_label_is_accounted_for(tmp_path: Path, label: str, outcome: Outcome) -> None:
    assert fate(translation(tmp_path, stack(WEB)), "services", "web", "labels", label) is outcome


def test_a_service_that_the_scheduler_passes_over_has_no_jobs(tmp_path: Path) -> None:
    made = translation(tmp_path, stack(WEB.replace('ofelia.enabled: "true"', "team: shop")))
    assert "web-tidy" not in names(made)
    assert "ofelia" in names(made)
    label = ("services", "web", "labels", "ofelia.job-exec.tidy.command")
    assert fate(made, *label) is Outcome.DROPPED
    assert "job-of-scheduler-not-run" not in rules(made)


def test_a_schedule_that_no_clock_says_is_a_finding_and_keeps_the_scheduler(tmp_path: Path) -> None:
    made = translation(tmp_path, stack(WEB.replace("0 30 2 * * *", "@reboot")))
    assert "web-tidy" not in names(made)
    assert "ofelia" in names(made)
    assert "job-of-scheduler-not-run" in rules(made)


def test_what_ran_several_times_a_minute_is_a_finding(tmp_path: Path) -> None:
    made = translation(tmp_path, stack(WEB.replace("0 30 2 * * *", "@every 10s")))
    assert clock(made, "web-tidy").line == "* * * * *"
    assert "runs-less-often" in rules(made)


def test_a_word_of_the_user_counts_more_than_a_label(tmp_path: Path) -> None:
    choices = Choices(
        services={
            "web-tidy": ServiceChoices(
                schedule="0 5 * * *", time_zone="Asia/Tokyo", overlap=ChosenOverlap.ALLOW
            )
        }
    )
    made = translation(tmp_path, stack(WEB), choices=choices)
    found = clock(made, "web-tidy")
    assert (found.line, found.time_zone, found.overlap) == (
        "0 5 * * *",
        "Asia/Tokyo",
        Overlap.ALLOW,
    )


def test_a_job_that_the_user_does_not_want_is_not_made(tmp_path: Path) -> None:
    choices = Choices(services={"web-tidy": ServiceChoices(schedule="none")})
    made = translation(tmp_path, stack(WEB), choices=choices)
    assert "web-tidy" not in names(made)
    assert "job-of-scheduler-not-run" not in rules(made)


def test_what_is_settled_for_a_service_counts_for_its_jobs(tmp_path: Path) -> None:
    choices = Choices(services={"web": ServiceChoices(user="4000")})
    made = translation(tmp_path, stack(WEB), choices=choices)
    assert container(made, "web-tidy").security.user == 4000


DATABASE = """\
db:
  image: postgres:16
  environment: {POSTGRES_PASSWORD: dk2LLqP9w0, POSTGRES_DB: shop}
  volumes: [files:/var/lib/postgresql/data, ./dumps:/dumps]
  labels:
    ofelia.enabled: "true"
    ofelia.job-exec.db-dump.schedule: "@daily"
    ofelia.job-exec.db-dump.command: sh -c 'pg_dump -U postgres shop > /dumps/shop.sql'
"""


def test_a_dump_dials_the_server_and_leaves_its_files_alone(tmp_path: Path) -> None:
    made = translation(tmp_path, stack(DATABASE))
    job = container(made, "db-dump")
    assert job.process.entrypoint == (
        "sh",
        "-c",
        "pg_dump -h db -U postgres shop > /dumps/shop.sql",
    )
    assert [one.path for one in job.storage if one.path.startswith("/var/lib")] == []
    assert "/dumps" in [one.path for one in job.storage]
    password = next(one.value for one in job.settings if one.name == "PGPASSWORD")
    assert isinstance(password, Sensitive)
    assert password.reveal() == "dk2LLqP9w0"
    server = part(made, "db")
    assert isinstance(server, Workload)
    assert server.keeps_state
    assert job.security.native_user == 999


def test_a_command_that_asks_a_store_by_other_means_is_a_finding(tmp_path: Path) -> None:
    services = DATABASE.replace("sh -c 'pg_dump -U postgres shop > /dumps/shop.sql'", "bin/dump")
    assert "job-away-from-its-server" in rules(translation(tmp_path, stack(services)))


RUN = """\
      ofelia.job-run.clean.schedule: "@hourly"
      ofelia.job-run.clean.image: alpine:3.20
      ofelia.job-run.clean.command: "find /files -delete"
      ofelia.job-run.clean.volume: '["shop_files:/files", "/etc/hosts:/h:ro"]'
      ofelia.job-run.clean.environment: '["A=1", "B=2=3"]'
      ofelia.job-run.clean.user: "1000"
"""


def test_what_runs_in_a_new_container_runs_in_a_pod(tmp_path: Path) -> None:
    made = translation(tmp_path, stack(WEB, more=RUN))
    job, web = container(made, "clean"), container(made, "web")
    assert job.image.reference == "alpine:3.20"
    assert job.process.arguments == ("find", "/files", "-delete")
    assert job.process.entrypoint is None
    assert job.security.user == 1000
    assert [(one.name, one.value) for one in job.settings] == [("A", "1"), ("B", "2=3")]
    files = next(one for one in job.storage if one.path == "/files")
    assert files.storage == web.storage[0].storage
    assert clock(made, "clean").line == "@hourly"
    assert names(made) == ["web", "web-tidy", "clean"]


def test_a_volume_that_the_stack_does_not_define_is_a_finding(tmp_path: Path) -> None:
    more = RUN.replace("shop_files", "elsewhere")
    assert "job-of-scheduler-not-run" in rules(translation(tmp_path, stack(WEB, more=more)))


def test_the_container_of_a_service_that_is_started_is_that_service(tmp_path: Path) -> None:
    more = (
        '      ofelia.job-run.again.schedule: "@weekly"\n'
        "      ofelia.job-run.again.container: importer\n"
        "  import:\n    image: registry.example.com/import:2\n    container_name: importer\n"
    )
    made = translation(tmp_path, stack(WEB, more=more))
    assert clock(made, "import").line == "@weekly"
    assert names(made) == ["web", "import", "web-tidy"]


@pytest.mark.parametrize(
    ("command", "runs"),
    [
        pytest.param("touch /tmp/here", True, id="a-command-of-its-own"),
        pytest.param("docker restart web", False, id="one-for-an-engine-that-is-not-there"),
    ],
)
def test_what_a_scheduler_runs_itself(tmp_path: Path, command: str, runs: bool) -> None:
    more = (
        '      ofelia.job-local.here.schedule: "@hourly"\n'
        f"      ofelia.job-local.here.command: {command}\n"
    )
    made = translation(tmp_path, stack(WEB, more=more))
    assert ("here" in names(made)) is runs
    assert ("ofelia" in names(made)) is not runs
    if runs:
        job = container(made, "here")
        assert job.image.reference == "mcuadros/ofelia:0.3"
        assert job.storage == ()


def test_jobs_in_a_file_are_read(tmp_path: Path) -> None:
    compose = """\
        services:
          web: {image: registry.example.com/web:1, container_name: shop-web}
          ofelia:
            image: mcuadros/ofelia:0.3
            command: daemon --config=/etc/ofelia/config.ini
            volumes:
              - ./jobs.ini:/etc/ofelia/config.ini:ro
              - /var/run/docker.sock:/var/run/docker.sock:ro
        """
    jobs = """\
        [global]
        save-folder = /tmp

        ; every night
        [job-exec "tidy"]
        schedule = 0 0 4 * * *
        container = shop-web
        command = bin/tidy
        no-overlap = true
        """
    made = translation(tmp_path, compose, {"jobs.ini": jobs})
    assert clock(made, "web-tidy").line == "0 4 * * *"
    assert names(made) == ["web", "web-tidy"]


def test_a_file_of_jobs_that_is_not_there_is_a_finding(tmp_path: Path) -> None:
    compose = """\
        services:
          ofelia:
            image: mcuadros/ofelia:0.3
            volumes: ["./jobs.ini:/etc/ofelia/config.ini:ro"]
        """
    made = translation(tmp_path, compose)
    assert names(made) == ["ofelia"]
    assert "job-of-scheduler-not-run" in rules(made)


SWARM = """\
    services:
      report:
        image: registry.example.com/report:2
        command: [run]
        deploy:
          replicas: 0
          restart_policy: {condition: none}
          labels:
            swarm.cronjob.enable: "true"
            swarm.cronjob.schedule: "*/30 * * * *"
            swarm.cronjob.skip-running: "SKIP"
            swarm.cronjob.replicas: "2"
      cron:
        image: crazymax/swarm-cronjob:1.13
        volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
    """


@pytest.mark.parametrize(
    ("skip", "overlap"),
    [
        pytest.param("true", Overlap.SKIP, id="a-run-is-skipped-where-it-says-so"),
        pytest.param("false", Overlap.REPLACE, id="otherwise-the-old-one-ends"),
    ],
)
def test_a_service_that_swarm_cronjob_starts_is_a_task_by_the_clock(
    tmp_path: Path, skip: str, overlap: Overlap
) -> None:
    made = translation(tmp_path, SWARM.replace("SKIP", skip))
    assert clock(made, "report").overlap is overlap
    task = part(made, "report")
    assert isinstance(task, Task)
    assert (task.completions, task.parallel) == (2, 2)
    assert names(made) == ["report"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param('swarm.cronjob.enable: "true"', 'x: "1"', id="it-is-not-enabled"),
        pytest.param('swarm.cronjob.schedule: "*/30 * * * *"', 'x: "1"', id="it-has-no-schedule"),
    ],
)
def test_who_is_not_started_by_the_clock(tmp_path: Path, before: str, after: str) -> None:
    made = translation(tmp_path, SWARM.replace(before, after))
    found = part(made, "report")
    assert not isinstance(found, Task) or found.schedule is None
    assert "cron" in names(made)


def test_labels_where_swarm_cronjob_does_not_look_start_nothing(tmp_path: Path) -> None:
    compose = """\
        services:
          report:
            image: registry.example.com/report:2
            labels: {swarm.cronjob.enable: "true", swarm.cronjob.schedule: "@daily"}
        """
    assert isinstance(part(translation(tmp_path, compose), "report"), Workload)


def test_a_service_with_a_schedule_of_the_user_runs_by_the_clock(tmp_path: Path) -> None:
    compose = "services: {tidy: {image: alpine:3.20, command: [echo]}}"
    choices = Choices(services={"tidy": ServiceChoices(schedule="@daily")})
    found = clock(translation(tmp_path, compose, choices=choices), "tidy")
    assert (found.line, found.time_zone, found.overlap) == ("@daily", "Etc/UTC", Overlap.SKIP)


def test_nobody_waits_for_the_end_of_what_runs_again_and_again(tmp_path: Path) -> None:
    compose = """\
        services:
          tidy: {image: alpine:3.20, command: [echo]}
          web:
            image: registry.example.com/web:1
            depends_on: {tidy: {condition: service_completed_successfully}}
        """
    choices = Choices(services={"tidy": ServiceChoices(schedule="@daily")})
    made = translation(tmp_path, compose, choices=choices)
    assert fate(made, "services", "web", "depends_on", "tidy") is Outcome.APPROXIMATED
    assert [one.condition.value for one in part(made, "web").dependencies] == ["started"]


def test_what_is_asked_of_a_service_is_not_asked_again_of_its_jobs(tmp_path: Path) -> None:
    made = translation(tmp_path, stack(WEB))
    assert not [one for one in made.questions if one.subject.startswith("services.web-tidy")]
    assert "services.web-tidy" not in decided(made, "mount")
