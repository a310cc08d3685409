"""
A ServiceAccount that is named and does not exist.

## What it does
Finds pods that run as a ServiceAccount which the input does not hold.  `default` is in every
namespace.

## Why it matters
No pod is made at all: the ReplicaSet reports `serviceaccount not found`, and the Deployment shows
no replicas.

## Example
    spec: {serviceAccountName: api-runner}   # no such ServiceAccount in the namespace

Add the ServiceAccount, in the namespace of the pods.

## References
- https://kubernetes.io/docs/concepts/security/service-accounts/
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="service-account-missing", severity=Severity.ERROR, since="0.1", group="rbac")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pod whose ServiceAccount is not there."""
    found = (
        one
        for one in missing.dangling(bundle, kinds.SERVICE_ACCOUNT)
        if one.reference.source.kind not in ("RoleBinding", "ClusterRoleBinding")
    )
    yield from missing.objects(
        bundle, RULE, found, remedy="add it in the namespace of the pods, or leave the field out"
    )
