"""
A claim that asks for less than it has.

## What it does
Compares claims with what they were before (`--baseline DIR`, `--baseline cluster`, `--since REV`)
and finds those that ask for less.

## Why it matters
Volumes only grow.  The API server refuses the change, and with it the deployment stops.

## Example
    kind: PersistentVolumeClaim
    spec: {resources: {requests: {storage: 5Gi}}}      # it was 20Gi

Leave the size, or make a smaller claim of another name and bring the data over.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#expanding-persistent-volumes-claims
"""

from collections.abc import Iterator

from mooring.check import earlier
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, immutable, kinds

RULE = Rule(id="claim-shrinks", severity=Severity.ERROR, since="0.1", group="storage")

_SIZE = ("spec", "resources", "requests", "storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim that is smaller than before."""
    for item, was in earlier.pairs(bundle):
        if item.kind != kinds.CLAIM:
            continue
        had, wanted = (fields.at(one.manifest, *_SIZE) for one in (was, item))
        if immutable.shrinks(_SIZE, had, wanted):
            yield RULE.finding(
                item.ref,
                f"it asks for {wanted} and has {had}: volumes only grow",
                field=".".join(_SIZE),
                remedy=f"ask for {had} at least, or make a claim of another name",
            )
