"""
Pods that a ResourceQuota of their namespace has no room for.

## What it does
Finds ResourceQuotas that cannot hold the pods, claims and Services beside them, and pods that do
not set what a quota counts.

## Why it matters
The last pods of the namespace are never made; which ones is decided by chance.

## Example
    kind: ResourceQuota
    spec: {hard: {requests.memory: 1Gi}}
    ---
    # three replicas that ask for 512Mi each

Raise the quota to the sum that it has to admit, or ask for less.

## References
- https://kubernetes.io/docs/concepts/policy/resource-quotas/
"""

from collections.abc import Iterator

from mooring.check import refusals
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.admission import Stage

RULE = Rule(id="quota-refuses-pods", severity=Severity.ERROR, since="0.1", group="resources")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place for which pods are refused."""
    return refusals.told(bundle, RULE, Stage.QUOTA, "ask for what it allows, or change it")
