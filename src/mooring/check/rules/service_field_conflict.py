"""
A Service of a type that cannot have what it says.

## What it does
Finds Services of type ExternalName without a name or with `clusterIP`, headless Services of type
NodePort or LoadBalancer, and `sessionAffinityConfig` without affinity.

## Why it matters
The API server refuses the object, and nobody finds what stands behind it.

## Example
    spec: {type: NodePort, clusterIP: None}

Choose one of the two.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.views import Service

RULE = Rule(id="service-field-conflict", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Service that the API server refuses."""
    for service in bundle.services:
        told = _fault(service)
        if told is not None:
            field, words, remedy = told
            yield RULE.finding(service.item.ref, words, field=field, remedy=remedy)


def _fault(service: Service) -> tuple[str, str, str] | None:
    spec = service.item.spec
    if service.type == "ExternalName":
        if service.external_name is None:
            return "spec", "it is an alias and does not say of what", "add externalName"
        if spec.get("clusterIP") not in (None, "", "None"):
            return "spec.clusterIP", "it is an alias and has a clusterIP", "leave clusterIP out"
        return None
    if service.is_headless and service.type in ("NodePort", "LoadBalancer"):
        return (
            "spec.clusterIP",
            f"it is of type {service.type} and has no address to lead to",
            "leave clusterIP: None out, or the type",
        )
    if spec.get("sessionAffinityConfig") and spec.get("sessionAffinity") != "ClientIP":
        return (
            "spec.sessionAffinityConfig",
            "it says how long clients are kept together, and not that they are",
            "add sessionAffinity: ClientIP",
        )
    return None
