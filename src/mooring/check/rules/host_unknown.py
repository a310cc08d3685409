"""
A host that no Service has.

## What it does
Finds addresses in variables and commands whose host can only be a Service of the cluster (a bare
name, or one that ends in `svc`) and for which there is none in that namespace.  Names that an
operator of a custom resource beside it may make, aliases and the pod's own name are left alone.

## Why it matters
The name does not resolve: the container fails at its first connection, and often at its start.

## Example
    env:
    - {name: REDIS_URL, value: "redis://redis_cache:6379"}   # the Service is called redis-cache

Name the Service as it is called, with its namespace where it is another.

## References
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(id="host-unknown", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each address whose host is no Service."""
    names = bundle.names
    for one in bundle.dialled:
        if one.service is None or names.service(one.namespace, one.service) is not None:
            continue
        # A namespace of which nothing is known may hold anything.
        if one.namespace not in names.namespaces or names.is_known_otherwise(one):
            continue
        if names.may_be_made(one.namespace, one.service):
            continue
        near = did_you_mean(one.service, names.names(one.namespace))
        where = f" in the namespace {one.namespace}" if one.namespace else ""
        certain = bundle.is_whole and (bundle.is_closed or near is not None or one.is_certain)
        yield RULE.finding(
            one.ref,
            f"{one.named} names the host "
            f"{one.address.host}, and no Service is called {one.service}{where}",
            field=one.field,
            remedy=near or "name a Service that is there, or add the one that is meant",
            severity=RULE.severity if certain else Severity.WARNING,
            confidence=Confidence.HIGH if bundle.is_whole else Confidence.MEDIUM,
        )
