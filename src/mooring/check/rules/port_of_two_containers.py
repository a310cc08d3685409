"""
One port for two containers of a pod.

## What it does
Finds pods in which two containers that run side by side declare the same port.

## Why it matters
Containers of a pod share one network: the second that listens on a port fails with `address already
in use`, and is restarted for ever.

## Example
    containers:
    - {name: web, ports: [{containerPort: 8080}], ...}
    - {name: exporter, ports: [{containerPort: 8080}], ...}

Let one of them listen on another port.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="port-of-two-containers", severity=Severity.WARNING, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each port that is asked for twice."""
    for pod in bundle.pods:
        if len(pod.lasting_containers) < 2:
            continue
        taken: dict[tuple[int, str], str] = {}
        for container in pod.lasting_containers:
            for port in container.ports:
                first = taken.setdefault((port.number, port.protocol), container.name or "")
                if first != (container.name or ""):
                    yield RULE.finding(
                        pod.owner,
                        f"the containers {first} and {container.name} both declare port "
                        f"{port.number}, which only one of them gets",
                        field=f"{container.path}.ports",
                        remedy="let one of them listen on another port",
                    )
