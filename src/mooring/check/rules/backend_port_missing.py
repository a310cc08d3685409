"""
A route to a port that its Service does not have.

## What it does
Finds backends of Ingresses and routes whose Service is in the input and has no port of that
number or name.

## Why it matters
The Service is there and every request is answered with 503: the number is often that of the
container, or the one that Compose published.

## Example
    backend: {service: {name: web, port: {number: 8080}}}   # the Service has port 80 -> 8080

Name a port of the Service, not of its pods.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.references import Missing
from mooring.semantics.views import Service

RULE = Rule(id="backend-port-missing", severity=Severity.ERROR, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each backend whose port its Service does not have."""
    for one in missing.dangling(bundle, kinds.SERVICE, missing=Missing.PORT):
        target = one.reference.target
        item = bundle.objects.find(kinds.SERVICE, target.name, target.namespace)
        ports = Service(item).ports if item is not None else ()
        shown = [
            f"{port.number} ({port.name})" if port.name else f"{port.number}" for port in ports
        ]
        has = f"has {', '.join(shown)}" if shown else "has no ports"
        yield RULE.finding(
            one.reference.source,
            f"it leads to the port {one.reference.port} of Service {target.name}, which {has}",
            field=one.reference.field,
            remedy=f"name a port of the Service: {', '.join(shown)}"
            if shown
            else "give it the port",
        )
