"""
A budget that keeps pods which never became ready.

## What it does
Finds PodDisruptionBudgets without `unhealthyPodEvictionPolicy: AlwaysAllow`.

## Why it matters
By default pods that are not ready count as needed while fewer than the budget wants are ready: a
drain waits for pods in a crash loop, which nobody misses.

## Example
    kind: PodDisruptionBudget
    spec: {maxUnavailable: 1}

Set `unhealthyPodEvictionPolicy: AlwaysAllow`.

## References
- https://kubernetes.io/docs/tasks/run-application/configure-pdb/#unhealthy-pod-eviction-policy
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import kinds

RULE = Rule(id="budget-keeps-broken-pods", severity=Severity.INFO, since="0.1", group="disruption")

_STABLE_SINCE = 31


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each budget that waits for pods which are not ready."""
    if bundle.minor < _STABLE_SINCE:
        return
    for item in bundle.of_kind(kinds.BUDGET):
        if item.spec.get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
            yield RULE.finding(
                item.ref,
                "it keeps pods that are not ready, such as those in a crash loop",
                field="spec",
                remedy="set unhealthyPodEvictionPolicy: AlwaysAllow",
                fix=fixes.put(
                    item.manifest,
                    "spec.unhealthyPodEvictionPolicy",
                    "AlwaysAllow",
                    description="let pods go that are not ready",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )
