"""
A budget of no pods.

## What it does
Finds PodDisruptionBudgets whose selector matches no pods of the input.

## Why it matters
The pods that were to be guarded are not: all of them may go at once.

## Example
    kind: PodDisruptionBudget
    spec: {minAvailable: 1, selector: {matchLabels: {app: webb}}}

Select the labels that the pods carry.

## References
- https://kubernetes.io/docs/tasks/run-application/configure-pdb/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="budget-selects-nothing", severity=Severity.WARNING, since="0.1", group="disruption")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each budget that guards nothing."""
    names = {(pod.namespace, pod.owner.name) for pod in bundle.pods}
    for item in bundle.of_kind(kinds.BUDGET):
        if bundle.selections.selected_by(item):
            continue
        # Where the input has a workload of the same name, its pods are meant.
        meant = bundle.is_closed or (item.namespace, item.ref.name) in names
        certain = bundle.is_whole and meant
        yield RULE.finding(
            item.ref,
            "it selects no pods of this input",
            field="spec.selector",
            remedy="select the labels that the pods carry",
            confidence=None if certain else Confidence.MEDIUM,
        )
