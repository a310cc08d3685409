"""
A Service with one port twice.

## What it does
Finds Services that have the same port and protocol twice, ports of the same name, and several
ports of which some have no name.

## Why it matters
The API server refuses the object.

## Example
    ports:
    - {name: http, port: 80}
    - {name: web, port: 80}

Keep one of them, and name each where there are several.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="service-port-repeated", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each port of a Service that another one of it rules out."""
    for service in bundle.services:
        seen: dict[tuple[object, ...], int] = {}
        ports = list(fields.mappings(service.item.spec.get("ports")))
        for index, port in ports:
            field = f"spec.ports[{index}]"
            name = fields.text(port.get("name"))
            number = (fields.integer(port.get("port")), fields.text(port.get("protocol")) or "TCP")
            if len(ports) > 1 and name is None:
                yield RULE.finding(
                    service.item.ref,
                    f"the port {port.get('port')} has no name, and there are {len(ports)}",
                    field=field,
                    remedy="name each port",
                )
            keys: list[tuple[tuple[object, ...], str]] = []
            if number[0] is not None:
                keys.append((number, f"the port {number[0]}"))
            if name is not None:
                keys.append((("name", name), f"the name {name}"))
            for key, told in keys:
                if key in seen:
                    yield RULE.finding(
                        service.item.ref,
                        f"{told} is there twice: ports[{seen[key]}] and ports[{index}]",
                        field=field,
                        remedy="keep one of them",
                    )
                seen.setdefault(key, index)
