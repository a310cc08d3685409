"""
A Service that opens a port on every node.

## What it does
Finds Services of the type NodePort.

## Why it matters
The port is open on all nodes, to whoever reaches them, past the ingress controller and its
certificates; and the number is one of few that the whole cluster shares.

## Example
    kind: Service
    spec: {type: NodePort}

Leave the type out and let an Ingress lead to it.  A Service that a load balancer outside of the
cluster dials by its port is meant so.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="node-port-service", severity=Severity.INFO, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Service of that type."""
    for service in bundle.services:
        if service.type == "NodePort":
            ports = ", ".join(str(port.number) for port in service.ports)
            yield RULE.finding(
                service.item.ref,
                f"it opens a port on every node for {ports or 'its ports'}",
                field="spec.type",
                remedy="leave the type out, and let an Ingress lead to it",
            )
