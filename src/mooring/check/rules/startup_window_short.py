"""
A liveness probe that kills a program before it has started.

## What it does
Finds known images that take long to start, whose liveness probe gives them a small part of the
time and that have no startup probe.

## Why it matters
The container is restarted in the middle of its start, and starts again from the beginning: for
ever on a slow node, or after a migration.

## Example
    image: quay.io/keycloak/keycloak:26.4
    livenessProbe: {httpGet: {path: /health/live, port: 9000}}    # 3 times in 30 s, then killed

Add a `startupProbe` that waits long enough; the liveness probe begins after it.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/probes/#startup-probe
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="startup-window-short", severity=Severity.WARNING, since="0.1", group="probes")

_PART = 4
"""A start takes this part of the window, which is for slow nodes, on most."""

_SLOW = frozenset(
    {
        *("cassandra", "elasticsearch", "gitlab", "graylog", "jenkins", "keycloak", "metabase"),
        *("nexus3", "opensearch", "oracle-free", "sonarqube", "text-generation-inference", "vllm"),
    }
)
"""Families that are slow each time; others only to recover, or to migrate."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each known image that is killed while it starts."""
    for container in bundle.containers:
        known = container.known
        probe = container.probe("livenessProbe")
        if known is None or not probe or container.probe("startupProbe"):
            continue
        needed = max((one.startup_window or 0 for one in known.family.probes), default=0)
        given = _given(container)
        if given >= needed:
            continue
        yield RULE.finding(
            container.owner,
            f"{known.family.name} in the container {container.name} may take {needed} s to start, "
            f"and its livenessProbe restarts it after {given} s",
            field=f"{container.path}.livenessProbe",
            remedy=f"add a startupProbe: periodSeconds: 10, failureThreshold: {-(-needed // 10)}",
            severity=None if known.family.name in _SLOW else Severity.INFO,
            confidence=None if given * _PART <= needed else Confidence.MEDIUM,
        )


def _given(container: Container) -> int:
    """Return after how many seconds the first restart comes where nothing answers."""
    probe = container.probe("livenessProbe")

    def number(name: str, default: int) -> int:
        written = fields.integer(probe.get(name))
        return default if written is None else written

    return number("initialDelaySeconds", 0) + (
        (number("periodSeconds", 0) or 10) * (number("failureThreshold", 0) or 3)
    )
