"""
A claim that does not say how it is mounted.

## What it does
Finds PersistentVolumeClaims, and claim templates of StatefulSets, without `accessModes` or
without a size.

## Why it matters
The API server refuses the claim; a StatefulSet is accepted and never has a pod.

## Example
    volumeClaimTemplates:
    - metadata: {name: data}
      spec: {resources: {requests: {storage: 1Gi}}}      # accessModes: [ReadWriteOnce]

Add accessModes and resources.requests.storage.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims
"""

from collections.abc import Iterator

from mooring.check import claims
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="claim-without-access-mode", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim that the API server refuses."""
    for ref, field, claim in claims.every(bundle):
        if not claim.access_modes:
            yield RULE.finding(
                ref,
                "it has no accessModes",
                field=field,
                remedy="add accessModes: [ReadWriteOnce]",
            )
        if claim.size is None:
            yield RULE.finding(
                ref,
                "it does not say how much storage it asks for",
                field=field,
                remedy="add resources: {requests: {storage: 10Gi}}",
            )
