"""Traps 21, 23 and 24: what goes on, what ends, and who waits for whom."""

from collections.abc import Callable

import pytest
from tests.traps.road import Walked, web

Walk = Callable[..., Walked]


@pytest.mark.parametrize(
    ("attributes", "kind"),
    [
        pytest.param((), "Deployment", id="trap 21: restart is no by default and tells nothing"),
        pytest.param(("restart: always",), "Deployment", id="trap 21: always goes on"),
        pytest.param(
            ("restart: unless-stopped",), "Deployment", id="trap 21: so does unless-stopped"
        ),
        pytest.param(
            ("restart: 'no'", "command: [load, it]"),
            "Job",
            id="trap 21: no restart and a command of its own ends",
        ),
        pytest.param(
            ("restart: 'no'", "command: [serve]", "ports: ['80']"),
            "Deployment",
            id="trap 21: who opens a port goes on",
        ),
        pytest.param(
            ("restart: 'no'", "command: [serve]", "healthcheck: {test: check}"),
            "Deployment",
            id="trap 21: who has a health check goes on",
        ),
        pytest.param(
            ("command: python manage.py migrate --noinput",),
            "Job",
            id="trap 21: a command that migrates ends",
        ),
        pytest.param(
            ("command: [sh, -c, 'alembic upgrade head && npm run db:seed']",),
            "Job",
            id="trap 21: the last command of a shell decides",
        ),
        pytest.param(
            ("command: [sh, -c, 'rails db:migrate && rails server']",),
            "Deployment",
            id="trap 21: a server that migrates first goes on",
        ),
        pytest.param(
            ("restart: always", "command: [app, migrate]"),
            "Deployment",
            id="trap 21: always outweighs a word of the command",
        ),
        pytest.param(
            ("deploy: {mode: replicated-job}",), "Job", id="trap 21: a job of a Swarm is a Job"
        ),
        pytest.param(("deploy: {mode: global}",), "DaemonSet", id="one on every node"),
    ],
)
def test_kinds(walk: Walk, attributes: tuple[str, ...], kind: str) -> None:
    walked = walk(web(*attributes))
    assert walked.runner("web") == kind
    policy = walked.at("pod web", "restartPolicy")
    assert policy == ("Never" if kind == "Job" else None)


@pytest.mark.parametrize(
    ("restart", "limit"),
    [
        pytest.param("'no'", 3, id="trap 21: a pod may be lost with its node"),
        pytest.param("on-failure:5", 5, id="trap 21: the number of tries is kept"),
        pytest.param("on-failure", 3, id="trap 21: without a number, a few"),
    ],
)
def test_restarts_of_a_task(walk: Walk, restart: str, limit: int) -> None:
    walked = walk(
        f"""
        services:
          migrate: {{image: "app:1", command: [run], restart: {restart}}}
          web:
            image: app:1
            depends_on: {{migrate: {{condition: service_completed_successfully}}}}
        """
    )
    assert walked.at("Job migrate", "spec.backoffLimit") == limit
    assert walked.at("pod migrate", "restartPolicy") == "Never"
    assert walked.at("Job migrate", "spec.activeDeadlineSeconds") == 3600


def test_who_waits_for_an_end_makes_a_task(walk: Walk) -> None:
    """Trap 21: that somebody waits for its end is the best evidence, whatever restart says."""
    walked = walk(
        """
        services:
          prepare: {image: "app:1", restart: always}
          web: {image: "app:1", depends_on: {prepare: {condition: service_completed_successfully}}}
        """
    )
    assert walked.of_kind("Job") == ["prepare"]
    assert walked.at("container wait-for-prepare", "args[1]") == "--for=condition=Complete"
    assert walked.at("container wait-for-prepare", "args[2]") == (
        f"job/{walked.at('Job prepare', 'metadata.name')}"
    )
    assert walked.at("pod web", "serviceAccountName") == "shop-waits"
    assert walked.decided("services.prepare", "kind") == ["a task: it runs to its end"]


@pytest.mark.parametrize(
    ("fields", "readiness", "startup"),
    [
        pytest.param(
            "",
            {"periodSeconds": 30, "timeoutSeconds": 30, "failureThreshold": 3},
            None,
            id="trap 23: Docker's defaults are written out, as Kubernetes' timeout is one second",
        ),
        pytest.param(
            ", interval: 10s, timeout: 500ms, retries: 5",
            {"periodSeconds": 10, "timeoutSeconds": 1, "failureThreshold": 5},
            None,
            id="trap 22: N retries are N failures, and less than a second is one",
        ),
        pytest.param(
            ", interval: 10s, timeout: 3s, retries: 2, start_period: 60s, start_interval: 5s",
            {"periodSeconds": 10, "timeoutSeconds": 3, "failureThreshold": 2},
            {"periodSeconds": 5, "timeoutSeconds": 3, "failureThreshold": 16},
            id="trap 23: a start period is a startup probe, which ends with the first success",
        ),
    ],
)
def test_health(walk: Walk, fields: str, readiness: dict[str, int], startup: object) -> None:
    walked = walk(web(f"healthcheck: {{test: check{fields}}}"))
    action = {"exec": {"command": ["/bin/sh", "-c", "check"]}}
    assert walked.at("container web", "readinessProbe") == {**action, **readiness}
    expected = {**action, **startup} if isinstance(startup, dict) else None
    assert walked.at("container web", "startupProbe") == expected
    assert walked.at("container web", "readinessProbe.initialDelaySeconds") is None


def test_no_liveness_from_a_health_check(walk: Walk) -> None:
    """Trap 24: Compose restarts nothing because of a health check; a liveness probe would."""
    walked = walk(web("healthcheck: {test: 'curl localhost && pg_isready -h db'}"))
    assert walked.at("container web", "livenessProbe") is None


@pytest.mark.parametrize("check", ["{disable: true}", "{test: [NONE]}"])
def test_a_check_that_is_switched_off(walk: Walk, check: str) -> None:
    walked = walk(
        web("build: .", f"healthcheck: {check}"),
        {"Dockerfile": "FROM alpine:3.20\nHEALTHCHECK CMD check\n"},
    )
    assert walked.at("container web", "readinessProbe") is None


def test_the_check_of_the_dockerfile(walk: Walk) -> None:
    walked = walk(
        web("build: ."),
        {"Dockerfile": 'FROM alpine:3.20\nHEALTHCHECK --interval=7s CMD ["check"]\n'},
    )
    assert walked.at("container web", "readinessProbe.exec.command") == ["check"]
    assert walked.at("container web", "readinessProbe.periodSeconds") == 7


WAITING = """
services:
  web:
    image: app:1
    depends_on:
      db: {{condition: {condition}{more}}}
  db:
    image: db:1
    {db}
"""


@pytest.mark.parametrize(
    ("condition", "db", "image", "words"),
    [
        pytest.param(
            "service_healthy",
            "healthcheck: {test: check}\n    expose: [5432]",
            "busybox",
            ["db", "5432", "300"],
            id="a healthy peer is one whose Service answers",
        ),
        pytest.param(
            "service_healthy",
            "expose: [5432]",
            "busybox",
            ["db", "5432", "300"],
            id="a peer without a check is asked whether its port is open",
        ),
        pytest.param(
            "service_healthy",
            "healthcheck: {test: check}",
            "kubectl",
            ["--for=condition=Ready", "pod", "--timeout=600s"],
            id="a peer that listens nowhere is asked of the API",
        ),
        pytest.param(
            "service_completed_successfully",
            "command: [run]",
            "kubectl",
            ["--for=condition=Complete", "--timeout=600s"],
            id="a task is waited for until its end",
        ),
    ],
)
def test_waits_are_bounded(
    walk: Walk, condition: str, db: str, image: str, words: list[str]
) -> None:
    walked = walk(WAITING.format(condition=condition, more="", db=db))
    wait = walked.at("container wait-for-db")
    assert isinstance(wait, dict)
    assert image in wait["image"]
    given = [*(wait.get("command") or ()), *(wait.get("args") or ())]
    assert [word for word in words if word not in given] == []
    assert walked.fate("services.web.depends_on.db.condition") == "carried"
    assert wait["securityContext"]["runAsNonRoot"] is True


def test_started_needs_no_wait(walk: Walk) -> None:
    walked = walk(WAITING.format(condition="service_started", more="", db=""))
    assert walked.at("pod web", "initContainers") is None
    assert walked.fate("services.web.depends_on.db") == "approximated"


def test_restart_of_a_dependent_is_dropped(walk: Walk) -> None:
    walked = walk(
        WAITING.format(condition="service_healthy", more=", restart: true", db="expose: [1]")
    )
    assert walked.fate("services.web.depends_on.db.restart") == "dropped"


def test_a_dependency_that_no_profile_switches_on(walk: Walk) -> None:
    walked = walk(
        WAITING.format(
            condition="service_healthy", more=", required: false", db="profiles: [extra]"
        )
    )
    assert walked.of_kind("Deployment") == ["web"]
    assert walked.at("pod web", "initContainers") is None


def test_a_wait_within_one_pod_is_told(walk: Walk) -> None:
    """Containers of one pod start together, so one cannot wait for the other before the pod."""
    walked = walk(
        """
        services:
          vpn: {image: "vpn:1", healthcheck: {test: check}, expose: [80]}
          web:
            image: app:1
            network_mode: service:vpn
            depends_on: {vpn: {condition: service_healthy}}
        """
    )
    assert walked.at("pod vpn", "initContainers") is None
    assert walked.fate("services.web.depends_on.vpn.condition") == "approximated"


def test_the_stronger_of_two_waits_in_one_pod(walk: Walk) -> None:
    walked = walk(
        """
        services:
          web: {image: "app:1", depends_on: {db: {condition: service_healthy}}}
          side:
            image: side:1
            network_mode: service:web
            depends_on: {db: {condition: service_started}}
          db: {image: "db:1", expose: [5432]}
        """
    )
    assert walked.at("pod web", "initContainers[0].name") == "wait-for-db"


def test_hooks_wait_inside_the_grace_period(walk: Walk) -> None:
    """Trap 30: what runs before the stop is a part of the grace period, as in Kubernetes."""
    walked = walk(web("stop_grace_period: 45s", "pre_stop: [{command: [drain]}]"))
    assert walked.at("pod web", "terminationGracePeriodSeconds") == 45
    assert walked.at("container web", "lifecycle.preStop.exec.command") == ["drain"]


def test_docker_waits_ten_seconds(walk: Walk) -> None:
    assert walk(web()).at("pod web", "terminationGracePeriodSeconds") == 10
