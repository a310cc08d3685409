"""
A claim that is mounted and that nobody makes.

## What it does
Finds volumes of a PersistentVolumeClaim which the input does not hold.  The claims of a
StatefulSet's templates count as there.

## Why it matters
The pod stays Pending with `persistentvolumeclaim not found`.

## Example
    volumes:
    - name: data
      persistentVolumeClaim: {claimName: data}   # the claim is called app-data

Add the claim, or name the one that is there.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="claim-missing", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each volume whose claim is not there."""
    yield from missing.objects(
        bundle,
        RULE,
        missing.dangling(bundle, kinds.CLAIM),
        remedy="add the claim, or name one that is there",
        made_elsewhere="it has to be there before",
    )
