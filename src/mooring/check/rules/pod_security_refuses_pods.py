"""
Pods that their namespace refuses for their rights.

## What it does
Finds pods that the level of the Pod Security Standards which their namespace enforces does not
admit, with the fields at fault, defaults of the API server included.  Without a label on the
namespace nothing is enforced, and nothing is found.

## Why it matters
The workload is accepted and never has a pod; only an event of its ReplicaSet says why.

## Example
    kind: Namespace
    metadata:
      name: shop
      labels: {pod-security.kubernetes.io/enforce: restricted}
    ---
    kind: Deployment                      # without seccompProfile, runAsNonRoot, drop ALL

Give the container the rights that the level allows, or the namespace the level that the pods
need.

## References
- https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator

from mooring.check import refusals
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.admission import Stage

RULE = Rule(
    id="pod-security-refuses-pods", severity=Severity.ERROR, since="0.1", group="pod-security"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place for which pods are refused."""
    remedy = "set what the level wants, or label the namespace for what the pods need"
    return refusals.told(bundle, RULE, Stage.POD_SECURITY, remedy)
