"""
Probes, from the one health check that Compose knows.

Kubernetes asks three questions of a container where Compose asks one.  Readiness keeps peers away
while the check fails, which is what "healthy" means to them.  Startup bounds the time that a slow
start may take.  Liveness is never derived from either: a check that asks for the database would
turn its outage into a restart of everything, and Compose restarts nothing because of a health
check.  It is asked only where it is known what to ask.

Source: https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

import math

from mooring.app.health import GrpcCheck, Health, HttpCheck, TcpCheck
from mooring.generate.expansion import literals
from mooring.kube.objects.probes import (
    ExecAction,
    GRPCAction,
    HTTPGetAction,
    HTTPHeader,
    Probe,
    TCPSocketAction,
)


def readiness_probe(health: Health) -> Probe:
    """Return the probe that takes a pod out of its Services while the check fails."""
    return _probe(
        health,
        period_seconds=_whole_seconds(health.interval),
        failure_threshold=max(1, health.retries),
    )


def startup_probe(health: Health) -> Probe | None:
    """
    Return the probe that waits for the first success, or None where no start period was given.

    A container that exhausts it is restarted, which Compose would not do.  So it bears with the
    start period and then as many failures as make a container unhealthy in Compose.
    """
    if health.start_period <= 0:
        return None
    period = _whole_seconds(min(health.start_interval, health.interval))
    patience = health.start_period + health.interval * max(1, health.retries)
    return _probe(
        health, period_seconds=period, failure_threshold=max(1, math.ceil(patience / period))
    )


def liveness_probe(health: Health) -> Probe:
    """Return the probe after whose failure the container is restarted."""
    return _probe(
        health,
        period_seconds=_whole_seconds(health.interval),
        failure_threshold=max(1, health.retries),
    )


def _probe(health: Health, *, period_seconds: int, failure_threshold: int) -> Probe:
    asked = health.asked
    return Probe(
        exec=ExecAction(literals(health.command)) if asked is None else None,
        http_get=HTTPGetAction(
            path=asked.path,
            port=asked.port,
            scheme="HTTPS" if asked.scheme == "https" else None,
            http_headers=(HTTPHeader("Host", asked.host),) if asked.host is not None else (),
        )
        if isinstance(asked, HttpCheck)
        else None,
        tcp_socket=TCPSocketAction(port=asked.port) if isinstance(asked, TcpCheck) else None,
        grpc=GRPCAction(port=asked.port, service=asked.service)
        if isinstance(asked, GrpcCheck)
        else None,
        period_seconds=period_seconds,
        timeout_seconds=_whole_seconds(health.timeout),
        failure_threshold=failure_threshold,
    )


def _whole_seconds(seconds: float) -> int:
    """
    Return ``seconds`` rounded up, at least 1: the fields of a probe are integers from 1.

    Rounding up never makes a probe stricter than the author asked for.
    """
    return max(1, math.ceil(seconds))
