"""
A key that its ConfigMap or Secret does not have.

## What it does
Finds `configMapKeyRef`, `secretKeyRef`, `items` and `subPath` that ask an object of the input for
a key which it does not have.

## Why it matters
The container is never created (`CreateContainerConfigError`), or a `subPath` that should be a
file becomes an empty directory.

## Example
    valueFrom: {secretKeyRef: {name: database, key: PASSWORD}}   # its key is called password

Name a key that the object has.

## References
- https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-environment-variables
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.references import Missing

RULE = Rule(id="key-missing", severity=Severity.ERROR, since="0.1", group="configuration")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each reference to a key that is not there."""
    found = missing.dangling(bundle, kinds.CONFIG_MAP, kinds.SECRET, missing=Missing.KEY)
    yield from missing.keys(bundle, RULE, found)
