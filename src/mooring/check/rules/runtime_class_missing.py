"""
A RuntimeClass that is named and may not exist.

## What it does
Finds pods that name a RuntimeClass which the input does not hold and which no cluster has by
itself.

## Why it matters
The pods are refused, or stay without a container.

## Example
    spec: {runtimeClassName: special}

Make the RuntimeClass before, or leave the field out.

## References
- https://kubernetes.io/docs/concepts/containers/runtime-class/
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="runtime-class-missing", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each class that is not there."""
    yield from missing.objects(
        bundle,
        RULE,
        missing.dangling(bundle, kinds.RUNTIME_CLASS),
        remedy="make it before, or leave the field out",
        made_elsewhere="it has to be in the cluster",
    )
