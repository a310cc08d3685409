"""
A name that ports cannot have.

## What it does
Finds names of container ports that are longer than 15 signs, hold others than small letters,
digits and `-`, or no letter; and of Service ports that are no DNS label.

## Why it matters
The API server refuses the object.

## Example
    ports: [{name: metrics_endpoint, containerPort: 9090}]

Use at most 15 small letters, digits and "-".

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import names

RULE = Rule(id="port-name-invalid", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each name of a port that is refused."""
    for container in bundle.containers:
        for index, port in enumerate(container.ports):
            if port.name is not None and not names.is_port_name(port.name):
                yield RULE.finding(
                    container.owner,
                    f'the container {container.name} calls a port "{port.name}"',
                    field=f"{container.path}.ports[{index}].name",
                    remedy='use at most 15 small letters, digits and "-"',
                )
    for service in bundle.services:
        for served in service.ports:
            if served.name is not None and not names.is_label(served.name):
                yield RULE.finding(
                    service.item.ref,
                    f'it calls a port "{served.name}"',
                    field=f"{served.path}.name",
                    remedy='use small letters, digits and "-"',
                )
