"""
A Secret that is named and does not exist.

## What it does
Finds variables, volumes, pull secrets and other fields that name a Secret which the input does
not hold.  Secrets are often made outside of it (a SealedSecret, an ExternalSecret, cert-manager,
an operator): what the input says will be made counts as there, and of the rest it is only
doubted.

## Why it matters
The container is never created: the pod stays in `CreateContainerConfigError` until somebody makes
the Secret.

## Example
    env:
    - name: PASSWORD
      valueFrom: {secretKeyRef: {name: database, key: password}}   # nobody makes it

Make the Secret before the workload, or name the one that is there.

## References
- https://kubernetes.io/docs/concepts/configuration/secret/
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="secret-missing", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each reference to a Secret that is not there."""
    found = (
        one
        for one in missing.dangling(bundle, kinds.SECRET)
        if ".imagePullSecrets[" not in one.reference.field
        and one.reference.source.kind != "Ingress"
    )
    yield from missing.objects(
        bundle,
        RULE,
        found,
        remedy="add it, or make sure that it is there before",
        made_elsewhere="Secrets are often made elsewhere, and then it has to be there before",
    )
