"""
The test bed behaves as real nodes do: pods have the status and the events that a kubelet writes.

What is expected here is what the kubelet 1.36 writes (`pkg/kubelet`), so that what reads clusters
can be tested against the bed.
"""

import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from tests.support.bed import LABEL, BedClient, Note, Stage, behaving

pytestmark = pytest.mark.real

PROBE: Mapping[str, Any] = {"readinessProbe": {"httpGet": {"path": "/", "port": 80}}}
IMAGE = "registry.example/web:1"


@pytest.fixture
def namespace(bed: BedClient) -> Iterator[str]:
    with bed.namespace() as name:
        yield name


class Seen(NamedTuple):
    """What a reader of a pod sees of its container `web` (or its first init container)."""

    phase: str
    ready: bool
    restarts: int
    state: str
    """The word of the state, and its reason where it has one."""
    message: str
    last: str
    """The same of how it ended before."""


def seen(pod: Mapping[str, Any], *, init: bool = False) -> Seen:
    status = pod["status"]
    statuses = status.get("initContainerStatuses" if init else "containerStatuses")
    if not statuses:
        return Seen(status["phase"], False, 0, "", "", "")
    web = statuses[0]
    return Seen(
        phase=status["phase"],
        ready=web["ready"],
        restarts=web["restartCount"],
        state=_word(web["state"]),
        message=next(iter(web["state"].values())).get("message", ""),
        last=_word(web.get("lastState", {})),
    )


def _word(state: Mapping[str, Any]) -> str:
    for kind, values in state.items():
        code = f" {values['exitCode']}" if "exitCode" in values else ""
        return f"{kind} {values.get('reason', '')}{code}".strip()
    return ""


def pod(stage: Stage, notes: Mapping[Note, str] = {}, **spec: Any) -> dict[str, Any]:
    made = behaving(stage, notes=notes, **spec)
    made["metadata"]["name"] = "web"
    return {"apiVersion": "v1", "kind": "Pod", **made}


def container(**fields: Any) -> list[dict[str, Any]]:
    return [{"name": "web", "image": IMAGE, **fields}]


def start(bed: BedClient, namespace: str, wanted: dict[str, Any]) -> None:
    wanted["metadata"]["namespace"] = namespace
    bed.apply(wanted)


def wait(bed: BedClient, namespace: str, expected: Seen, *, init: bool = False) -> None:
    """Return when the pod `web` is seen as ``expected``; its message is a regular expression."""
    last: list[Seen] = []

    def as_expected() -> bool:
        now = seen(bed.api.get(f"/api/v1/namespaces/{namespace}/pods/web"), init=init)
        if now not in last:
            last.append(now)
        plain = now._replace(message=expected.message)
        return plain == expected and re.fullmatch(expected.message, now.message) is not None

    try:
        bed.wait_for(as_expected, seconds=45)
    except AssertionError:
        pytest.fail("seen were:\n" + "\n".join(map(str, last)), pytrace=False)


BACK_OFF = r"back-off 10s restarting failed container=web pod=web_[a-z0-9-]+\([0-9a-f-]+\)"
NOT_FOUND = (
    f'failed to pull and unpack image "{IMAGE}": failed to resolve reference "{IMAGE}":'
    f" {IMAGE}: not found"
)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(
            pod(Stage.READY), Seen("Running", True, 0, "running", "", ""), id="ready-at-once"
        ),
        pytest.param(
            pod(Stage.READY, containers=container(**PROBE)),
            Seen("Running", True, 0, "running", "", ""),
            id="ready-once-probed",
        ),
        pytest.param(
            pod(Stage.NEVER_READY, containers=container(**PROBE)),
            Seen("Running", False, 0, "running", "", ""),
            id="never-ready",
        ),
        pytest.param(
            pod(Stage.CRASH, {Note.EXIT_CODE: "3"}),
            Seen("Running", False, 1, "waiting CrashLoopBackOff", BACK_OFF, "terminated Error 3"),
            id="crash-loop",
        ),
        pytest.param(
            pod(Stage.FAILS_LATER, containers=container(**PROBE)),
            Seen("Running", False, 1, "waiting CrashLoopBackOff", BACK_OFF, "terminated Error 1"),
            id="crash-after-being-ready",
        ),
        pytest.param(
            pod(Stage.OOM),
            Seen(
                "Running",
                False,
                1,
                "waiting CrashLoopBackOff",
                BACK_OFF,
                "terminated OOMKilled 137",
            ),
            id="out-of-memory",
        ),
        pytest.param(
            pod(Stage.LIVENESS),
            Seen("Running", False, 1, "waiting CrashLoopBackOff", BACK_OFF, "terminated Error 137"),
            id="killed-by-its-liveness-probe",
        ),
        pytest.param(
            pod(Stage.STARTUP, containers=container(startupProbe=PROBE["readinessProbe"])),
            Seen("Running", False, 1, "waiting CrashLoopBackOff", BACK_OFF, "terminated Error 137"),
            id="killed-by-its-startup-probe",
        ),
        pytest.param(
            pod(Stage.COMPLETE),
            Seen(
                "Running",
                False,
                1,
                "waiting CrashLoopBackOff",
                BACK_OFF,
                "terminated Completed 0",
            ),
            id="a-server-that-ends",
        ),
        pytest.param(
            pod(Stage.COMPLETE, restartPolicy="Never"),
            Seen("Succeeded", False, 0, "terminated Completed 0", "", ""),
            id="success",
        ),
        pytest.param(
            pod(Stage.CRASH, {Note.EXIT_CODE: "7"}, restartPolicy="Never"),
            Seen("Failed", False, 0, "terminated Error 7", "", ""),
            id="failure",
        ),
        pytest.param(
            pod(Stage.IMAGE_PULL),
            Seen("Pending", False, 0, "waiting ErrImagePull", re.escape(NOT_FOUND), ""),
            id="image-not-found",
        ),
        pytest.param(
            pod(Stage.IMAGE_PULL, {Note.MESSAGE: "401 Unauthorized"}),
            Seen(
                "Pending",
                False,
                0,
                "waiting ImagePullBackOff",
                f'Back-off pulling image "{IMAGE}": ErrImagePull: 401 Unauthorized',
                "",
            ),
            id="pull-backs-off",
        ),
        pytest.param(
            pod(Stage.INVALID_IMAGE_NAME, containers=[{"name": "web", "image": "Web:1"}]),
            Seen(
                "Pending",
                False,
                0,
                "waiting InvalidImageName",
                'Failed to apply default image tag "Web:1": .*invalid reference format',
                "",
            ),
            id="image-name-that-cannot-be",
        ),
        pytest.param(
            pod(Stage.CONFIG_ERROR, {Note.MESSAGE: 'secret "db" not found'}),
            Seen(
                "Pending",
                False,
                0,
                "waiting CreateContainerConfigError",
                'secret "db" not found',
                "",
            ),
            id="secret-is-absent",
        ),
        pytest.param(
            pod(Stage.START_ERROR, containers=container(command=["serve"])),
            Seen(
                "Running",
                False,
                0,
                "waiting RunContainerError",
                r'.*exec: "serve": executable file not found in \$PATH',
                "terminated StartError 128",
            ),
            id="command-is-absent",
        ),
        pytest.param(
            pod(Stage.SLOW_VOLUME),
            Seen("Pending", False, 0, "waiting ContainerCreating", "", ""),
            id="volume-not-there-yet",
        ),
        pytest.param(
            pod(Stage.SLOW_VOLUME, {Note.DELAY: "1s"}),
            Seen("Running", True, 0, "running", "", ""),
            id="volume-there-at-last",
        ),
        pytest.param(
            pod(Stage.NO_SANDBOX),
            Seen("Pending", False, 0, "waiting ContainerCreating", "", ""),
            id="no-network",
        ),
        pytest.param(
            pod(Stage.EVICTED),
            Seen("Failed", False, 0, "terminated Error 137", "", ""),
            id="evicted",
        ),
    ],
)
def test_container_is_seen_as_with_a_real_kubelet(
    bed: BedClient, namespace: str, wanted: dict[str, Any], expected: Seen
) -> None:
    start(bed, namespace, wanted)
    wait(bed, namespace, expected)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        pytest.param(
            pod(Stage.CRASH),
            ("Warning", "BackOff", "Back-off restarting failed container web in pod web_"),
            id="crash-loop",
        ),
        pytest.param(
            pod(Stage.NEVER_READY),
            ("Warning", "Unhealthy", "Readiness probe failed: HTTP probe failed with"),
            id="readiness",
        ),
        pytest.param(
            pod(Stage.LIVENESS, {Note.MESSAGE: "no answer"}),
            ("Warning", "Unhealthy", "Liveness probe failed: no answer"),
            id="liveness",
        ),
        pytest.param(
            pod(Stage.LIVENESS),
            ("Normal", "Killing", "Container web failed liveness probe, will be restarted"),
            id="killed-for-it",
        ),
        pytest.param(
            pod(Stage.STARTUP),
            ("Warning", "Unhealthy", "Startup probe failed: "),
            id="startup",
        ),
        pytest.param(
            pod(Stage.IMAGE_PULL),
            ("Warning", "Failed", f'Failed to pull image "{IMAGE}": {NOT_FOUND}'),
            id="pull",
        ),
        pytest.param(
            pod(Stage.IMAGE_PULL),
            ("Normal", "BackOff", f'Back-off pulling image "{IMAGE}"'),
            id="pull-backs-off",
        ),
        pytest.param(
            pod(Stage.CONFIG_ERROR),
            ("Warning", "Failed", 'Error: secret "absent" not found'),
            id="config",
        ),
        pytest.param(
            pod(Stage.START_ERROR),
            ("Warning", "Failed", "Error: failed to create containerd task"),
            id="start",
        ),
        pytest.param(
            pod(Stage.NO_VOLUME, {Note.MESSAGE: "no such volume"}),
            ("Warning", "FailedMount", "no such volume"),
            id="volume",
        ),
        pytest.param(
            pod(Stage.NO_SANDBOX),
            ("Warning", "FailedCreatePodSandBox", "Failed to create pod sandbox: rpc error"),
            id="network",
        ),
        pytest.param(
            pod(Stage.READY), ("Normal", "Started", "Container started"), id="start-of-a-good-one"
        ),
    ],
)
def test_event_is_recorded_as_by_a_real_kubelet(
    bed: BedClient, namespace: str, wanted: dict[str, Any], expected: tuple[str, str, str]
) -> None:
    start(bed, namespace, wanted)
    kind, reason, text = expected

    def recorded() -> bool:
        return any(
            (each[0], each[1]) == (kind, reason) and each[2].startswith(text)
            for each in bed.events(namespace, "web")
        )

    bed.wait_for(recorded)


def test_init_container_that_crashes_keeps_the_pod_from_starting(
    bed: BedClient, namespace: str
) -> None:
    inits = [{"name": "prepare", "image": IMAGE}, {"name": "later", "image": IMAGE}]
    start(bed, namespace, pod(Stage.INIT_CRASH, initContainers=inits))
    message = BACK_OFF.replace("container=web", "container=prepare")
    expected = Seen("Pending", False, 1, "waiting CrashLoopBackOff", message, "terminated Error 1")
    wait(bed, namespace, expected, init=True)
    wait(bed, namespace, Seen("Pending", False, 0, "waiting PodInitializing", "", ""))
    (found,) = bed.pods(namespace)
    conditions = {each["type"]: each for each in found["status"]["conditions"]}
    initialized = conditions["Initialized"]
    assert (initialized["status"], initialized["message"]) == (
        "False",
        "containers with incomplete status: [prepare later]",
    )


def test_init_containers_that_succeed_are_completed_and_sidecars_run(
    bed: BedClient, namespace: str
) -> None:
    inits = [
        {"name": "prepare", "image": IMAGE},
        {"name": "sidecar", "image": IMAGE, "restartPolicy": "Always"},
    ]
    start(bed, namespace, pod(Stage.READY, initContainers=inits))
    wait(bed, namespace, Seen("Running", True, 0, "running", "", ""))
    (found,) = bed.pods(namespace)
    states = [_word(each["state"]) for each in found["status"]["initContainerStatuses"]]
    assert states == ["terminated Completed 0", "running"]


def test_pod_that_waits_for_another_crashes_as_often_as_told_and_is_ready(
    bed: BedClient, namespace: str
) -> None:
    start(bed, namespace, pod(Stage.RECOVERS, {Note.CRASHES: "3"}))
    wait(bed, namespace, Seen("Running", True, 3, "running", "", "terminated Error 1"))


def test_pod_relabelled_on_the_way_leaves_its_crash_loop(bed: BedClient, namespace: str) -> None:
    start(bed, namespace, pod(Stage.CRASH))
    wait(
        bed,
        namespace,
        Seen("Running", False, 1, "waiting CrashLoopBackOff", BACK_OFF, "terminated Error 1"),
    )
    bed.stage(namespace, "web", Stage.READY)

    def stays_ready() -> bool:
        now = seen(bed.api.get(f"/api/v1/namespaces/{namespace}/pods/web"))
        return now.ready and now.state == "running"

    bed.wait_for(stays_ready)
    time.sleep(1.5)
    assert stays_ready()


def test_only_the_container_that_is_named_misbehaves(bed: BedClient, namespace: str) -> None:
    both = [{"name": "web", "image": IMAGE}, {"name": "exporter", "image": IMAGE}]
    start(bed, namespace, pod(Stage.CRASH, {Note.CONTAINER: "exporter"}, containers=both))

    def words() -> bool:
        (found,) = bed.pods(namespace)
        states = [_word(each["state"]) for each in found["status"].get("containerStatuses", [])]
        return states == ["running", "waiting CrashLoopBackOff"]

    bed.wait_for(words)


def _workload(kind: str, namespace: str, template: dict[str, Any], **spec: Any) -> dict[str, Any]:
    group = "batch/v1" if kind == "Job" else "apps/v1"
    if kind != "Job":
        spec["selector"] = {"matchLabels": {"app": "web"}}
    return {
        "apiVersion": group,
        "kind": kind,
        "metadata": {"name": "web", "namespace": namespace},
        "spec": {**spec, "template": template},
    }


def _job_conditions(bed: BedClient, namespace: str) -> dict[str, str]:
    status = bed.api.get(f"/apis/batch/v1/namespaces/{namespace}/jobs/web")["status"]
    return {
        each["type"]: each.get("reason", "")
        for each in status.get("conditions", [])
        if each["status"] == "True"
    }


def test_job_completes_without_being_told(bed: BedClient, namespace: str) -> None:
    template = behaving(Stage.READY, restartPolicy="Never")
    del template["metadata"]["labels"][LABEL]
    bed.apply(_workload("Job", namespace, template))
    assert bed.wait_for(lambda: "Complete" in _job_conditions(bed, namespace))


def test_job_that_fails_reaches_its_limit(bed: BedClient, namespace: str) -> None:
    template = behaving(Stage.CRASH, restartPolicy="Never")
    bed.apply(_workload("Job", namespace, template, backoffLimit=0))
    reason = bed.wait_for(lambda: _job_conditions(bed, namespace).get("Failed"))
    assert reason == "BackoffLimitExceeded"


def test_deployment_that_never_gets_ready_exceeds_its_deadline(
    bed: BedClient, namespace: str
) -> None:
    template = behaving(Stage.NEVER_READY, containers=container(**PROBE))
    bed.apply(_workload("Deployment", namespace, template, progressDeadlineSeconds=2))

    def reason() -> bool:
        path = f"/apis/apps/v1/namespaces/{namespace}/deployments/web"
        conditions = bed.api.get(path).get("status", {}).get("conditions", [])
        return any(each.get("reason") == "ProgressDeadlineExceeded" for each in conditions)

    assert bed.wait_for(reason)


def _claim(name: str, storage_class: str | None = None) -> dict[str, Any]:
    chosen = {"storageClassName": storage_class} if storage_class else {}
    return {
        "metadata": {"name": name},
        "spec": {
            "accessModes": ["ReadWriteOnce"],
            "resources": {"requests": {"storage": "1Gi"}},
            **chosen,
        },
    }


def test_stateful_set_gets_its_volumes_when_its_pods_have_nodes(
    bed: BedClient, namespace: str
) -> None:
    bed.apply(
        _workload(
            "StatefulSet",
            namespace,
            behaving(Stage.READY),
            serviceName="web",
            replicas=2,
            volumeClaimTemplates=[_claim("data")],
        )
    )
    path = f"/apis/apps/v1/namespaces/{namespace}/statefulsets/web"
    bed.wait_for(lambda: bed.api.get(path)["status"].get("readyReplicas") == 2)
    claims = bed.api.get(f"/api/v1/namespaces/{namespace}/persistentvolumeclaims")["items"]
    assert [
        (each["metadata"]["name"], each["status"]["phase"], each["spec"]["storageClassName"])
        for each in claims
    ] == [("data-web-0", "Bound", "bed"), ("data-web-1", "Bound", "bed")]


def test_claim_of_the_stuck_class_is_never_bound(bed: BedClient, namespace: str) -> None:
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", **_claim("data", "bed-stuck")}
    claim["metadata"]["namespace"] = namespace
    bed.apply(claim)
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    start(bed, namespace, pod(Stage.READY, volumes=volumes))
    bed.wait_for(
        lambda: any(
            reason == "ExternalProvisioning" for _, reason, _ in bed.events(namespace, "data")
        )
    )
    assert seen(bed.pods(namespace)[0]).phase == "Pending"


def test_pod_that_asks_for_more_than_a_node_has_is_not_scheduled(
    bed: BedClient, namespace: str
) -> None:
    resources = {"requests": {"memory": "64Gi"}}
    start(bed, namespace, pod(Stage.READY, containers=container(resources=resources)))
    message = bed.wait_for(
        lambda: next(
            (
                each["message"]
                for each in bed.pods(namespace)[0]["status"].get("conditions", [])
                if each.get("reason") == "Unschedulable"
            ),
            "",
        )
    )
    assert "Insufficient memory" in message


def test_node_that_is_lost_is_said_to_be(bed: BedClient) -> None:
    with bed.node("lost-one", labels={"role": "lost"}) as name:
        path = f"/api/v1/nodes/{name}"
        bed.api.patch(path, {"metadata": {"labels": {LABEL: "lost"}}})
        bed.wait_for(
            lambda: any(
                each["key"] == "node.kubernetes.io/unreachable"
                for each in bed.api.get(path)["spec"].get("taints", [])
            )
        )


def test_logs_are_read_now_and_before_the_restart(
    bed: BedClient, namespace: str, kubectl: Path
) -> None:
    bed.write_log("of-its-own", "one\ntwo\n")
    start(bed, namespace, pod(Stage.CRASH, {Note.LOGS: "of-its-own"}))
    wait(
        bed,
        namespace,
        Seen("Running", False, 1, "waiting CrashLoopBackOff", BACK_OFF, "terminated Error 1"),
    )
    command = [kubectl, "--kubeconfig", bed.kubeconfig, "-n", namespace]
    written = [
        subprocess.run([*command, *words, "web"], capture_output=True, text=True, check=True).stdout
        for words in (["logs"], ["logs", "--previous"], ["logs", "--tail=1"])
    ]
    assert written == ["one\ntwo\n", "one\ntwo\n", "two\n"]


def test_pod_that_lingers_ends_when_its_time_is_over(bed: BedClient, namespace: str) -> None:
    start(bed, namespace, pod(Stage.READY, {Note.STOP: "3s"}))
    wait(bed, namespace, Seen("Running", True, 0, "running", "", ""))
    bed.api.delete(f"/api/v1/namespaces/{namespace}/pods/web")
    time.sleep(1)
    terminating = [each["metadata"].get("deletionTimestamp") for each in bed.pods(namespace)]
    bed.wait_for(lambda: not bed.pods(namespace))
    assert len(terminating) == 1
    assert terminating[0]
