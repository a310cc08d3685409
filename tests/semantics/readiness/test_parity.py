"""Each rule of readiness: what kstatus says of it, and what we say."""

from typing import Any

import pytest
from tests.semantics.readiness.live import (
    deployment,
    event,
    live,
    pod,
    replica_set,
)

from mooring.semantics.readiness import job, judging, stateful_set
from mooring.semantics.readiness.around import NO_CLASS, Around, Budget

CURRENT, PROGRESS, FAILED = "Current", "InProgress", "Failed"
CRASHED = {"exitCode": 1, "reason": "Error"}
BACK_OFF = ("CrashLoopBackOff", "back-off 40s restarting failed container")

# id: live, around, verdict of kstatus, ours, reason of ours
CASES: dict[str, tuple[Any, Around, str, str, str]] = {
    "absent": (None, Around(), "NotFound", "NotFound", "NotFound"),
    "being-deleted": (
        live("ConfigMap", "v1", deletionTimestamp="2026-01-01T00:00:00Z"),
        Around(), "Terminating", "Terminating", "Deletion",
    ),
    "a-generation-that-its-controller-has-not-seen": (
        deployment(generation=2), Around(), PROGRESS, PROGRESS, "LatestGenerationNotObserved",
    ),
    "reconciling": (
        live("Widget", "x.io/v1", said={"Reconciling": ("True", "Busy", "")}),
        Around(), PROGRESS, PROGRESS, "Busy",
    ),
    "stalled": (
        live("Widget", "x.io/v1", said={"Stalled": ("True", "Stuck", "no")}),
        Around(), FAILED, FAILED, "Stuck",
    ),
    "deployment-ready": (deployment(), Around(), CURRENT, CURRENT, ""),
    "deployment-past-its-deadline": (
        deployment(said={"Progressing": ("False", "ProgressDeadlineExceeded", "late")}),
        Around(), FAILED, FAILED, "ProgressDeadlineExceeded",
    ),
    "deployment-without-a-deadline": (
        deployment(
            spec={"progressDeadlineSeconds": 2**31 - 1},
            said={"Available": ("True", "", "")},
        ),
        Around(), CURRENT, CURRENT, "",
    ),
    "deployment-missing-replicas": (
        deployment(replicas=2), Around(), PROGRESS, PROGRESS, "LessReplicas",
    ),
    "deployment-replicas-default-to-one": (
        deployment(replicas=None, total=0, updated=0, ready=0, available=0),
        Around(), PROGRESS, PROGRESS, "LessReplicas",
    ),
    "deployment-with-old-pods": (
        deployment(updated=0), Around(), PROGRESS, PROGRESS, "LessUpdated",
    ),
    "deployment-with-pods-too-many": (
        deployment(total=2), Around(), PROGRESS, PROGRESS, "ExtraPods",
    ),
    "deployment-not-yet-available": (
        deployment(available=0), Around(), PROGRESS, PROGRESS, "LessAvailable",
    ),
    "deployment-not-ready": (deployment(ready=0), Around(), PROGRESS, PROGRESS, "LessReady"),
    "deployment-whose-new-set-is-not-available": (
        deployment(said={"Progressing": ("True", "ReplicaSetUpdated", "")}),
        Around(), PROGRESS, PROGRESS, "ReplicaSetNotAvailable",
    ),
    "deployment-of-zero-replicas": (
        deployment(replicas=0, total=0, updated=0, ready=0, available=0),
        Around(), CURRENT, CURRENT, "",
    ),
    "deployment-that-no-controller-has-seen": (
        deployment(replicas=0, total=0, updated=0, ready=0, available=0, observed=None),
        Around(), CURRENT, PROGRESS, "NotObserved",
    ),
    "deployment-paused": (
        deployment(ready=0, spec={"paused": True}), Around(), PROGRESS, PROGRESS, "Paused",
    ),
    "deployment-with-an-image-that-is-not-there": (
        deployment(ready=0),
        Around(
            replica_sets=(replica_set("2", "new"),),
            pods=(pod(waiting=("ImagePullBackOff", "shop:1: not found"), owner="new"),),
        ),
        PROGRESS, FAILED, "ImageNotFound",
    ),
    "deployment-whose-old-pods-are-broken": (
        deployment(ready=0),
        Around(
            replica_sets=(replica_set("1", "old"), replica_set("2", "new")),
            pods=(pod(waiting=("ImagePullBackOff", "shop:1: not found"), owner="old"),),
        ),
        PROGRESS, PROGRESS, "LessReady",
    ),
    "deployment-over-quota": (
        deployment(ready=0, said={"ReplicaFailure": ("True", "FailedCreate", "exceeded quota: q")}),
        Around(), PROGRESS, FAILED, "QuotaExceeded",
    ),
    "deployment-crashing-within-its-budget": (
        deployment(ready=0),
        Around(pods=(pod(waiting=BACK_OFF, last=CRASHED, restarts=3),)),
        PROGRESS, PROGRESS, "LessReady",
    ),
    "deployment-crashing-beyond-its-budget": (
        deployment(ready=0),
        Around(pods=(pod(waiting=BACK_OFF, last=CRASHED, restarts=4),)),
        PROGRESS, FAILED, "CrashLoop",
    ),
    "deployment-crashing-while-its-database-starts": (
        deployment(ready=0),
        Around(
            pods=(pod(waiting=BACK_OFF, last=CRASHED, restarts=4),),
            budget=Budget().while_waiting(),
        ),
        PROGRESS, PROGRESS, "LessReady",
    ),
    "deployment-crashing-in-an-init-container": (
        deployment(ready=0),
        Around(pods=(pod(waiting=BACK_OFF, last=CRASHED, restarts=4, init=True),)),
        PROGRESS, FAILED, "CrashLoop",
    ),
    "stateful-set-ready": (
        live("StatefulSet", "apps/v1", status={"replicas": 1, "readyReplicas": 1,
             "currentReplicas": 1}),
        Around(), CURRENT, CURRENT, "",
    ),
    "stateful-set-missing-replicas": (
        live("StatefulSet", "apps/v1", spec={"replicas": 2}, status={"replicas": 1}),
        Around(), PROGRESS, PROGRESS, "LessReplicas",
    ),
    "stateful-set-not-ready": (
        live("StatefulSet", "apps/v1", status={"replicas": 1}),
        Around(), PROGRESS, PROGRESS, "LessReady",
    ),
    "stateful-set-with-replicas-too-many": (
        live("StatefulSet", "apps/v1", status={"replicas": 2, "readyReplicas": 2}),
        Around(), PROGRESS, PROGRESS, "ExtraPods",
    ),
    "stateful-set-on-delete": (
        live("StatefulSet", "apps/v1", spec={"updateStrategy": {"type": "OnDelete"}}),
        Around(), CURRENT, CURRENT, "",
    ),
    "stateful-set-partly-rolled-out": (
        live(
            "StatefulSet", "apps/v1",
            spec={"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 1}}},
            status={"replicas": 3, "readyReplicas": 3, "updatedReplicas": 1},
        ),
        Around(), PROGRESS, PROGRESS, "PartitionRollout",
    ),
    "stateful-set-rolled-out-to-its-partition": (
        live(
            "StatefulSet", "apps/v1",
            spec={"replicas": 3, "updateStrategy": {"rollingUpdate": {"partition": 1}}},
            status={"replicas": 3, "readyReplicas": 3, "updatedReplicas": 2,
                    "currentRevision": "a", "updateRevision": "b"},
        ),
        Around(), CURRENT, CURRENT, "",
    ),
    "stateful-set-of-two-revisions": (
        live(
            "StatefulSet", "apps/v1",
            status={"replicas": 1, "readyReplicas": 1, "currentReplicas": 1,
                    "currentRevision": "a", "updateRevision": "b"},
        ),
        Around(), PROGRESS, PROGRESS, "RollingUpdate",
    ),
    "stateful-set-with-a-wrong-machine": (
        live("StatefulSet", "apps/v1", status={"replicas": 1}),
        Around(pods=(pod(waiting=("CreateContainerError", "exec format error")),)),
        PROGRESS, FAILED, "WrongArchitecture",
    ),
    "daemon-set-ready": (
        live("DaemonSet", "apps/v1", status=dict.fromkeys(
            ("desiredNumberScheduled", "currentNumberScheduled", "updatedNumberScheduled",
             "numberAvailable", "numberReady"), 2)),
        Around(), CURRENT, CURRENT, "",
    ),
    "daemon-set-without-a-generation-seen": (
        live("DaemonSet", "apps/v1", observed=None), Around(), PROGRESS, PROGRESS, "NotObserved",
    ),
    "daemon-set-of-unknown-number": (
        live("DaemonSet", "apps/v1"), Around(), PROGRESS, PROGRESS, "NoDesiredNumber",
    ),
    "daemon-set-not-ready": (
        live("DaemonSet", "apps/v1", status={
            "desiredNumberScheduled": 2, "currentNumberScheduled": 2,
            "updatedNumberScheduled": 2, "numberAvailable": 2, "numberReady": 1}),
        Around(), PROGRESS, PROGRESS, "LessReady",
    ),
    "daemon-set-on-delete-with-old-pods": (
        live("DaemonSet", "apps/v1", spec={"updateStrategy": {"type": "OnDelete"}}, status={
            "desiredNumberScheduled": 1, "currentNumberScheduled": 1,
            "numberAvailable": 1, "numberReady": 1}),
        Around(), PROGRESS, CURRENT, "",
    ),
    "daemon-set-on-no-node": (
        live("DaemonSet", "apps/v1", status={"desiredNumberScheduled": 0}),
        Around(), CURRENT, CURRENT, "",
    ),
    "replica-set-refused": (
        live("ReplicaSet", "apps/v1",
             said={"ReplicaFailure": ("True", "FailedCreate", 'pods "x" violates PodSecurity')}),
        Around(), PROGRESS, FAILED, "PodSecurityRefused",
    ),
    "replica-set-ready": (
        live("ReplicaSet", "apps/v1", status={"replicas": 1, "fullyLabeledReplicas": 1,
             "availableReplicas": 1, "readyReplicas": 1}),
        Around(), CURRENT, CURRENT, "",
    ),
    "job-complete": (
        live("Job", "batch/v1", said={"Complete": ("True", "", "")}, observed=None),
        Around(), CURRENT, CURRENT, "Complete",
    ),
    "job-running": (
        live("Job", "batch/v1", status={"startTime": "2026-01-01T00:00:00Z"}, observed=None),
        Around(), CURRENT, PROGRESS, "JobRunning",
    ),
    "job-not-started": (
        live("Job", "batch/v1", observed=None), Around(), PROGRESS, PROGRESS, "JobNotStarted",
    ),
    "job-whose-success-is-decided": (
        live("Job", "batch/v1", status={"startTime": "2026-01-01T00:00:00Z"},
             said={"SuccessCriteriaMet": ("True", "", "")}, observed=None),
        Around(), CURRENT, CURRENT, "Complete",
    ),
    "job-failed": (
        live("Job", "batch/v1", said={"Failed": ("True", "BackoffLimitExceeded", "6 tries")},
             observed=None),
        Around(), FAILED, FAILED, "BackoffLimitExceeded",
    ),
    "job-about-to-fail": (
        live("Job", "batch/v1", status={"startTime": "2026-01-01T00:00:00Z"},
             said={"FailureTarget": ("True", "DeadlineExceeded", "late")}, observed=None),
        Around(), CURRENT, FAILED, "DeadlineExceeded",
    ),
    "job-suspended": (
        live("Job", "batch/v1", spec={"suspend": True}, said={"Suspended": ("True", "", "")},
             observed=None),
        Around(), CURRENT, CURRENT, "Suspended",
    ),
    "job-whose-image-is-not-there": (
        live("Job", "batch/v1", status={"startTime": "2026-01-01T00:00:00Z"}, observed=None),
        Around(pods=(pod(waiting=("ImagePullBackOff", "manifest unknown")),)),
        CURRENT, FAILED, "ImageNotFound",
    ),
    "job-that-crashes-has-tries-of-its-own": (
        live("Job", "batch/v1", status={"startTime": "2026-01-01T00:00:00Z"}, observed=None),
        Around(pods=(pod(waiting=BACK_OFF, last=CRASHED, restarts=9),)),
        CURRENT, PROGRESS, "JobRunning",
    ),
    "cron-job": (live("CronJob", "batch/v1", observed=None), Around(), CURRENT, CURRENT, ""),
    "pod-ready": (
        pod(phase="Running", said={"Ready": ("True", "", "")}), Around(), CURRENT, CURRENT, "",
    ),
    "pod-succeeded": (pod(phase="Succeeded"), Around(), CURRENT, CURRENT, ""),
    "pod-failed": (pod(phase="Failed", ended=CRASHED), Around(), CURRENT, FAILED, "PodFailed"),
    "pod-crash-loop-of-one-restart": (
        pod(phase="Running", waiting=BACK_OFF, last=CRASHED, restarts=1),
        Around(), FAILED, PROGRESS, "PodRunning",
    ),
    "pod-with-a-missing-key": (
        pod(waiting=("CreateContainerConfigError", "couldn't find key A in Secret b/c")),
        Around(), PROGRESS, FAILED, "CreateContainerConfigError",
    ),
    "pod-with-a-malformed-image": (
        pod(waiting=("InvalidImageName", "")), Around(), PROGRESS, FAILED, "InvalidImageName",
    ),
    "pod-that-is-pending": (pod(), Around(), PROGRESS, PROGRESS, "PodPending"),
    "claim-bound": (
        live("PersistentVolumeClaim", "v1", status={"phase": "Bound"}),
        Around(), CURRENT, CURRENT, "",
    ),
    "claim-pending": (
        live("PersistentVolumeClaim", "v1", status={"phase": "Pending"}),
        Around(), PROGRESS, PROGRESS, "NotBound",
    ),
    "claim-that-waits-for-its-first-pod": (
        live("PersistentVolumeClaim", "v1", status={"phase": "Pending"}),
        Around(binding_mode="WaitForFirstConsumer"), PROGRESS, CURRENT, "WaitForFirstConsumer",
    ),
    "claim-lost": (
        live("PersistentVolumeClaim", "v1", status={"phase": "Lost"}),
        Around(), PROGRESS, FAILED, "ClaimLost",
    ),
    "claim-whose-class-is-not-there": (
        live("PersistentVolumeClaim", "v1", spec={"storageClassName": "fast"},
             status={"phase": "Pending"}),
        Around(binding_mode=NO_CLASS,
               events=(event("ProvisioningFailed", 'storageclass "fast" not found'),)),
        PROGRESS, FAILED, "StorageClassMissing",
    ),
    "claim-whose-class-is-but-a-name": (
        live("PersistentVolumeClaim", "v1", spec={"storageClassName": "by-hand"},
             status={"phase": "Pending"}),
        Around(binding_mode=NO_CLASS), PROGRESS, PROGRESS, "NotBound",
    ),
    "service-without-endpoints": (
        live("Service", "v1", spec={"selector": {"app": "x"}}),
        Around(backing_replicas=1), CURRENT, PROGRESS, "NoEndpoints",
    ),
    "service-with-an-endpoint": (
        live("Service", "v1", spec={"selector": {"app": "x"}}),
        Around(
            backing_replicas=1,
            endpoint_slices=({"endpoints": [{"addresses": ["10.0.0.1"],
                                             "conditions": {"ready": True}}]},),
        ),
        CURRENT, CURRENT, "",
    ),
    "service-whose-workload-has-no-replicas": (
        live("Service", "v1", spec={"selector": {"app": "x"}}),
        Around(backing_replicas=0), CURRENT, CURRENT, "",
    ),
    "service-without-a-selector": (live("Service", "v1"), Around(), CURRENT, CURRENT, ""),
    "service-for-somebody-outside": (
        live("Service", "v1", spec={"type": "ExternalName", "externalName": "db.example.com"}),
        Around(backing_replicas=1), CURRENT, CURRENT, "",
    ),
    "service-that-leads-to-unready-pods": (
        live("Service", "v1", spec={"selector": {"a": "b"}, "publishNotReadyAddresses": True}),
        Around(backing_replicas=1), CURRENT, CURRENT, "",
    ),
    "load-balancer-without-any-address": (
        live("Service", "v1", spec={"type": "LoadBalancer", "selector": {"a": "b"}}),
        Around(), PROGRESS, PROGRESS, "NoAddress",
    ),
    "ingress-without-an-address": (
        live("Ingress", "networking.k8s.io/v1"), Around(), CURRENT, CURRENT, "",
    ),
    "autoscaler-without-metrics": (
        live("HorizontalPodAutoscaler", "autoscaling/v2",
             said={"ScalingActive": ("False", "FailedGetResourceMetric", "no metrics")}),
        Around(), CURRENT, CURRENT, "",
    ),
    "budget-of-one-pod": (
        live("PodDisruptionBudget", "policy/v1",
             status={"expectedPods": 1, "disruptionsAllowed": 0}),
        Around(), CURRENT, CURRENT, "",
    ),
    "definition-established": (
        live("CustomResourceDefinition", "apiextensions.k8s.io/v1",
             said={"Established": ("True", "", "")}, observed=None),
        Around(is_served=True), CURRENT, CURRENT, "",
    ),
    "definition-that-discovery-does-not-serve-yet": (
        live("CustomResourceDefinition", "apiextensions.k8s.io/v1",
             said={"Established": ("True", "", "")}, observed=None),
        Around(is_served=False), CURRENT, PROGRESS, "NotServed",
    ),
    "definition-whose-names-are-taken": (
        live("CustomResourceDefinition", "apiextensions.k8s.io/v1",
             said={"NamesAccepted": ("False", "ListKindConflict", "taken")}, observed=None),
        Around(), FAILED, FAILED, "ListKindConflict",
    ),
    "definition-being-installed": (
        live("CustomResourceDefinition", "apiextensions.k8s.io/v1",
             said={"Established": ("False", "Installing", "")}, observed=None),
        Around(), PROGRESS, PROGRESS, "Installing",
    ),
    "namespace-that-ends": (
        live("Namespace", "v1", status={"phase": "Terminating"}, observed=None),
        Around(), CURRENT, "Terminating", "Terminating",
    ),
    "api-service-not-available": (
        live("APIService", "apiregistration.k8s.io/v1",
             said={"Available": ("False", "MissingEndpoints", "none")}, observed=None),
        Around(), CURRENT, PROGRESS, "MissingEndpoints",
    ),
    "custom-resource-not-ready": (
        live("Widget", "x.io/v1", said={"Ready": ("False", "Waiting", "")}),
        Around(), PROGRESS, PROGRESS, "Waiting",
    ),
    "custom-resource-without-status-just-written": (
        live("Widget", "x.io/v1", observed=None),
        Around(has_status=True, applied_at=100.0, now=105.0), CURRENT, PROGRESS, "NoStatus",
    ),
    "custom-resource-without-status-for-long": (
        live("Widget", "x.io/v1", observed=None),
        Around(has_status=True, applied_at=100.0, now=130.0), CURRENT, CURRENT, "",
    ),
    "custom-resource-whose-condition-is-older": (
        {**live("Widget", "x.io/v1", generation=2, observed=None),
         "status": {"conditions": [{"type": "Ready", "status": "True", "observedGeneration": 1}]}},
        Around(), CURRENT, PROGRESS, "LatestGenerationNotObserved",
    ),
    "config-map": (live("ConfigMap", "v1", observed=None), Around(), CURRENT, CURRENT, ""),
    "network-policy": (
        live("NetworkPolicy", "networking.k8s.io/v1", observed=None), Around(),
        CURRENT, CURRENT, "",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("seen", "around", "theirs", "ours", "reason"), CASES.values(), ids=CASES)
def test_verdicts(seen: Any, around: Around, theirs: str, ours: str, reason: str) -> None:
    found = judging.judged(seen, around)
    assert (judging.kstatus(seen).status, found.status, found.reason) == (theirs, ours, reason)


def test_kstatus_gives_up_on_a_pod_that_no_node_takes_after_15_seconds() -> None:
    made = pod(said={"PodScheduled": ("False", "Unschedulable", "0/3 nodes")})
    made["status"]["conditions"][0]["lastTransitionTime"] = "1970-01-01T00:01:00Z"
    assert judging.kstatus(made, now=70.0).status == PROGRESS
    assert judging.kstatus(made, now=80.0).status == FAILED
    ours = judging.judged(made, Around(now=80.0))
    assert ours.status == PROGRESS
    assert "0/3 nodes" in ours.warning


@pytest.mark.parametrize(
    ("seen", "around", "words"),
    [
        pytest.param(
            live("CronJob", "batch/v1", spec={"suspend": True}), Around(), "suspended",
            id="a-cron-job-that-is-suspended",
        ),
        pytest.param(
            CASES["ingress-without-an-address"][0], Around(), "no controller", id="an-ingress",
        ),
        pytest.param(
            CASES["budget-of-one-pod"][0], Around(), "cannot be drained", id="a-budget",
        ),
        pytest.param(
            CASES["autoscaler-without-metrics"][0], Around(), "no metrics", id="an-autoscaler",
        ),
        pytest.param(
            CASES["daemon-set-on-no-node"][0], Around(), "no node fits", id="a-daemon-set",
        ),
        pytest.param(
            CASES["daemon-set-on-delete-with-old-pods"][0], Around(), "1 pods", id="on-delete",
        ),
    ],
)  # fmt: skip
def test_nothing_waits_but_somebody_is_told(seen: Any, around: Around, words: str) -> None:
    assert words in judging.judged(seen, around).warning


@pytest.mark.parametrize(
    ("complete", "succeeded", "events", "status"),
    [
        pytest.param(True, 0, "", CURRENT, id="its-completion-was-seen"),
        pytest.param(False, 1, "", CURRENT, id="its-pod-was-seen-to-succeed"),
        pytest.param(False, 0, "BackoffLimitExceeded", FAILED, id="its-events-tell-otherwise"),
        pytest.param(False, 0, "", "NotFound", id="nothing-is-known"),
    ],
)
def test_a_job_that_vanished(complete: bool, succeeded: int, events: str, status: str) -> None:
    verdict = job.vanished(seen_complete=complete, succeeded=succeeded, wanted=1, events=events)
    assert verdict.status == status


def test_a_broken_pod_of_an_old_revision_holds_up_a_stateful_set() -> None:
    made = live("StatefulSet", "apps/v1", status={"updateRevision": "new"})
    old = pod(revision="old")
    ready = pod(revision="old", said={"Ready": ("True", "", "")})
    assert stateful_set.stuck_pods(made, (old, ready, pod(revision="new"))) == (old,)
    parallel = {**made, "spec": {"podManagementPolicy": "Parallel"}}
    assert stateful_set.stuck_pods(parallel, (old,)) == ()


def test_an_event_of_a_job_names_what_refuses_its_pods() -> None:
    made = live("Job", "batch/v1", observed=None)
    told = event("FailedCreate", 'pods "x" is forbidden: exceeded quota: q', uid="uid-Job")
    assert judging.judged(made, Around(events=(told,))).reason == "QuotaExceeded"
    other = event("FailedCreate", "exceeded quota: q", uid="another")
    assert judging.judged(made, Around(events=(other,))).status == PROGRESS


def test_a_service_that_selects_nothing_is_told_with_its_labels() -> None:
    service = live("Service", "v1", spec={"selector": {"tier": "web", "app": "apii"}})
    verdict = judging.judged(service, Around())
    assert verdict.is_current
    assert verdict.warning == "nothing here has the labels that it selects: app=apii, tier=web"
    assert not judging.judged(service, Around(is_seen=False)).warning
