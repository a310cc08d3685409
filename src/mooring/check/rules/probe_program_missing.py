"""
A probe by a program that the image does not have.

## What it does
Finds exec probes that start a shell, or `curl` and the like, in known images that hold no shell.

## Why it matters
The probe fails for ever: the pod never becomes ready, or is restarted again and again.

## Example
    image: gcr.io/distroless/static-debian12
    readinessProbe: {exec: {command: [sh, -c, "curl -f localhost"]}}

Let the kubelet ask: httpGet, tcpSocket or grpc.

## References
- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="probe-program-missing", severity=Severity.ERROR, since="0.1", group="probes")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each probe that cannot run."""
    for container in bundle.containers:
        if container.known is None or container.known.family.has_shell is not False:
            continue
        for name in ("readinessProbe", "livenessProbe", "startupProbe"):
            words = fields.texts(fields.at(container.probe(name), "exec", "command"))
            program = words[0].rpartition("/")[2] if words else ""
            if program in _OF_SYSTEMS:
                yield RULE.finding(
                    container.owner,
                    f"the {name} of the container {container.name} runs {program}, and "
                    f"{container.known.family.name} has no shell and no such program",
                    field=f"{container.path}.{name}.exec.command",
                    remedy="let the kubelet ask: httpGet, tcpSocket or grpc",
                )


_OF_SYSTEMS = frozenset(
    {"sh", "bash", "ash", "curl", "wget", "nc", "ncat", "netstat", "ss", "cat", "test", "pgrep"}
)
