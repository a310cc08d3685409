"""
An alias for a Service that there is not.

## What it does
Finds Services of the type ExternalName whose `externalName` is a Service of the cluster
(`<name>.<namespace>.svc.cluster.local`) that the input does not hold, though it holds others of
that namespace.

## Why it matters
The alias resolves to a name that does not: whoever dials it is told that there is no such host.

## Example
    kind: Service
    spec: {type: ExternalName, externalName: postgres.data.svc.cluster.local}   # it is called db

Name the Service as it is called.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#externalname
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="alias-target-missing", severity=Severity.ERROR, since="0.1", group="services")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each alias that leads nowhere."""
    found = (
        one
        for one in missing.dangling(bundle, kinds.SERVICE)
        if one.reference.source.kind == "Service"
        and one.reference.target.namespace in bundle.names.namespaces
    )
    yield from missing.objects(
        bundle,
        RULE,
        found,
        remedy="name the Service as it is called",
        made_elsewhere="it may belong to another input",
    )
