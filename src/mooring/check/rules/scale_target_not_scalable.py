"""
An autoscaler of something that has no number of replicas.

## What it does
Finds HorizontalPodAutoscalers and ScaledObjects whose target is a kind of Kubernetes that cannot
be scaled: a DaemonSet, a Job, a CronJob, a Pod.

## Why it matters
The autoscaler asks for the target's `scale`, which it does not have:  `FailedGetScale`, for ever.

## Example
    spec: {scaleTargetRef: {apiVersion: apps/v1, kind: DaemonSet, name: agent}}

Scale a Deployment or a StatefulSet.

## References
- https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.kinds import GroupKind

RULE = Rule(
    id="scale-target-not-scalable", severity=Severity.ERROR, since="0.1", group="autoscaling"
)

_SCALED_OBJECT = GroupKind("keda.sh", "ScaledObject")
_SCALABLE = frozenset(
    {kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.REPLICA_SET, kinds.REPLICATION_CONTROLLER}
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each autoscaler of what has no scale."""
    for item in bundle.of_kind(kinds.AUTOSCALER, _SCALED_OBJECT):
        target = fields.mapping(item.spec.get("scaleTargetRef"))
        kind, version = fields.text(target.get("kind")), fields.text(target.get("apiVersion"))
        if kind is None or version is None:
            continue
        wanted = kinds.group_kind(version, kind)
        # A kind that a definition adds may have a scale of its own.
        # Of the version the group alone counts, and it is not looked for under a former one.
        is_former = kinds.is_built_in(wanted.group) and kinds.group_of(version) != wanted.group
        if is_former or (kinds.is_built_in(wanted.group) and wanted not in _SCALABLE):
            yield RULE.finding(
                item.ref,
                f"a {kind} of {version} has no number of replicas to be scaled",
                field="spec.scaleTargetRef.kind",
                remedy="scale a Deployment or a StatefulSet, with its apiVersion",
            )
