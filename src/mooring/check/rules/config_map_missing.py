"""
A ConfigMap that is named and does not exist.

## What it does
Finds `envFrom`, `valueFrom`, volumes and projected sources that name a ConfigMap which the input
does not hold.  What is `optional`, and what every namespace has (`kube-root-ca.crt`), is fine.

## Why it matters
The container is never created: the pod stays in `CreateContainerConfigError`, or waits for its
volume for ever.

## Example
    envFrom:
    - configMapRef: {name: web-config}   # the object is called web-settings

Add the ConfigMap, or name the one that is there.

## References
- https://kubernetes.io/docs/concepts/configuration/configmap/
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="config-map-missing", severity=Severity.ERROR, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each reference to a ConfigMap that is not there."""
    found = missing.dangling(bundle, kinds.CONFIG_MAP)
    yield from missing.objects(bundle, RULE, found, remedy="add it, or name one that is there")
