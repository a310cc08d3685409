"""
Pods that may not resolve names.

## What it does
Finds pods whose egress is restricted and that no policy lets reach the cluster's DNS on port 53
of UDP.  A policy that opens the port to addresses means a cache on each node, and is enough.

## Why it matters
Every name fails to resolve: nothing that the policies allow can be reached, because nobody dials
an address.

## Example
    kind: NetworkPolicy
    spec:
      podSelector: {}
      policyTypes: [Egress]                 # and no rule for port 53

Allow port 53 of UDP and TCP, at best to kube-dns.

## References
- https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-egress-traffic
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.refs import ObjectRef
from mooring.semantics.reachability import Direction

RULE = Rule(id="egress-without-dns", severity=Severity.ERROR, since="0.1", group="network-policy")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each policy that cuts pods off from names, at the first such pods."""
    dialling: set[ObjectRef] | None = None
    for pod in bundle.pods:
        endpoint = bundle.network.endpoint(pod.owner)
        if endpoint is None or pod.spec.get("hostNetwork") is True:
            continue
        if not bundle.network.isolating(endpoint, Direction.EGRESS):
            continue
        stopped = [
            edge
            for edge in bundle.network.dns(endpoint)
            if edge.protocol == "UDP" and not edge.verdict.allowed
        ]
        if not stopped or bundle.network.asks_dns_by_address(endpoint):
            continue
        if dialling is None:
            dialling = {one.container.owner for one in bundle.dialled}
        # A sealed pod that dials nobody is meant so.
        if pod.owner in dialling:
            by = ", ".join(sorted(one.name for one in stopped[0].verdict.egress.policies)[:3])
            yield RULE.finding(
                pod.owner,
                f"its pods may not ask the cluster's DNS: {by} rules their way out and does not "
                "open port 53 of UDP to the namespace kube-system",
                remedy="allow port 53 of UDP and TCP to it, by kubernetes.io/metadata.name",
            )
