"""
What the kubelets of the test bed pretend: the changes that make up a pod's life.

A pod's behaviour is chosen by the label `bed.mooring.dev/stage` of its template (see `Stage`); one
without it becomes ready, or completes when it does not restart (a Job's).  The label may be changed
on the living pod, which goes on from where it is: relabelled `ready`, it leaves its crash loop.
Annotations of the template set the details (see `Note`).

States, reasons, messages, restart counts, conditions and events are those of the kubelet 1.36
(`pkg/kubelet/{images,kuberuntime,prober,status}`), with one exception: time runs ten times as fast
where a kubelet backs off, so that "back-off 10s" takes one second.  The state that a pod is in is
kept in a condition of its own, `bed.mooring.dev/At`, whose message counts the changes.

How that looks is written in `status.gotmpl` and `event.gotmpl`; here is which change follows which.
`kwok` makes stages of both.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

LABEL = "bed.mooring.dev/stage"
PROVISIONER = "bed.mooring.dev/provisioner"


class Stage(StrEnum):
    """How a pod behaves: values of the label `bed.mooring.dev/stage`."""

    READY = "ready"
    """Starts, and is ready after `delay` (at once without a readiness or startup probe)."""
    NEVER_READY = "never-ready"
    """Runs, and its readiness probe fails for ever."""
    LIVENESS = "liveness"
    """Runs for `delay`, then is killed by its liveness probe, and so on."""
    STARTUP = "startup"
    """Never starts up: its startup probe fails, and it is killed after `delay`, and so on."""
    CRASH = "crash"
    """Exits with `exit-code` after `delay`, each time; a pod that never restarts has failed."""
    RECOVERS = "recovers"
    """Crashes `crashes` times and is ready then, as a program that waits for its database."""
    FAILS_LATER = "fails-later"
    """Becomes ready, and exits with `exit-code` after `delay`, each time."""
    OOM = "oom"
    """Is killed for want of memory after `delay`, each time."""
    COMPLETE = "complete"
    """Exits with 0 after `delay`: what a Job wants, and a Deployment does not."""
    IMAGE_PULL = "image-pull"
    """Its image cannot be pulled; `message` says why."""
    INVALID_IMAGE_NAME = "invalid-image-name"
    CONFIG_ERROR = "config-error"
    """A Secret or ConfigMap that its environment needs is not there; `message` says which."""
    START_ERROR = "start-error"
    """The runtime cannot start its command; `message` says why."""
    SLOW_VOLUME = "slow-volume"
    """Its volume is mounted after `delay` (20s when unset), and it is ready then."""
    NO_VOLUME = "no-volume"
    """Its volume is never mounted; `message` says why."""
    NO_SANDBOX = "no-sandbox"
    """Its network is never made; `message` says why."""
    INIT_CRASH = "init-crash"
    """Its init container (the first, or `container`) exits with `exit-code`, each time."""
    EVICTED = "evicted"
    """Is ready, and evicted after `delay` because its node is short of memory."""


class Note(StrEnum):
    """Annotations that set the details of a pod's behaviour."""

    DELAY = "bed.mooring.dev/delay"
    """A duration as Go writes it, such as `3s`; its meaning is told with each stage."""
    EXIT_CODE = "bed.mooring.dev/exit-code"
    CRASHES = "bed.mooring.dev/crashes"
    CONTAINER = "bed.mooring.dev/container"
    """Which container behaves so; the first one otherwise, and the others run."""
    MESSAGE = "bed.mooring.dev/message"
    LOGS = "bed.mooring.dev/logs"
    """What the containers have written: the name of a file of the bed (see `Bed.write_log`)."""
    STOP = "bed.mooring.dev/stop"
    """How long a deleted pod takes to end."""


LOGS = {
    Stage.CRASH: "starting\nFATAL: cannot reach db:5432: connection refused\n",
    Stage.OOM: "loading the whole catalogue into memory\n",
}
"""What containers have written when `Note.LOGS` does not say; the others: "started"."""

_AT = "bed.mooring.dev/At"

BEHAVIOUR = (
    f'.metadata.labels["{LABEL}"] //'
    ' (if .spec.restartPolicy == "Always" then "ready" else "complete" end)'
)
STATE = f'[.status.conditions[]? | select(.type == "{_AT}") | .reason] | (.[0] // "New")'
_RESTARTS = (
    "([(.status.containerStatuses, .status.initContainerStatuses)[]?.restartCount] | max // 0)"
)
_CRASHES = f'(.metadata.annotations["{Note.CRASHES}"] // "2" | tonumber)'
_HAS_INIT = "((.spec.initContainers // []) | length > 0)"
_PROBED = "any(.spec.containers[]; .readinessProbe or .startupProbe)"


class Event(NamedTuple):
    """An event; its text is an expression of the template."""

    type: str
    reason: str
    text: str
    of_container: bool = True


class Look(NamedTuple):
    """How a pod is after a change; the words are those of `status.gotmpl`."""

    how: str = "keep"
    others: str = "keep"
    inits: str = "keep"
    phase: str = "Running"
    reason: str = '""'
    """Expressions of the template, as are ``message`` and ``code``."""
    message: str = '""'
    code: str = "0"
    of_init: bool = False
    sandbox: bool = True
    why: str = '""'
    text: str = '""'


class Change(NamedTuple):
    """One change of a pod: for which behaviours, from which states, to which, and when."""

    name: str
    stages: Sequence[Stage]
    sources: Sequence[str]
    to: str
    look: Look
    after: str = "0s"
    """A duration, or a jq expression of one."""
    when: str = "true"
    """A jq expression."""
    events: Sequence[Event] = ()


def annotation(note: Note, default: str) -> str:
    return f'.metadata.annotations["{note}"] // "{default}"'


_DELAY = annotation(Note.DELAY, "1s")
_BACK_OFF = f'([pow(2; {_RESTARTS} - 1), 30] | min | floor | tostring) + "s"'
"""A tenth of what a kubelet waits: 10 s, doubled each time, at most 5 minutes."""

_PULL_ERROR = (
    '(or $note (printf `failed to pull and unpack image "%s": failed to resolve reference "%s":'
    " %s: not found` $c.image $c.image $c.image))"
)
_PULL_FAILS = (
    Event("Normal", "Pulling", '(printf `Pulling image "%s"` $c.image)'),
    Event(
        "Warning",
        "Failed",
        f'(printf `Failed to pull image "%s": %s` $c.image {_PULL_ERROR})',
    ),
    Event("Warning", "Failed", "`Error: ErrImagePull`"),
)
_NAME_ERROR = (
    '(printf `Failed to apply default image tag "%s": couldn\'t parse image name "%s":'
    " invalid reference format` $c.image $c.image)"
)
_CONFIG_ERROR = '(or $note `secret "absent" not found`)'
_START_ERROR = (
    "(or $note (printf `failed to create containerd task: failed to create shim task: OCI runtime"
    " create failed: runc create failed: unable to start container process: error during container"
    ' init: exec: "%s": executable file not found in $PATH'
    "` (or $c.command (list `run`) | first)))"
)
_MOUNT_ERROR = (
    '(or $note `MountVolume.SetUp failed for volume "config" : configmap "absent" not found`)'
)
_SANDBOX_ERROR = (
    "(printf `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup"
    ' network for sandbox: %s` (or $note `plugin type="bridge" failed (add): failed to allocate'
    " for range 0: no IP addresses available in range set`))"
)
_PROBE_OUTPUT = "(or $note `HTTP probe failed with statuscode: 503`)"
_STARTED = (
    Event(
        "Normal",
        "Pulled",
        '(printf `Container image "%s" already present on machine and can be accessed by the pod`'
        " $c.image)",
    ),
    Event("Normal", "Created", "`Container created`"),
    Event("Normal", "Started", "`Container started`"),
)
_BACKING_OFF = Event(
    "Warning",
    "BackOff",
    "(printf `Back-off restarting failed container %s in pod %s` $c.name $full)",
)
_NOT_MOUNTED = Event("Warning", "FailedMount", _MOUNT_ERROR, of_container=False)


def _probe_fails(kind: str, *, killed: bool) -> tuple[Event, ...]:
    failed = Event("Warning", "Unhealthy", f"(printf `{kind} probe failed: %s` {_PROBE_OUTPUT})")
    text = f"(printf `Container %s failed {kind.lower()} probe, will be restarted` $c.name)"
    return (failed, Event("Normal", "Killing", text)) if killed else (failed,)


_UNSTARTED = (
    Stage.IMAGE_PULL,
    Stage.INVALID_IMAGE_NAME,
    Stage.CONFIG_ERROR,
    Stage.START_ERROR,
    Stage.SLOW_VOLUME,
    Stage.NO_VOLUME,
    Stage.NO_SANDBOX,
    Stage.INIT_CRASH,
)
_STARTED_STAGES = tuple(each for each in Stage if each not in _UNSTARTED)
_BECOMING_READY = (Stage.READY, Stage.SLOW_VOLUME, Stage.FAILS_LATER, Stage.LIVENESS, Stage.EVICTED)
_ANY_STATE = (
    "Creating", "Initializing", "Running", "Exited", "BackOff", "Unready", "NotPulled",
    "NotPulling", "NotConfigured", "NotStarted", "NotMounted", "NoSandbox",
)  # fmt: skip

_CREATING = Look("waiting", "waiting", "waiting", phase="Pending", sandbox=False)
_INITIALIZING = Look("waiting", "waiting", "running", phase="Pending")
_RUNNING = Look("running", "running", "completed")
_EXITED = Look("exited", reason="`Error`", code=f"(int (or (index $notes `{Note.EXIT_CODE}`) `1`))")
_KILLED = Look("exited", reason="`Error`", code="137")
_OOM = Look("exited", reason="`OOMKilled`", code="137")
_COMPLETED = Look("exited", reason="`Completed`")
_PULL_REFUSED = Look(
    "refused", "waiting", "completed", "Pending", reason="`ErrImagePull`", message=_PULL_ERROR
)
_START_REFUSED = Look(
    "refused",
    "running",
    "completed",
    reason="`RunContainerError`",
    message=_START_ERROR,
    code="128",
)
_NO_INIT = {"of_init": True, "others": "waiting", "phase": "Pending"}


def _starts() -> Iterator[Change]:
    """From a node that has taken the pod to containers that run, or cannot."""
    yield Change("accept", tuple(Stage), ["New"], "Creating", _CREATING, "50ms")
    yield Change(
        "initialize",
        _STARTED_STAGES,
        ["Creating"],
        "Initializing",
        _INITIALIZING,
        "200ms",
        when=_HAS_INIT,
    )
    yield Change(
        "start",
        _STARTED_STAGES,
        ["Creating"],
        "Running",
        _RUNNING,
        "200ms",
        when=f"({_HAS_INIT} | not)",
        events=_STARTED,
    )
    yield Change(
        "start-initialized",
        _STARTED_STAGES,
        ["Initializing"],
        "Running",
        _RUNNING,
        "300ms",
        events=_STARTED,
    )
    yield Change(
        "invalid-image-name",
        [Stage.INVALID_IMAGE_NAME],
        ["Creating"],
        "NotPulled",
        _PULL_REFUSED._replace(reason="`InvalidImageName`", message=_NAME_ERROR),
        "200ms",
        events=[
            Event("Warning", "InspectFailed", _NAME_ERROR),
            Event("Warning", "Failed", "`Error: InvalidImageName`"),
        ],
    )
    yield Change(
        "pull-fails",
        [Stage.IMAGE_PULL],
        ["Creating", "NotPulling"],
        "NotPulled",
        _PULL_REFUSED,
        "if (" + STATE + ') == "Creating" then "300ms" else "3s" end',
        events=_PULL_FAILS,
    )
    yield Change(
        "pull-waits",
        [Stage.IMAGE_PULL],
        ["NotPulled"],
        "NotPulling",
        _PULL_REFUSED._replace(
            reason="`ImagePullBackOff`",
            message='(printf `Back-off pulling image "%s": ErrImagePull: %s` $c.image'
            f" {_PULL_ERROR})",
        ),
        "1s",
        events=[
            Event("Normal", "BackOff", '(printf `Back-off pulling image "%s"` $c.image)'),
            Event("Warning", "Failed", "`Error: ImagePullBackOff`"),
        ],
    )
    yield Change(
        "config-error",
        [Stage.CONFIG_ERROR],
        ["Creating"],
        "NotConfigured",
        _PULL_REFUSED._replace(reason="`CreateContainerConfigError`", message=_CONFIG_ERROR),
        "300ms",
        events=[Event("Warning", "Failed", f"(printf `Error: %s` {_CONFIG_ERROR})")],
    )
    yield Change(
        "start-error",
        [Stage.START_ERROR],
        ["Creating"],
        "NotStarted",
        _START_REFUSED,
        "300ms",
        events=[*_STARTED[:2], Event("Warning", "Failed", f"(printf `Error: %s` {_START_ERROR})")],
    )
    yield Change(
        "start-error-waits",
        [Stage.START_ERROR],
        ["NotStarted"],
        "NotStarting",
        Look("back-off"),
        "500ms",
        events=[_BACKING_OFF],
    )
    yield Change(
        "mount-fails",
        [Stage.SLOW_VOLUME, Stage.NO_VOLUME],
        ["Creating"],
        "NotMounted",
        _CREATING,
        "500ms",
        events=[_NOT_MOUNTED],
    )
    yield Change(
        "mount-succeeds",
        [Stage.SLOW_VOLUME],
        ["NotMounted"],
        "Running",
        _RUNNING,
        annotation(Note.DELAY, "20s"),
        events=_STARTED,
    )
    yield Change(
        "no-sandbox", [Stage.NO_SANDBOX], ["Creating"], "NoSandbox", _CREATING, "500ms",
        events=[Event("Warning", "FailedCreatePodSandBox", _SANDBOX_ERROR, of_container=False)],
    )  # fmt: skip


def _gets_ready() -> Iterator[Change]:
    """From containers that run to those that serve, or never do."""
    ready = Look("ready", "ready")
    yield Change(
        "ready",
        _BECOMING_READY,
        ["Running"],
        "Ready",
        ready,
        f'if {_PROBED} then ({annotation(Note.DELAY, "500ms")}) else "0s" end',
    )
    yield Change(
        "recovered",
        [Stage.RECOVERS],
        ["Running"],
        "Ready",
        ready,
        "500ms",
        when=f"{_RESTARTS} >= {_CRASHES}",
    )
    # The label says "ready" now, and said something else before.
    yield Change(
        "relabelled",
        [Stage.READY],
        [each for each in _ANY_STATE[3:] if each != "Unready"],
        "Running",
        _RUNNING._replace(how="restarted"),
        "500ms",
        events=_STARTED,
    )
    yield Change("relabelled-unready", [Stage.READY], ["Unready"], "Ready", ready, "500ms")
    for kind, stage, source in (
        ("Readiness", Stage.NEVER_READY, ["Running", "Unready"]),
        ("Startup", Stage.STARTUP, ["Running"]),
    ):
        yield Change(
            f"{stage}-fails", [stage], source, "Unready", Look("unready", "ready"),
            f'if ({STATE}) == "Running" then "500ms" else "5s" end',
            events=_probe_fails(kind, killed=False),
        )  # fmt: skip
    yield Change(
        "evicted", [Stage.EVICTED], ["Ready"], "Ended",
        _KILLED._replace(
            others="exited", phase="Failed", why="`Evicted`",
            text="(or $note `The node was low on resource: memory. Threshold quantity: 100Mi,"
            " available: 92Mi. `)",
        ),
        _DELAY,
        events=[
            Event("Warning", "Evicted", "(or $note `The node was low on resource: memory.`)", False)
        ],
    )  # fmt: skip


def _ends() -> Iterator[Change]:
    """From containers that run to those that have ended, for good or to be started again."""
    for stage, source, look, events in (
        (Stage.CRASH, "Running", _EXITED, ()),
        (Stage.RECOVERS, "Running", _EXITED, ()),
        (Stage.FAILS_LATER, "Ready", _EXITED, ()),
        (Stage.OOM, "Running", _OOM, ()),
        (Stage.COMPLETE, "Running", _COMPLETED, ()),
        (Stage.LIVENESS, "Ready", _KILLED, _probe_fails("Liveness", killed=True)),
        (Stage.STARTUP, "Unready", _KILLED, _probe_fails("Startup", killed=True)),
    ):
        succeeds = look is _COMPLETED
        again = ".spec.restartPolicy " + ('== "Always"' if succeeds else '!= "Never"')
        counted = f"{_RESTARTS} < {_CRASHES}" if stage is Stage.RECOVERS else "true"
        yield Change(
            f"{stage}-exits", [stage], [source], "Exited", look, _DELAY,
            when=f"({again}) and ({counted})", events=events,
        )  # fmt: skip
        last = look._replace(others="completed", phase="Succeeded" if succeeds else "Failed")
        yield Change(
            f"{stage}-ends", [stage], [source], "Ended", last, _DELAY,
            when=f"(({again}) | not) and ({counted})", events=events,
        )  # fmt: skip


def _starts_again() -> Iterator[Change]:
    """The crash loop: the first restart comes at once, each later one after a longer back-off."""
    loops = tuple(stage for stage in Stage if stage not in _UNSTARTED)
    restarted = Look("restarted")
    yield Change(
        "restart-at-once",
        loops,
        ["Exited"],
        "Running",
        restarted,
        "200ms",
        when=f"{_RESTARTS} == 0",
        events=_STARTED,
    )
    yield Change(
        "back-off",
        loops,
        ["Exited"],
        "BackOff",
        Look("back-off"),
        "100ms",
        when=f"{_RESTARTS} > 0",
        events=[_BACKING_OFF],
    )
    yield Change("restart", loops, ["BackOff"], "Running", restarted, _BACK_OFF, events=_STARTED)

    crash = (Stage.INIT_CRASH,)
    yield Change(
        "init-starts",
        crash,
        ["Creating"],
        "Initializing",
        Look("running", inits="waiting", **_NO_INIT),
        "200ms",
        events=_STARTED,
    )
    yield Change(
        "init-exits",
        crash,
        ["Initializing"],
        "Exited",
        _EXITED._replace(**_NO_INIT),
        annotation(Note.DELAY, "500ms"),
        when='.spec.restartPolicy != "Never"',
    )
    yield Change(
        "init-ends",
        crash,
        ["Initializing"],
        "Ended",
        _EXITED._replace(**_NO_INIT | {"phase": "Failed"}),
        annotation(Note.DELAY, "500ms"),
        when='.spec.restartPolicy == "Never"',
    )
    yield Change(
        "init-restart-at-once",
        crash,
        ["Exited"],
        "Initializing",
        Look("restarted", **_NO_INIT),
        "200ms",
        when=f"{_RESTARTS} == 0",
        events=_STARTED,
    )
    yield Change(
        "init-back-off",
        crash,
        ["Exited"],
        "BackOff",
        Look("back-off", **_NO_INIT),
        "100ms",
        when=f"{_RESTARTS} > 0",
        events=[_BACKING_OFF],
    )
    yield Change(
        "init-restart", crash, ["BackOff"], "Initializing", Look("restarted", **_NO_INIT),
        _BACK_OFF, events=_STARTED,
    )  # fmt: skip


def changes() -> Iterator[Change]:
    """Return every change that a pod of the bed can go through."""
    yield from _starts()
    yield from _gets_ready()
    yield from _ends()
    yield from _starts_again()
