"""
Replicas that may all be evicted at once.

## What it does
Finds Deployments and StatefulSets of several replicas whose pods no PodDisruptionBudget selects.

## Why it matters
A node upgrade may evict all of them in the same minute.  Who runs several replicas mostly wants
some of them to stay.

## Example
    kind: Deployment
    spec: {replicas: 3}        # and no PodDisruptionBudget

Add a budget with `maxUnavailable: 1`.

## References
- https://kubernetes.io/docs/tasks/run-application/configure-pdb/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds, rollout

RULE = Rule(id="budget-missing", severity=Severity.INFO, since="0.1", group="disruption")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload of several pods that nothing keeps."""
    for pod in bundle.pods:
        if pod.kind not in (kinds.DEPLOYMENT, kinds.STATEFUL_SET):
            continue
        count = rollout.pod_count(pod.template, bundle.selections.autoscaler_of.get(pod.owner))
        if count.resting > 1 and not bundle.selections.budgeted_by(pod.template):
            yield RULE.finding(
                pod.owner,
                f"all of its {count.resting} pods may be evicted at once",
                field="spec",
                remedy="add a PodDisruptionBudget with maxUnavailable: 1",
            )
