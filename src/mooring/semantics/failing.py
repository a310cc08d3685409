"""
Why pods do not come up, and whether waiting can help.

Three classes.  *At once*: nothing but a change of the manifests, or of what they name, mends it.
*Budgeted*: a container that crashes may only be early, so some restarts are borne.  *Patient*: a
node may yet join, a volume may yet be attached; these are told, and end with the time limit.

Kubelets and controllers say it in words that are not part of the API; the words here are those of
Kubernetes 1.28 to 1.34.

Sources: https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/images/types.go,
https://github.com/kubernetes/kubernetes/blob/master/pkg/kubelet/kuberuntime/kuberuntime_container.go,
https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
"""

import re
from collections.abc import Iterable, Iterator
from enum import StrEnum

import msgspec

from mooring.semantics import fields, told_by_events
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness import conditions
from mooring.semantics.readiness.around import Around, Budget
from mooring.semantics.readiness.verdicts import Status, Verdict


class Urgency(StrEnum):
    """Whether waiting can help."""

    AT_ONCE = "at once"
    BUDGETED = "budgeted"
    PATIENT = "patient"


class Trouble(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What is wrong with one container, pod or controller.

    ``reason`` is one word of ours or of Kubernetes, ``message`` a sentence.  ``pod`` and
    ``container`` are where its log may say more, empty where there is none; ``runs`` says that the
    container has not ended.  ``patience_seconds`` is how long it may last before it counts as
    failure, where that is shorter than for others.
    """

    reason: str
    urgency: Urgency
    message: str
    pod: str = ""
    container: str = ""
    restarts: int = 0
    exit_code: int | None = None
    patience_seconds: float | None = None
    runs: bool = False

    @property
    def has_run(self) -> bool:
        """Whether the container ran, so that it has a log."""
        return self.exit_code is not None or self.runs


_TEMPORARY = (
    "i/o timeout",
    "timeout exceeded",
    "connection refused",
    "connection reset",
    "no such host",
    "temporary failure",
    "toomanyrequests",
    "429 too many",
    "500 internal",
    "502 bad",
    "503 service",
    "504 gateway",
    "tls handshake",
)
"""What a registry or a network says that may answer the next time."""

_UNKNOWN_HOST = re.compile(
    r"lookup (?P<host>[^\s:]+)[^:]*:.*?(?:no such host|server misbehaving|name resolution)",
    re.DOTALL,
)
"""What the resolver of Go says of a name that it does not find."""

HOST_PATIENCE_SECONDS = 60.0
"""So long a name may stay unknown: by then a kubelet has asked for it four times."""

_ABSENT = ("not found", "does not exist", "manifest unknown", "name unknown", "no such image")
_REFUSED = ("unauthorized", "denied", "forbidden", "authentication required", "no basic auth")
_WRONG_MACHINE = ("exec format error", "no match for platform", "no matching manifest for")
_NO_PROGRAM = ("executable file not found", "no such file or directory", "permission denied")

_IMAGE_REASONS = frozenset({"ErrImagePull", "ImagePullBackOff"})
_PERMANENT = {
    "InvalidImageName": "the image's name is malformed",
    "ErrImageNeverPull": "the image is not on the node and must not be pulled (Never)",
    "ImageInspectError": "the image on the node is damaged",
    "CreateContainerConfigError": "its configuration is incomplete",
}
_NOT_STARTED = frozenset(
    {
        "RunContainerError",
        "CreateContainerError",
        "StartError",
        "ContainerCannotRun",
        "PreCreateHookError",
        "PostStartHookError",
    }
)
_REFUSALS = (
    ("exceeded quota", "QuotaExceeded"),
    ("failed quota", "AmountsMissing"),
    ("violates PodSecurity", "PodSecurityRefused"),
    ("error looking up service account", "ServiceAccountMissing"),
    ("serviceaccount", "ServiceAccountMissing"),
    ("admission webhook", "WebhookRefused"),
    ("failed calling webhook", "WebhookUnreachable"),
    ("maximum cpu usage", "LimitRangeRefused"),
    ("maximum memory usage", "LimitRangeRefused"),
    ("minimum cpu usage", "LimitRangeRefused"),
    ("minimum memory usage", "LimitRangeRefused"),
    ("no PriorityClass with name", "PriorityClassMissing"),
    ("is forbidden", "PodsRefused"),
    ("is invalid", "PodsInvalid"),
)


def of_pod(pod: Manifest, events: Iterable[Manifest] = ()) -> Iterator[Trouble]:
    """Yield what is wrong with ``pod``, of which ``events`` tell; the worst is not first."""
    name = fields.text(fields.at(pod, "metadata", "name")) or ""
    told = [event for event in events if fields.at(event, "involvedObject", "name") == name]
    yield from _of_scheduling(pod, name)
    for field in ("initContainerStatuses", "containerStatuses"):
        for _, status in fields.mappings(fields.at(pod, "status", field)):
            trouble = _of_container(status, name, told)
            if trouble is not None:
                yield trouble
    if not fields.at(pod, "spec", "nodeName"):
        for message in told_by_events.volumes_not_made(pod, events):
            yield Trouble(
                reason="VolumeNotMade", urgency=Urgency.PATIENT, message=message, pod=name
            )
    if fields.at(pod, "status", "reason") == "Evicted":
        message = fields.text(fields.at(pod, "status", "message")) or "it was evicted"
        yield Trouble(reason="Evicted", urgency=Urgency.BUDGETED, message=message, pod=name)
    for event in events:
        if fields.at(event, "involvedObject", "name") == name:
            yield from _of_volume(event, name)


def _of_scheduling(pod: Manifest, name: str) -> Iterator[Trouble]:
    scheduled = conditions.condition(pod, "PodScheduled")
    if scheduled.get("status") == "False":
        reason, message = conditions.said(scheduled)
        if reason in ("Unschedulable", "SchedulerError"):
            yield Trouble(
                reason="Unschedulable",
                urgency=Urgency.PATIENT,
                message=_without_preemption(message) or "no node takes it",
                pod=name,
            )


def _without_preemption(message: str) -> str:
    """Return why no node takes a pod, without what the scheduler says of pods it could evict."""
    told = message.partition(" preemption:")[0].strip()
    return told.removesuffix("no new claims to deallocate,").strip().rstrip(".,")


def _of_volume(event: Manifest, name: str) -> Iterator[Trouble]:
    reason, message = conditions.said(event)
    if reason == "FailedCreatePodSandBox":
        yield Trouble(reason=reason, urgency=Urgency.PATIENT, message=_one_line(message), pod=name)
    if reason in ("FailedMount", "FailedAttachVolume", "FailedMapVolume"):
        # A ConfigMap or Secret that does not exist is waited for by the kubelet, without end.
        is_missing = "not found" in message and ("configmap" in message or "secret" in message)
        yield Trouble(
            reason="ConfigurationMissing" if is_missing else reason,
            urgency=Urgency.AT_ONCE if is_missing else Urgency.PATIENT,
            message=message,
            pod=name,
        )


_NEVER: Manifest = {}
"""The end of a container that has not ended."""


def _of_container(status: Manifest, pod: str, events: list[Manifest]) -> Trouble | None:
    container = fields.text(status.get("name")) or ""
    restarts = fields.integer(status.get("restartCount")) or 0
    waiting = fields.mapping(fields.at(status, "state", "waiting"))
    ended = fields.mapping(fields.at(status, "state", "terminated"))
    before = fields.mapping(fields.at(status, "lastState", "terminated"))
    reason, message = conditions.said(waiting)

    def trouble(reason: str, urgency: Urgency, message: str, last: Manifest = _NEVER) -> Trouble:
        return Trouble(
            reason=reason,
            urgency=urgency,
            message=f"{container}: {message}",
            pod=pod,
            container=container,
            restarts=restarts,
            exit_code=fields.integer(last.get("exitCode")),
            patience_seconds=HOST_PATIENCE_SECONDS if reason == "RegistryUnknown" else None,
        )

    if reason in _IMAGE_REASONS:
        image = fields.text(status.get("image")) or "the image"
        told = (fields.text(event.get("message")) or "" for event in events)
        text = " ".join([message, *(one for one in told if "pull" in one)])
        return trouble(*_image(reason, image, text, message))
    if reason in _PERMANENT:
        return trouble(reason, Urgency.AT_ONCE, message or _PERMANENT[reason])
    if reason in _NOT_STARTED:
        return trouble(*_not_started(reason, message))
    if "running" in fields.mapping(status.get("state")) and status.get("ready") is False:
        fails = told_by_events.failing_probe(events, container, ("Startup", "Readiness"), times=3)
        if fails:
            found = trouble("NotReady", Urgency.PATIENT, fails)
            return msgspec.structs.replace(found, runs=True, restarts=0)
    last = ended or before
    if not last or (ended and fields.integer(ended.get("exitCode")) == 0):
        return None
    last_reason, last_message = conditions.said(last)
    code = fields.integer(last.get("exitCode"))
    if last_reason in _NOT_STARTED:
        return trouble(*_not_started(last_reason, last_message))
    if not ended and reason != "CrashLoopBackOff":
        return None  # It runs again.
    if any(words in last_message for words in _WRONG_MACHINE):
        return trouble("WrongArchitecture", Urgency.AT_ONCE, _one_line(last_message), last)
    if last_reason == "OOMKilled":
        return trouble("OutOfMemory", Urgency.BUDGETED, "it took more memory than its limit", last)
    words = f"it ended with status {code}"
    if fails := told_by_events.failing_probe(events, container, ("Liveness", "Startup")):
        words = f"it was ended because {fails}"
    if restarts:
        words = f"{words}, {restarts} restart{'' if restarts == 1 else 's'}"
    if last_message:
        words = f"{words}: {_one_line(last_message)}"
    return trouble("CrashLoop" if restarts else "Crash", Urgency.BUDGETED, words, last)


def _image(reason: str, image: str, text: str, message: str) -> tuple[str, Urgency, str]:
    lowered = text.lower()
    if any(words in lowered for words in _WRONG_MACHINE):
        return "WrongArchitecture", Urgency.AT_ONCE, f"{image} is not made for the node's machine"
    is_second = reason == "ImagePullBackOff"
    urgency = Urgency.AT_ONCE if is_second else Urgency.PATIENT
    if any(words in lowered for words in _REFUSED):
        # Many registries answer so for an image that does not exist.
        return "ImageRefused", urgency, f"the registry does not give out {image}"
    unknown = _UNKNOWN_HOST.search(text)
    if unknown is not None:
        told = f"the nodes find no host {unknown['host']}, from which {image} would come"
        return "RegistryUnknown", Urgency.PATIENT, told
    if any(words in lowered for words in _TEMPORARY):
        return "RegistryUnreachable", Urgency.PATIENT, f"{image}: {_one_line(message)}"
    if any(words in lowered for words in _ABSENT):
        return "ImageNotFound", urgency, f"there is no image {image}"
    return "ImageNotPulled", urgency, f"{image} cannot be pulled: {_one_line(message)}"


def _not_started(reason: str, message: str) -> tuple[str, Urgency, str]:
    lowered = message.lower()
    if any(words in lowered for words in _WRONG_MACHINE):
        return "WrongArchitecture", Urgency.AT_ONCE, _one_line(message)
    if any(words in lowered for words in _NO_PROGRAM):
        return "ProgramNotFound", Urgency.AT_ONCE, _one_line(message)
    return reason, Urgency.BUDGETED, _one_line(message) or "it could not be started"


def of_controller(live: Manifest, events: Iterable[Manifest] = ()) -> Iterator[Trouble]:
    """
    Yield what keeps a controller from making its pods: quota, admission, a missing account.

    ``live`` is a ReplicaSet, Job, StatefulSet or DaemonSet, or a Deployment, whose condition
    repeats what its ReplicaSet met.
    """
    found = conditions.condition(live, "ReplicaFailure")
    if found.get("status") == "True":
        yield _refusal(conditions.said(found)[1])
        return
    uid = fields.at(live, "metadata", "uid")
    for event in events:
        reason, message = conditions.said(event)
        if reason == "FailedCreate" and fields.at(event, "involvedObject", "uid") == uid:
            yield _refusal(message)


def _refusal(message: str) -> Trouble:
    for words, reason in _REFUSALS:
        if words in message:
            urgency = Urgency.PATIENT if reason == "WebhookUnreachable" else Urgency.AT_ONCE
            return Trouble(reason=reason, urgency=urgency, message=_one_line(message))
    return Trouble(reason="FailedCreate", urgency=Urgency.PATIENT, message=_one_line(message))


def troubles(
    pods: Iterable[Manifest], around: Around, refused: Iterable[Manifest] = ()
) -> tuple[Trouble, ...]:
    """Return everything that is wrong with ``pods`` and with the controllers ``refused``."""
    found = [one for live in refused for one in of_controller(live, around.events)]
    for pod in pods:
        if fields.at(pod, "metadata", "deletionTimestamp") is None:
            found.extend(of_pod(pod, around.events))
    return tuple(found)


_ORDER = {Urgency.AT_ONCE: 0, Urgency.BUDGETED: 1, Urgency.PATIENT: 2}


def worst(
    pods: Iterable[Manifest], around: Around, refused: Iterable[Manifest] = ()
) -> Trouble | None:
    """Return the trouble to name first: what no waiting mends before what may pass."""
    return min(
        troubles(pods, around, refused),
        key=lambda one: (_ORDER[one.urgency], one.reason != "Evicted", -one.restarts),
        default=None,
    )


def is_beyond(trouble: Trouble, budget: Budget) -> bool:
    """Tell whether ``trouble`` counts as failure under ``budget``."""
    match trouble.urgency:
        case Urgency.AT_ONCE:
            return True
        case Urgency.PATIENT:
            return False
        case Urgency.BUDGETED:
            is_memory = trouble.reason == "OutOfMemory"
            allowed = budget.out_of_memory if is_memory else budget.restarts
            return trouble.restarts > allowed


def judged(
    waiting: Verdict,
    pods: Iterable[Manifest],
    around: Around,
    *,
    refused: Iterable[Manifest] = (),
    counts_restarts: bool = True,
) -> Verdict:
    """
    Return ``waiting``, or that the object has failed where its pods say so.

    What is wrong and may yet pass stands in the message, so that it can be told at once.
    ``counts_restarts`` is False where somebody else bounds the tries.
    """
    found = worst(pods, around, refused)
    if found is None:
        return waiting
    where = f"Pod/{found.pod}: " if found.pod else ""
    is_budgeted = found.urgency is Urgency.BUDGETED
    if is_beyond(found, around.budget) and (counts_restarts or not is_budgeted):
        return Verdict(Status.FAILED, found.reason, f"{where}{found.message}")
    return Verdict(
        waiting.status,
        found.reason if found.patience_seconds is not None else waiting.reason,
        waiting.message,
        warning=f"{where}{found.message}",
        patience_seconds=found.patience_seconds,
    )


def is_ready(pod: Manifest) -> bool:
    """Tell whether ``pod`` is ready."""
    return conditions.is_true(pod, "Ready")


def is_running(pod: Manifest) -> bool:
    """Tell whether all of the pod's containers have been started."""
    return fields.at(pod, "status", "phase") in ("Running", "Succeeded")


def restarts(pod: Manifest) -> int:
    """Return how often the containers of ``pod`` were started again."""
    return sum(
        fields.integer(status.get("restartCount")) or 0
        for _, status in fields.mappings(fields.at(pod, "status", "containerStatuses"))
    )


def last_end(pod: Manifest) -> str:
    """Return how the container of ``pod`` ended that was started again last, in a few words."""
    for _, status in fields.mappings(fields.at(pod, "status", "containerStatuses")):
        last = fields.mapping(fields.at(status, "lastState", "terminated"))
        if last:
            name = fields.text(status.get("name")) or ""
            if last.get("reason") == "OOMKilled":
                return f"{name} took more memory than its limit"
            return f"{name} ended with status {last.get('exitCode')}"
    return "and does not say why"


def _one_line(message: str) -> str:
    return " ".join(message.split())
