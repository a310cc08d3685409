"""What is wrong with pods, and whether waiting can help."""

from typing import Any

import pytest
from tests.semantics.readiness.live import event, live, pod

from mooring.semantics import failing
from mooring.semantics.failing import Urgency
from mooring.semantics.readiness.around import Around, Budget
from mooring.semantics.readiness.verdicts import in_progress

AT_ONCE, BUDGETED, PATIENT = Urgency.AT_ONCE, Urgency.BUDGETED, Urgency.PATIENT


@pytest.mark.parametrize(
    ("made", "events", "reason", "urgency"),
    [
        pytest.param(
            pod(waiting=("ErrImagePull", "shop:1: not found")), (), "ImageNotFound", PATIENT,
            id="the-first-try-to-pull-is-no-verdict",
        ),
        pytest.param(
            pod(waiting=("ImagePullBackOff", 'Back-off pulling image "shop:1"')),
            (event("Failed", 'Failed to pull image "shop:1": not found'),),
            "ImageNotFound", AT_ONCE, id="the-event-says-why-an-image-is-not-pulled",
        ),
        pytest.param(
            pod(waiting=("ImagePullBackOff", "pull access denied")), (), "ImageRefused", AT_ONCE,
            id="a-registry-that-asks-for-a-login",
        ),
        pytest.param(
            pod(waiting=("ImagePullBackOff", "dial tcp 10.0.0.1:443: i/o timeout")), (),
            "RegistryUnreachable", PATIENT, id="a-registry-that-may-come-back",
        ),
        pytest.param(
            pod(waiting=("ErrImagePull", 'Get "https://no.example/v2/": dial tcp: lookup no.example'
                         " on 10.0.0.2:53: no such host")), (),
            "RegistryUnknown", PATIENT, id="a-registry-whose-name-nobody-knows",
        ),
        pytest.param(
            pod(waiting=("ImagePullBackOff", "no match for platform in manifest: not found")), (),
            "WrongArchitecture", AT_ONCE, id="an-image-for-other-machines",
        ),
        pytest.param(
            pod(waiting=("ImagePullBackOff", "Back-off")), (), "ImageNotPulled", AT_ONCE,
            id="an-image-that-is-not-pulled-for-reasons-unsaid",
        ),
        pytest.param(
            pod(waiting=("ErrImageNeverPull", "")), (), "ErrImageNeverPull", AT_ONCE,
            id="an-image-that-must-not-be-pulled",
        ),
        pytest.param(
            pod(waiting=("RunContainerError", 'exec: "srv": executable file not found in $PATH')),
            (), "ProgramNotFound", AT_ONCE, id="a-program-that-the-image-lacks",
        ),
        pytest.param(
            pod(ended={"exitCode": 128, "reason": "StartError", "message": "exec format error"}),
            (), "WrongArchitecture", AT_ONCE, id="a-program-of-another-machine",
        ),
        pytest.param(
            pod(waiting=("CrashLoopBackOff", ""), last={"exitCode": 137, "reason": "OOMKilled"},
                restarts=3),
            (), "OutOfMemory", BUDGETED, id="a-container-out-of-memory",
        ),
        pytest.param(
            pod(ended={"exitCode": 2, "reason": "Error"}), (), "Crash", BUDGETED,
            id="the-first-crash",
        ),
        pytest.param(
            pod(said={"PodScheduled": ("False", "Unschedulable", "0/3 nodes are available")}), (),
            "Unschedulable", PATIENT, id="a-node-may-yet-join",
        ),
        pytest.param(
            pod(), (event("FailedMount", 'configmap "menu" not found'),),
            "ConfigurationMissing", AT_ONCE, id="a-config-map-that-is-not-there",
        ),
        pytest.param(
            pod(), (event("FailedAttachVolume", "attached to another node"),),
            "FailedAttachVolume", PATIENT, id="a-volume-that-may-be-let-go",
        ),
        pytest.param(
            pod(), (event("FailedCreatePodSandBox", "failed to setup network for sandbox"),),
            "FailedCreatePodSandBox", PATIENT, id="a-network-that-may-come",
        ),
    ],
)  # fmt: skip
def test_of_a_pod(made: Any, events: tuple[Any, ...], reason: str, urgency: Urgency) -> None:
    (found,) = failing.of_pod(made, events)
    assert (found.reason, found.urgency) == (reason, urgency)


def _probed(kind: str, *, count: int = 3, container: str = "app") -> Any:
    told = event("Unhealthy", f"{kind} probe failed: connection refused")
    told["involvedObject"]["fieldPath"] = f"spec.containers{{{container}}}"
    return {**told, "count": count}


def _running(*, ready: bool) -> Any:
    made = pod(phase="Running")
    made["status"]["containerStatuses"][0]["ready"] = ready
    return made


def _claiming(*, node: str = "") -> Any:
    made = pod()
    made["spec"] = {"volumes": [{"persistentVolumeClaim": {"claimName": "data"}}]}
    if node:
        made["spec"]["nodeName"] = node
    return made


def _of_claim(reason: str, *, count: int = 1, claim: str = "data") -> Any:
    told = event(reason, "waiting for nobody", name=claim)
    told["involvedObject"]["kind"] = "PersistentVolumeClaim"
    return {**told, "count": count}


@pytest.mark.parametrize(
    ("made", "told", "message"),
    [
        pytest.param(
            _running(ready=False), _probed("Readiness"),
            "app: its readiness probe fails: connection refused",
            id="a-readiness-probe-that-fails",
        ),
        pytest.param(
            _running(ready=False), _probed("Startup"),
            "app: its startup probe fails: connection refused", id="a-startup-probe-that-fails",
        ),
        pytest.param(
            pod(waiting=("CrashLoopBackOff", ""), last={"exitCode": 137, "reason": "Error"},
                restarts=2),
            _probed("Liveness", count=1),
            "app: it was ended because its liveness probe fails: connection refused, 2 restarts",
            id="a-kubelet-that-ends-what-does-not-live",
        ),
        pytest.param(
            _claiming(), _of_claim("ProvisioningFailed"),
            "PersistentVolumeClaim/data has no volume: waiting for nobody",
            id="a-volume-that-cannot-be-made",
        ),
        pytest.param(
            _claiming(),
            {**_of_claim("ExternalProvisioning", count=3), "message": "Waiting for 'x.io' or you"},
            "PersistentVolumeClaim/data has no volume: x.io makes those of its class, and has made "
            "none",
            id="a-volume-that-nobody-makes",
        ),
    ],
)  # fmt: skip
def test_events_say_what_a_status_does_not(made: Any, told: Any, message: str) -> None:
    (found,) = failing.of_pod(made, (told,))
    assert found.message == message


def test_a_container_that_runs_has_a_log() -> None:
    (found,) = failing.of_pod(_running(ready=False), (_probed("Readiness"),))
    assert found.has_run
    assert found.restarts == 0


@pytest.mark.parametrize(
    ("made", "told"),
    [
        pytest.param(_running(ready=True), _probed("Readiness"), id="a-probe-that-failed-before"),
        pytest.param(
            _running(ready=False), _probed("Readiness", count=2), id="a-probe-that-came-too-early"
        ),
        pytest.param(
            _running(ready=False), _probed("Readiness", container="other"),
            id="a-probe-of-another-container",
        ),
        pytest.param(
            _claiming(), _of_claim("ExternalProvisioning", count=2), id="a-volume-in-the-making"
        ),
        pytest.param(
            _claiming(), _of_claim("WaitForFirstConsumer", count=9), id="a-claim-that-waits"
        ),
        pytest.param(
            _claiming(), _of_claim("ProvisioningFailed", claim="other"), id="a-claim-of-others"
        ),
        pytest.param(
            _claiming(node="n"), _of_claim("ProvisioningFailed"), id="a-pod-that-has-its-volume"
        ),
    ],
)  # fmt: skip
def test_events_that_say_nothing_of_a_pod(made: Any, told: Any) -> None:
    assert list(failing.of_pod(made, (told,))) == []


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(pod(phase="Running"), id="a-container-that-runs"),
        pytest.param(
            pod(phase="Running", last={"exitCode": 1}, restarts=7),
            id="a-container-that-crashed-and-runs-again",
        ),
        pytest.param(pod(ended={"exitCode": 0}, init=True), id="an-init-container-that-is-done"),
        pytest.param(pod(waiting=("ContainerCreating", "")), id="a-container-being-made"),
        pytest.param(pod(waiting=("PodInitializing", "")), id="a-container-in-its-turn"),
    ],
)
def test_nothing_is_wrong_with(made: Any) -> None:
    assert list(failing.of_pod(made, (event("FailedMount", "of another", name="other"),))) == []


@pytest.mark.parametrize(
    ("message", "reason", "urgency"),
    [
        ("exceeded quota: q, requested: cpu=1", "QuotaExceeded", AT_ONCE),
        ("failed quota: q: must specify limits.memory for: api", "AmountsMissing", AT_ONCE),
        ('pods "x" is forbidden: violates PodSecurity "restricted"', "PodSecurityRefused", AT_ONCE),
        ('error looking up service account a/b: "b" not found', "ServiceAccountMissing", AT_ONCE),
        ('admission webhook "v.io" denied the request', "WebhookRefused", AT_ONCE),
        ('failed calling webhook "v.io"', "WebhookUnreachable", PATIENT),
        ("maximum memory usage per Container is 1Gi", "LimitRangeRefused", AT_ONCE),
        ("no PriorityClass with name high was found", "PriorityClassMissing", AT_ONCE),
        ("something else", "FailedCreate", PATIENT),
    ],
)
def test_pods_that_are_refused(message: str, reason: str, urgency: Urgency) -> None:
    made = live("ReplicaSet", "apps/v1", said={"ReplicaFailure": ("True", "FailedCreate", message)})
    (found,) = failing.of_controller(made)
    assert (found.reason, found.urgency) == (reason, urgency)


def test_what_the_scheduler_could_evict_is_not_told() -> None:
    message = (
        "0/2 nodes are available: 2 Insufficient memory. no new claims to deallocate, "
        "preemption: 0/2 nodes are available: 2 No preemption victims found for incoming pod."
    )
    (found,) = failing.of_pod(pod(said={"PodScheduled": ("False", "Unschedulable", message)}))
    assert found.message == "0/2 nodes are available: 2 Insufficient memory"


def test_a_dependency_that_is_not_ready_lends_restarts_and_no_memory() -> None:
    assert Budget().while_waiting() == Budget(restarts=12, out_of_memory=2)


def test_a_name_that_nobody_knows_is_told_at_once_and_not_waited_for_long() -> None:
    told = 'Get "https://no.example/v2/": dial tcp: lookup no.example: no such host'
    verdict = failing.judged(
        in_progress("Waiting", "0 of 1 replicas are ready"),
        [pod(waiting=("ErrImagePull", told))],
        Around(),
    )
    assert "the nodes find no host no.example, from which shop:1 would come" in verdict.warning
    assert verdict.patience_seconds == failing.HOST_PATIENCE_SECONDS
