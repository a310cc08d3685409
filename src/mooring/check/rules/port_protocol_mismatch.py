"""
A Service that speaks another protocol than its pods.

## What it does
Finds ports of Services whose number the pods behind them declare for another protocol alone: a
`protocol` that was left out is TCP.  A Service that has the port by both protocols is left alone,
because a pod need not declare what it serves.

## Why it matters
The Service forwards TCP to a port on which the program listens by UDP: names are not resolved,
logs and metrics are lost, and nothing says why.

## Example
    # Service dns
    ports: [{port: 53, targetPort: 5353}]                    # TCP
    # its container
    ports: [{containerPort: 5353, protocol: UDP}]

Give the port of the Service the protocol of the container.

## References
- https://kubernetes.io/docs/reference/networking/service-protocols/
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics.views import Service

RULE = Rule(id="port-protocol-mismatch", severity=Severity.WARNING, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each port that its pods declare for another protocol."""
    for service in bundle.services:
        # Names of headless Services lead to the pods themselves, on whatever port.
        ports = () if service.is_headless else service.ports
        spoken = {(port.target, port.protocol) for port in ports}
        for port in ports:
            if not isinstance(port.target, int):
                continue
            declared = _declared(bundle, service, port.target)
            if not declared or port.protocol in declared:
                continue
            (other, container), *_ = sorted(declared.items())
            if (port.target, other) in spoken:
                continue
            field = f"{port.path}.protocol"
            yield RULE.finding(
                service.item.ref,
                f"it forwards {port.protocol} to the port {port.target}, which the container "
                f"{container} declares for {other}",
                field=field,
                remedy=f"set protocol: {other}",
                fix=fixes.put(
                    service.item.manifest,
                    field,
                    other,
                    description=f"speak {other} to the port {port.target}",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )


def _declared(bundle: Bundle, service: Service, number: int) -> dict[str, str]:
    """Return the protocols for which the pods declare the port, each with a container."""
    found: dict[str, str] = {}
    for pod in bundle.behind(service):
        for container in pod.lasting_containers:
            for port in container.ports:
                if port.number == number:
                    found.setdefault(port.protocol, container.name)
    return found
