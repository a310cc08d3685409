"""
A host that no Service has.

## What it does
Finds addresses in variables and commands whose host can only be a Service of the cluster (a bare
name, or one that ends in `svc`) and for which there is none in that namespace.  Names that an
operator of a custom resource beside it may make, aliases and the pod's own name are left alone.

## Why it matters
The name does not resolve: the container fails at its first connection, and often at its start.  A
bare name is looked up in the namespace of the pod alone.

## Example
    env:
    - {name: REDIS_URL, value: "redis://redis_cache:6379"}   # the Service is called redis-cache

Name the Service as it is called, with its namespace where it is another.

## References
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.unresolved import unresolved
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(id="host-unknown", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each address whose host is no Service."""
    for one in bundle.dialled:
        if one.service is None:
            continue
        found = unresolved(bundle, one)
        if found is None:
            continue
        yield RULE.finding(
            one.ref,
            f"{one.named} names the host {one.address.host}, and {found.told}",
            field=one.field,
            remedy=found.remedy or "name a Service that is there, or add the one that is meant",
            severity=None if found.is_certain else Severity.WARNING,
            confidence=Confidence.HIGH if bundle.is_whole else Confidence.MEDIUM,
        )
