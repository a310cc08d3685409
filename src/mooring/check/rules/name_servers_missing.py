"""
A pod without a name server.

## What it does
Finds pods with `dnsPolicy: None` whose `dnsConfig` names no server.

## Why it matters
The API server refuses them.

## Example
    spec: {dnsPolicy: None}

Name servers in `dnsConfig.nameservers`, or leave the policy out.

## References
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="name-servers-missing", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pod that could ask nobody."""
    for pod in bundle.pods:
        if pod.spec.get("dnsPolicy") == "None" and not fields.items(
            fields.at(pod.spec, "dnsConfig", "nameservers")
        ):
            yield RULE.finding(
                pod.owner,
                "its dnsPolicy is None, and dnsConfig names no server",
                field=f"{pod.path}.dnsPolicy",
                remedy="add dnsConfig.nameservers, or leave dnsPolicy out",
            )
