"""
Pods that two budgets guard.

## What it does
Finds pods that more than one PodDisruptionBudget selects.

## Why it matters
The eviction of such a pod fails with an internal error, whatever the budgets allow: a drain stops
there.

## Example
    # PodDisruptionBudget web and PodDisruptionBudget all, which selects everything

Keep one budget for each pod.

## References
- https://kubernetes.io/docs/tasks/run-application/configure-pdb/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="pods-under-two-budgets", severity=Severity.ERROR, since="0.1", group="disruption")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload whose pods are under several budgets."""
    for pod in bundle.pods:
        budgets = bundle.selections.budgeted_by(pod.template)
        if len(budgets) > 1:
            names = ", ".join(sorted(one.ref.name for one in budgets))
            yield RULE.finding(
                pod.owner,
                f"its pods are under the budgets {names}",
                field=f"{pod.template.path}.metadata.labels"
                if pod.template.path
                else "metadata.labels",
                remedy="keep one budget for each pod",
            )
