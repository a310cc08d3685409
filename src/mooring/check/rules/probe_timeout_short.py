"""
A second for a probe that starts a program which needs longer.

## What it does
Finds exec probes of heavy clients (`mongosh`, `rabbitmq-diagnostics`, `kafka-*`, `cypher-shell`,
`cqlsh`, java) with the default timeout of one second.

## Why it matters
On a busy node the client does not start within a second: the pod is unready, or restarted,
although it is well.

## Example
    readinessProbe:
      exec: {command: [mongosh, --eval, "db.adminCommand({ping: 1})"]}    # timeoutSeconds: 1

Set timeoutSeconds to 5 or more.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import fields

RULE = Rule(id="probe-timeout-short", severity=Severity.WARNING, since="0.1", group="probes")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each probe of a slow program that has one second."""
    for container in bundle.containers:
        for name in ("readinessProbe", "livenessProbe", "startupProbe"):
            probe = container.probe(name)
            words = " ".join(fields.texts(fields.at(probe, "exec", "command")))
            timeout = fields.integer(probe.get("timeoutSeconds"))
            heavy = next((one for one in _HEAVY if one in words), None) if words else None
            if heavy is None or (timeout or 1) > 1:
                continue
            field = f"{container.path}.{name}.timeoutSeconds"
            yield RULE.finding(
                container.owner,
                f"the {name} of the container {container.name} gives {heavy} one second",
                field=field,
                remedy="set timeoutSeconds to 5 or more",
                fix=fixes.put(
                    container.pod.template.raw,
                    field,
                    5,
                    description="give the program five seconds",
                    safety=Safety.SAFE,
                ),
            )


_HEAVY = (
    "mongosh", "mongo ", "rabbitmq-diagnostics", "rabbitmqctl", "kafka-", "cypher-shell", "cqlsh",
    "nodetool", "java ", "clickhouse-client",
)  # fmt: skip
