"""
A proxy that sees the address of a node in place of the client's.

## What it does
Finds Services of the types LoadBalancer and NodePort that lead to a known proxy and do not set
`externalTrafficPolicy: Local`.

## Why it matters
Traffic may come in at one node and be passed on to another, and the pod then sees the node's
address: lists of allowed addresses, limits per client and access logs are wrong.  With `Local`
the address stays, and nodes without a pod of the proxy answer nothing.

## Example
    kind: Service            # of ingress-nginx, with whitelist-source-range in use
    spec: {type: LoadBalancer}

Set externalTrafficPolicy: Local where addresses of clients matter.

## References
- https://kubernetes.io/docs/tutorials/services/source-ip/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images.facts import Role

RULE = Rule(
    id="client-address-hidden",
    severity=Severity.INFO,
    since="0.1",
    group="services",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each proxy that is reached by way of other nodes."""
    for service in bundle.services:
        spec = service.item.spec
        if service.type not in ("LoadBalancer", "NodePort") or spec.get("externalTrafficPolicy"):
            continue
        proxies = [
            one.known.family.name
            for pod in bundle.behind(service)
            for one in pod.main_containers
            if one.known is not None and one.known.family.role is Role.PROXY
        ]
        if proxies:
            yield RULE.finding(
                service.item.ref,
                f"{proxies[0]} behind it sees addresses of nodes in place of those of clients",
                field="spec.externalTrafficPolicy",
                remedy="set externalTrafficPolicy: Local where addresses of clients matter",
            )
