"""
A pod that is restarted as soon as it is not ready.

## What it does
Finds containers whose liveness probe asks the same as the readiness probe and bears no more
failures.

## Why it matters
A pod that is busy is restarted instead of being left alone until it has caught up.

## Example
    readinessProbe: {httpGet: {path: /health, port: 80}}
    livenessProbe: {httpGet: {path: /health, port: 80}}

Leave the liveness probe out, or let it bear more failures.

## References
- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="liveness-equals-readiness",
    severity=Severity.WARNING,
    since="0.1",
    group="probes",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pair of probes that are alike."""
    for container in bundle.containers:
        ready, live = container.probe("readinessProbe"), container.probe("livenessProbe")
        if not ready or not live:
            continue
        same = all(ready.get(key) == live.get(key) for key in _ACTIONS)
        if same and _patience(live) <= _patience(ready):
            yield RULE.finding(
                container.owner,
                f"the container {container.name} is restarted by the same question, and as "
                "soon, as it "
                "is taken out of its Services",
                field=f"{container.path}.livenessProbe",
                remedy="leave the liveness probe out, or let it bear more failures",
            )


_ACTIONS = ("httpGet", "tcpSocket", "exec", "grpc")


def _patience(probe: fields.Manifest) -> int:
    """Return the seconds after which the probe gives up."""
    period = fields.integer(probe.get("periodSeconds")) or 10
    return period * (fields.integer(probe.get("failureThreshold")) or 3)
