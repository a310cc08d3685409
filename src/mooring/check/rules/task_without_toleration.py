"""
A task that may not run where all its neighbours do.

## What it does
Finds Jobs and CronJobs without any toleration and `nodeSelector`, in a namespace of which all
other workloads have the same toleration or selector; three of them at least.

## Why it matters
Where nodes are tainted for the team, the task stays `Pending`: a migration that never runs, in
front of an application that waits for it.

## Example
    # every Deployment of the namespace has it; the migration Job does not
    tolerations: [{key: team, operator: Equal, value: shop, effect: NoSchedule}]

Give the task the same.

## References
- https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="task-without-toleration",
    severity=Severity.WARNING,
    since="0.1",
    group="jobs",
    confidence=Confidence.MEDIUM,
)

_FEWEST = 3
_FIELDS = ("tolerations", "nodeSelector")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each task that lacks what all others have."""
    others: dict[str, list[Pod]] = {}
    tasks: list[Pod] = []
    for pod in bundle.pods:
        if pod.kind in (kinds.JOB, kinds.CRON_JOB):
            tasks.append(pod)
        elif pod.kind in (kinds.DEPLOYMENT, kinds.STATEFUL_SET):
            others.setdefault(pod.namespace, []).append(pod)
    common = {
        namespace: _common(pods) for namespace, pods in others.items() if len(pods) >= _FEWEST
    }
    for task in tasks:
        field, first = common.get(task.namespace) or (None, None)
        if field is None or first is None or any(task.spec.get(each) for each in _FIELDS):
            continue
        if task.spec.get("affinity"):
            continue
        yield RULE.finding(
            task.owner,
            f"all Deployments and StatefulSets of its namespace have the same {field}, and it has "
            "none",
            field=task.path,
            remedy=f"give it the {field} of {first.owner.kind} {first.owner.name}",
        )


def _common(pods: list[Pod]) -> tuple[str, Pod] | None:
    """Return the field that all pods have alike, and the first of them."""
    for field in _FIELDS:
        first = pods[0].spec.get(field)
        if first and all(pod.spec.get(field) == first for pod in pods):
            return field, pods[0]
    return None
