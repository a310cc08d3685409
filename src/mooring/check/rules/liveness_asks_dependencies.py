"""
A liveness probe that fails with something else.

## What it does
Finds liveness probes that ask a path for readiness (`/ready`, `/readyz`, `/readiness`), or
another host, and commands that ask a Service of other pods (`pg_isready -h database`).

## Why it matters
When the database is down for a minute, every replica is restarted over and over, and comes back
later than the database.

## Example
    livenessProbe: {httpGet: {path: /ready, port: 8080}}

Ask a path that tells of the process alone; readiness is for the rest.

## References
- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
"""

from collections.abc import Iterator
from itertools import pairwise

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="liveness-asks-dependencies", severity=Severity.WARNING, since="0.1", group="probes")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each liveness probe that asks for more than the process."""
    for container in bundle.containers:
        yield from _by_command(bundle, container)
        action = fields.mapping(container.probe("livenessProbe").get("httpGet"))
        path, host = fields.text(action.get("path")) or "/", fields.text(action.get("host"))
        last = path.rstrip("/").rpartition("/")[2].lower()
        if host is not None and host not in ("localhost", "127.0.0.1"):
            yield RULE.finding(
                container.owner,
                f"the liveness probe of the container {container.name} asks the host {host}",
                field=f"{container.path}.livenessProbe.httpGet.host",
                remedy="ask the container itself: leave host out",
            )
        elif last in _READINESS:
            yield RULE.finding(
                container.owner,
                f"the liveness probe of the container {container.name} asks {path}, which tells of "
                "readiness",
                field=f"{container.path}.livenessProbe.httpGet.path",
                remedy="ask a path that tells of the process alone",
                confidence=Confidence.MEDIUM,
            )


def _by_command(bundle: Bundle, container: Container) -> Iterator[Finding]:
    """Yield a finding where the probe's command asks a Service that leads to other pods."""
    command = fields.texts(fields.at(container.probe("livenessProbe"), "exec", "command"))
    words = " ".join(command).replace("=", " ").split()
    for option, host in pairwise(words):
        if option not in _OPTIONS:
            continue
        service = bundle.names.service(container.pod.namespace, host)
        if service is not None and container.pod not in bundle.behind(service):
            yield RULE.finding(
                container.owner,
                f"the liveness probe of the container {container.name} asks the Service {host}",
                field=f"{container.path}.livenessProbe.exec.command",
                remedy="ask the process alone, and the rest by the readiness probe",
            )
            return


_OPTIONS = frozenset({"-h", "--host", "-z", "-H"})
_READINESS = frozenset({"ready", "readyz", "readiness", "is-ready", "isready"})
