"""How Kubernetes asks a container whether it works, and what it runs at its start and end."""

from mooring.kube.objects.meta import IntOrString, Part


class ExecAction(Part, frozen=True, gc=False):
    """A command run in the container, without a shell."""

    command: tuple[str, ...]


class HTTPHeader(Part, frozen=True, gc=False):
    """A header that a probe sends."""

    name: str
    value: str


class HTTPGetAction(Part, frozen=True, kw_only=True, gc=False):
    """A GET request; a status from 200 to 399 is success."""

    path: str | None = None
    port: IntOrString
    host: str | None = None
    scheme: str | None = None
    http_headers: tuple[HTTPHeader, ...] = ()


class TCPSocketAction(Part, frozen=True, kw_only=True, gc=False):
    """A connection that must open."""

    port: IntOrString
    host: str | None = None


class GRPCAction(Part, frozen=True, kw_only=True, gc=False):
    """A call of the gRPC health service."""

    port: int
    service: str | None = None


class SleepAction(Part, frozen=True, kw_only=True, gc=False):
    """Waiting, for a container without a shell."""

    seconds: int


class Probe(Part, frozen=True, kw_only=True, gc=False):
    """
    One action, how often, and when it counts as failed.

    Without a value the API takes: initial delay 0, period 10 s, timeout 1 s, success after 1,
    failure after 3.
    """

    exec: ExecAction | None = None
    http_get: HTTPGetAction | None = None
    tcp_socket: TCPSocketAction | None = None
    grpc: GRPCAction | None = None
    initial_delay_seconds: int | None = None
    period_seconds: int | None = None
    timeout_seconds: int | None = None
    success_threshold: int | None = None
    failure_threshold: int | None = None
    termination_grace_period_seconds: int | None = None


class LifecycleHandler(Part, frozen=True, kw_only=True, gc=False):
    """One action at the start or the end of a container."""

    exec: ExecAction | None = None
    http_get: HTTPGetAction | None = None
    tcp_socket: TCPSocketAction | None = None
    sleep: SleepAction | None = None


class Lifecycle(Part, frozen=True, kw_only=True, gc=False):
    """
    What runs after the start and before the end of a container.

    The time of ``pre_stop`` is part of the pod's termination grace period.  ``stop_signal``
    needs ``PodSpec.os`` and a cluster with the ContainerStopSignals feature.
    """

    post_start: LifecycleHandler | None = None
    pre_stop: LifecycleHandler | None = None
    stop_signal: str | None = None
