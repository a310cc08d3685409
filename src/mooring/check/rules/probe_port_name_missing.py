"""
A probe or hook of a named port that its container does not declare.

## What it does
Finds probes and lifecycle hooks that name a port which their own container does not declare.

## Why it matters
The probe fails for ever: the pod never becomes ready, or is restarted again and again.

## Example
    ports: [{name: web, containerPort: 8080}]
    readinessProbe: {httpGet: {path: /health, port: http}}

Name a port of the same container, or use its number.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.references import Missing

RULE = Rule(id="probe-port-name-missing", severity=Severity.ERROR, since="0.1", group="probes")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each probe whose named port its container does not declare."""
    for one in bundle.dangling:
        if one.missing is Missing.PORT and one.reference.container is not None:
            pod = bundle.pod_of.get(one.reference.source)
            declared = sorted(
                port.name
                for each in (pod.containers if pod is not None else ())
                if each.path == one.reference.container
                for port in each.ports
                if port.name
            )
            has = f"declares {', '.join(declared)}" if declared else "names none of its ports"
            yield RULE.finding(
                one.reference.source,
                f"it asks the port {one.reference.port}, and the container {has}",
                field=one.reference.field,
                remedy=did_you_mean(str(one.reference.port), declared)
                or "name a port of the same container, or use its number",
            )
