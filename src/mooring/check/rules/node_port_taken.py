"""
A port of the nodes that cannot be had.

## What it does
Finds `nodePort` numbers outside of 30000 to 32767, and such as two Services of the input ask for.

## Why it matters
The API server refuses the Service.

## Example
    ports: [{port: 80, nodePort: 8080}]

Leave nodePort out, or use a free number from 30000 to 32767.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="node-port-taken", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each port of the nodes that is out of range or asked for twice."""
    taken: dict[tuple[int, str], str] = {}
    for service in bundle.services:
        for port in service.ports:
            number = port.node_port
            if number is None:
                continue
            field = f"{port.path}.nodePort"
            if not 30000 <= number <= 32767:
                yield RULE.finding(
                    service.item.ref,
                    f"nodePort is {number}, and clusters give 30000 to 32767",
                    field=field,
                    remedy="leave nodePort out, or use a number of that range",
                )
                continue
            other = taken.setdefault((number, port.protocol), str(service.item.ref))
            if other != str(service.item.ref):
                yield RULE.finding(
                    service.item.ref,
                    f"nodePort {number} is that of {other} as well",
                    field=field,
                    remedy="leave nodePort out, or use a free number",
                )
