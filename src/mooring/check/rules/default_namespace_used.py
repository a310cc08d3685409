"""
An object in the namespace that is called default.

## What it does
Finds namespaced objects that are put into the namespace `default`, by name.

## Why it matters
Everything that names no namespace lands there: policies, quotas and rights are then shared with
what nobody placed.

## Example
    metadata: {name: web, namespace: default}

Give the application a namespace of its own.

## References
- https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds, provision

RULE = Rule(
    id="default-namespace-used", severity=Severity.INFO, since="0.1", group="api", opt_in=True
)

_OF_THE_CLUSTER = (kinds.SERVICE_ACCOUNT, kinds.SERVICE, kinds.CONFIG_MAP)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object that is put there."""
    for item in bundle.objects:
        if item.namespace != "default" or item.metadata.get("namespace") != "default":
            continue
        if item.kind in _OF_THE_CLUSTER and provision.is_in_every_cluster(item.kind, item.ref):
            continue
        yield RULE.finding(
            item.ref,
            "it is put into the namespace default",
            field="metadata.namespace",
            remedy="give the application a namespace of its own",
        )
