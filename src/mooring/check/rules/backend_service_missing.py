"""
A route to a Service that does not exist.

## What it does
Finds backends of Ingresses and routes of the Gateway API that name a Service which the input does
not hold in that namespace.

## Why it matters
Requests for that path are answered with 503, or the controller refuses the whole object.

## Example
    backend: {service: {name: web-svc, port: {number: 80}}}   # the Service is called web

Name a Service of the same namespace.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="backend-service-missing", severity=Severity.ERROR, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each backend whose Service is not there."""
    found = (
        one
        for one in missing.dangling(bundle, kinds.SERVICE)
        if one.reference.source.kind == "Ingress" or one.reference.source.kind.endswith("Route")
    )
    yield from missing.objects(
        bundle,
        RULE,
        found,
        remedy="name a Service of the same namespace",
        made_elsewhere="it may belong to another input",
    )
