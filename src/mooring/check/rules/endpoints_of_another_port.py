"""
Endpoints whose ports the Service does not know.

## What it does
Finds EndpointSlices and Endpoints of Services without a selector whose ports have other names than
those of the Service; a port without a name is called "".

## Why it matters
Ports of a Service and of its endpoints belong together by their names, not by their numbers: with
another name there is nobody behind the port, and connections are refused.

## Example
    # Service legacy:        ports: [{name: postgres, port: 5432}]
    # EndpointSlice of it:   ports: [{port: 5432}]

Give both the same name.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#services-without-selectors
- https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item

RULE = Rule(id="endpoints-of-another-port", severity=Severity.ERROR, since="0.1", group="services")

_ENDPOINTS = GroupKind("", "Endpoints")
_SLICE = GroupKind("discovery.k8s.io", "EndpointSlice")
_SERVICE_NAME = "kubernetes.io/service-name"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each port of a Service that its endpoints call otherwise."""
    held: dict[tuple[str, str], list[Item]] = {}
    for item in bundle.of_kind(_SLICE):
        held.setdefault((item.namespace, item.labels.get(_SERVICE_NAME, "")), []).append(item)
    for item in bundle.of_kind(_ENDPOINTS):
        held.setdefault((item.namespace, item.ref.name), []).append(item)
    if not held:
        return
    for service in bundle.services:
        mine = held.get((service.item.namespace, service.item.ref.name), [])
        if not mine or service.selector or service.is_headless:
            continue
        names = {name for item in mine for name in _names(item)}
        for port in service.ports:
            if not names or (port.name or "") in names:
                continue
            shown = ", ".join(f'"{name}"' for name in sorted(names))
            yield RULE.finding(
                service.item.ref,
                f'its port {port.number} is called "{port.name or ""}", and those of '
                f"{mine[0].ref} {shown}",
                field=f"{port.path}.name",
                remedy="give both the same name",
            )


def _names(item: Item) -> Iterator[str]:
    """Yield the names of the ports of endpoints, empty for one without."""
    if item.kind == _SLICE:
        lists = [item.manifest.get("ports")]
    else:
        lists = [one.get("ports") for _, one in fields.mappings(item.manifest.get("subsets"))]
    for ports in lists:
        for _, port in fields.mappings(ports):
            yield fields.text(port.get("name")) or ""
