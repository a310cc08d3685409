"""
A port of the node that is not that of the container, in the network of the node.

## What it does
Finds pods with `hostNetwork: true` a port of which has a `hostPort` other than its
`containerPort`.

## Why it matters
The API server refuses the object: there is one network, and so one number.

## Example
    hostNetwork: true
    ports: [{containerPort: 8080, hostPort: 80}]

Give both the same number, or leave `hostPort` out.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#ports
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="host-port-differs", severity=Severity.ERROR, since="0.1", group="api")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each port of two numbers."""
    for container in bundle.containers:
        if not container.pod.template.host_network:
            continue
        for index, port in enumerate(container.ports):
            if port.host_port is not None and port.host_port != port.number:
                yield RULE.finding(
                    container.owner,
                    f"the container {container.name} is in the network of its node, and its port "
                    f"{port.number} is to be {port.host_port} there",
                    field=f"{container.path}.ports[{index}].hostPort",
                    remedy="give both the same number, or leave hostPort out",
                )
