"""
A StatefulSet whose Service gives its pods no names.

## What it does
Finds StatefulSets of several replicas whose `serviceName` is a Service with an address of its
own.

## Why it matters
`db-0.db` does not resolve: clients and members that dial single pods find nobody.

## Example
    kind: Service
    metadata: {name: db}
    spec: {ports: [...]}          # clusterIP: None

Make the Service headless: clusterIP: None.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="stateful-set-service-not-headless",
    severity=Severity.WARNING,
    since="0.1",
    group="workloads",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each set whose Service is not headless."""
    for pod in bundle.pods:
        if pod.kind != kinds.STATEFUL_SET:
            continue
        name = fields.text(pod.template.owner_spec.get("serviceName"))
        service = bundle.names.service(pod.namespace, name) if name else None
        if service is not None and not service.is_headless and pod.replicas > 1:
            yield RULE.finding(
                pod.owner,
                f"its Service {name} has an address of its own, so single pods have no names",
                field="spec.serviceName",
                remedy="make the Service headless: clusterIP: None",
            )
