"""
A probe that asks in two ways, or in none.

## What it does
Finds probes and lifecycle hooks that have not exactly one of `exec`, `httpGet`, `tcpSocket`,
`grpc` and, in a hook, `sleep`.

## Why it matters
The API server refuses the object:  `may not specify more than 1 handler type`.

## Example
    readinessProbe: {httpGet: {path: /, port: 8080}, tcpSocket: {port: 8080}}

Keep one of them.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Probe
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="probe-handler-count", severity=Severity.ERROR, since="0.1", group="api")

_PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
_WAYS = ("exec", "httpGet", "tcpSocket", "grpc", "sleep")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each probe or hook with another number of ways than one."""
    for container in bundle.containers:
        asked = [(name, container.raw.get(name)) for name in _PROBES if name in container.raw]
        lifecycle = fields.mapping(container.raw.get("lifecycle"))
        asked += [
            (f"lifecycle.{name}", lifecycle.get(name))
            for name in ("postStart", "preStop")
            if name in lifecycle
        ]
        for name, written in asked:
            if not isinstance(written, dict):
                continue
            ways = [way for way in _WAYS if written.get(way) is not None]
            if len(ways) != 1:
                told = f"asks by {' and '.join(ways)}" if ways else "says nothing to do"
                yield RULE.finding(
                    container.owner,
                    f"the {name.rpartition('.')[2]} of the container {container.name} {told}",
                    field=f"{container.path}.{name}",
                    remedy="keep one of them"
                    if ways
                    else "give it one of exec, httpGet, tcpSocket",
                )
