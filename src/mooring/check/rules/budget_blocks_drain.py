"""
A budget that lets no pod go.

## What it does
Finds PodDisruptionBudgets that keep as many pods as the workloads which they select have,
counting the least number of an autoscaler.

## Why it matters
Nothing may be evicted: `kubectl drain` waits for ever and a node upgrade stops half-way.

## Example
    kind: PodDisruptionBudget
    spec:
      minAvailable: 2          # the Deployment has 2 replicas

Use `maxUnavailable: 1`.

## References
- https://kubernetes.io/docs/tasks/run-application/configure-pdb/
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import kinds, rollout
from mooring.semantics.views import Budget

RULE = Rule(id="budget-blocks-drain", severity=Severity.ERROR, since="0.1", group="disruption")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each budget that allows no disruption."""
    for item in bundle.of_kind(kinds.BUDGET):
        budget = Budget(item)
        pods = bundle.selections.selected_by(item)
        scalers = bundle.selections.autoscaler_of
        count = sum(rollout.pod_count(pod, scalers.get(pod.owner)).resting for pod in pods)
        if count == 0 or any(pod.kind in (kinds.POD, kinds.JOB) for pod in pods):
            continue
        if budget.min_available is not None:
            kept, field = rollout.share(budget.min_available, of=count), "spec.minAvailable"
        elif budget.max_unavailable is not None:
            gone = rollout.share(budget.max_unavailable, of=count)
            kept, field = count - gone, "spec.maxUnavailable"
        else:
            continue
        if kept < count:
            continue
        owners = ", ".join(sorted(str(pod.owner) for pod in pods)[:3])
        yield RULE.finding(
            item.ref,
            f"it keeps {kept} of the {count} pods of {owners}",
            field=field,
            remedy="set maxUnavailable: 1 instead"
            if count > 1
            else "a single replica cannot be kept: run two, or remove the budget",
            severity=None if count > 1 or kept > 0 else Severity.WARNING,
            fix=fixes.put(
                item.manifest,
                field,
                1,
                description="let one pod go at a time",
                safety=Safety.NEEDS_CONFIRMATION,
            )
            if field == "spec.maxUnavailable"
            else None,
        )
