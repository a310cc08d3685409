"""
A port of the node that leads straight to a pod.

## What it does
Finds `hostPort`s outside of DaemonSets.

## Why it matters
Only one pod a node can have the port, so there are no more replicas than nodes, and an update
needs a free one.  Who reaches the node reaches the pod, past Services, and with many network
plug-ins past NetworkPolicies.

## Example
    ports: [{containerPort: 8080, hostPort: 8080}]

Use a Service of type NodePort or LoadBalancer, or an Ingress.

## References
- https://kubernetes.io/docs/concepts/configuration/overview/#services
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="host-port-opened", severity=Severity.INFO, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each port that is opened on the node."""
    for container in bundle.containers:
        if container.pod.kind == kinds.DAEMON_SET:
            continue
        for port in container.ports:
            if port.host_port is not None and not container.pod.template.host_network:
                yield RULE.finding(
                    container.owner,
                    f"the container {container.name} opens port {port.host_port} of its node",
                    field=f"{container.path}.ports",
                    remedy="use a Service of type NodePort or LoadBalancer, or an Ingress",
                )
