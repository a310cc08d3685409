"""
A liveness probe that restarts at once.

## What it does
Finds liveness probes that restart a container after a single failure, or within ten seconds of its
start where no startup probe holds them back.

## Why it matters
A pause of the garbage collector, a slow disk or a busy node is enough: the container is restarted,
starts slowly because all others restart as well, and is restarted again.

## Example
    livenessProbe: {httpGet: {path: /health, port: http}, periodSeconds: 1, failureThreshold: 1}

Let three failures in a row, ten seconds apart, count, and give the start a startup probe.

## References
- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

RULE = Rule(id="liveness-without-patience", severity=Severity.WARNING, since="0.1", group="probes")

_EARLY = 10
"""Seconds within which hardly a program has started."""
_DEFAULTS = {"initialDelaySeconds": 0, "periodSeconds": 10, "failureThreshold": 3}


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each probe that restarts for nothing."""
    for container in bundle.containers:
        probe = container.probe("livenessProbe")
        if not probe:
            continue
        told = _told(container, probe)
        if told is not None:
            yield RULE.finding(
                container.owner,
                f"the liveness probe of the container {container.name} restarts it {told}",
                field=f"{container.path}.livenessProbe",
                remedy="set failureThreshold: 3 and periodSeconds: 10 at least, and a startupProbe",
            )


def _told(container: Container, probe: Manifest) -> str | None:
    threshold = _number(probe, "failureThreshold")
    if threshold == 1:
        return "after a single failure"
    started = _number(probe, "initialDelaySeconds")
    started += _number(probe, "periodSeconds") * (threshold - 1)
    if started < _EARLY and not container.probe("startupProbe"):
        return f"{started} s after its start, unless it answers by then"
    return None


def _number(probe: Manifest, name: str) -> int:
    written = fields.integer(probe.get(name))
    return _DEFAULTS[name] if written is None else written
