"""
A budget that does not say how many pods it keeps.

## What it does
Finds PodDisruptionBudgets with neither `minAvailable` nor `maxUnavailable`.

## Why it matters
It keeps all: as nothing is expected, no disruption is allowed, and `kubectl drain` waits for
ever.

## Example
    kind: PodDisruptionBudget
    spec: {selector: {matchLabels: {app: web}}}

Add `maxUnavailable: 1`.

## References
- https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget
- https://github.com/kubernetes/kubernetes/blob/master/pkg/controller/disruption/disruption.go
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import kinds

RULE = Rule(id="budget-without-amount", severity=Severity.ERROR, since="0.1", group="disruption")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each budget without a number."""
    for item in bundle.of_kind(kinds.BUDGET):
        if item.spec.get("minAvailable") is None and item.spec.get("maxUnavailable") is None:
            yield RULE.finding(
                item.ref,
                "it has neither minAvailable nor maxUnavailable, so no pod of it may go",
                field="spec",
                remedy="add maxUnavailable: 1",
                fix=fixes.put(
                    item.manifest,
                    "spec.maxUnavailable",
                    1,
                    description="let one pod go at a time",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )
