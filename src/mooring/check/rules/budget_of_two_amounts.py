"""
A budget that says twice how many pods it keeps.

## What it does
Finds PodDisruptionBudgets with both `minAvailable` and `maxUnavailable`.

## Why it matters
The API server refuses the object: the two exclude each other.

## Example
    kind: PodDisruptionBudget
    spec: {minAvailable: 1, maxUnavailable: 1}

Keep `maxUnavailable`.

## References
- https://kubernetes.io/docs/tasks/run-application/configure-pdb/#specifying-a-poddisruptionbudget
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="budget-of-two-amounts", severity=Severity.ERROR, since="0.1", group="disruption")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each budget with two numbers."""
    for item in bundle.of_kind(kinds.BUDGET):
        least, most = item.spec.get("minAvailable"), item.spec.get("maxUnavailable")
        if least is not None and most is not None:
            yield RULE.finding(
                item.ref,
                f"it has minAvailable {least} and maxUnavailable {most}, which exclude each other",
                field="spec.minAvailable",
                remedy="keep maxUnavailable",
            )
