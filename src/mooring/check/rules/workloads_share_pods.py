"""
Two workloads that select the same pods.

## What it does
Finds Deployments, StatefulSets and ReplicaSets of one namespace whose selectors match the pods of
one another.

## Why it matters
Each takes the pods of the other for its own and deletes what is too many: replicas come and go
without end.

## Example
    # in Deployment api and Deployment worker alike
    selector: {matchLabels: {app: shop}}

Select by a label that only the own pods carry.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds, selection

RULE = Rule(id="workloads-share-pods", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload whose selector matches the pods of another."""
    for pod in bundle.pods:
        if pod.kind not in _SELECTING:
            continue
        wanted = selection.selector(pod.template.owner_spec.get("selector"))
        if wanted.selects_nothing or not wanted.matches(pod.labels):
            continue
        others = sorted(
            str(each.owner)
            for each in bundle.selections.pods.selected(pod.namespace, wanted)
            if each.owner != pod.owner and each.kind in _SELECTING
        )
        if others:
            yield RULE.finding(
                pod.owner,
                f"its selector matches the pods of {', '.join(others[:3])} as well",
                field="spec.selector",
                remedy="select by a label that only its own pods carry",
            )


_SELECTING = (kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.REPLICA_SET)
