"""
A port that the Service does not have.

## What it does
Finds addresses in variables and commands whose host is a Service of the input and whose port is
none of its ports.  Of a headless Service every port of its pods can be dialled, and it is left
alone.

## Why it matters
Nothing answers on that port: connections hang or are refused.  Often it is the port that Compose
published on the machine, or that of the container behind a Service that translates it.

## Example
    env:
    - {name: DATABASE_URL, value: "postgres://app@db:5435/app"}   # the Service db has port 5432

Dial a port of the Service.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.unresolved import other_ports
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="service-port-unknown", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each address whose port its Service does not have."""
    for one in bundle.dialled:
        ports = other_ports(bundle, one)
        if ports is None:
            continue
        port = one.address.dialled_port
        has = f"has {', '.join(map(str, ports))}" if ports else "has no ports"
        yield RULE.finding(
            one.ref,
            f"{one.named} dials the port {port} of Service {one.service}, which {has}",
            field=one.field,
            remedy=f"dial {ports[0]}" if len(ports) == 1 else "dial a port of the Service",
        )
