"""
A NetworkPolicy that stops what a pod dials.

## What it does
Finds addresses in variables and commands whose Service is in the input and whose pods the
policies of the input do not let the container reach, on the way out or on the way in.  What only
another network plugin or an unknown label would decide is left alone.

## Why it matters
The connection hangs until it times out, on clusters that enforce policies; elsewhere it works, so
it is found last.

## Example
    # Deployment api has DATABASE_URL: postgres://db:5432/app
    kind: NetworkPolicy
    spec:
      podSelector: {matchLabels: {app: db}}
      ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]

Allow the connection on both ends.

## References
- https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="policy-cuts-dependency", severity=Severity.ERROR, since="0.1", group="network-policy"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each address that policies keep its container from."""
    for one in bundle.dialled:
        port = one.address.dialled_port
        source = bundle.network.endpoint(one.container.owner)
        if one.service is None or port is None or source is None:
            continue
        service = bundle.names.service(one.namespace, one.service)
        if service is None:
            continue
        behind = bundle.selections.behind(service)
        edges = bundle.network.through(source, service, port, behind)
        if not edges or any(edge.verdict.allowed or edge.verdict.doubts for edge in edges):
            continue
        denied = edges[0].verdict
        by = ", ".join(sorted({ref.name for ref in denied.denied_by})[:3])
        side = "its way out" if not denied.egress.allowed else "the way in"
        yield RULE.finding(
            one.container.owner,
            f"{one.named} dials {one.address.shown}, and {side} is closed by {by}",
            field=one.container.path,
            remedy="allow the connection in the policies of both ends",
        )
