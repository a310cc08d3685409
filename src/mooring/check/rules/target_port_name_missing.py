"""
A Service that leads to a named port which its pods do not declare.

## What it does
Finds Services whose `targetPort` is a name that no container of the selected pods declares, with
the same protocol.

## Why it matters
The Service gets no endpoints on that port, and nothing says why.

## Example
    ports: [{port: 80, targetPort: http}]      # the container names its port web

Give the container port that name, or use its number.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.references import Missing

RULE = Rule(id="target-port-name-missing", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each named target port that the pods behind a Service do not declare."""
    for one in bundle.dangling:
        if one.missing is Missing.PORT and one.reference.source.kind == "Service":
            target = one.reference.target
            pod = bundle.pod_of.get(target)
            if pod is not None and pod.kind in (kinds.JOB, kinds.CRON_JOB):
                continue  # A task behind a Service is a fault of its own.
            declared = sorted(
                {port.name for each in pod.containers for port in each.ports if port.name}
                if pod is not None
                else ()
            )
            has = f"name {', '.join(declared)}" if declared else "name none of their ports"
            yield RULE.finding(
                one.reference.source,
                f"it leads to the port {one.reference.port} of {target}, whose containers {has}",
                field=one.reference.field,
                remedy=did_you_mean(str(one.reference.port), declared)
                or "give the container port this name, or use its number",
            )
