"""
An autoscaler of something that does not exist.

## What it does
Finds HorizontalPodAutoscalers, VerticalPodAutoscalers and ScaledObjects whose target the input
does not hold.

## Why it matters
Nothing is ever scaled, and only the autoscaler's conditions say so.

## Example
    scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}   # it is called api-server

Name the workload as it is called, with its kind and apiVersion.

## References
- https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.references import Missing

_SCALERS = ("HorizontalPodAutoscaler", "VerticalPodAutoscaler", "ScaledObject")
_SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout")

RULE = Rule(id="scale-target-missing", severity=Severity.ERROR, since="0.1", group="autoscaling")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each autoscaler whose target is not there."""
    found = (
        one
        for one in bundle.dangling
        if one.missing is Missing.OBJECT
        and one.reference.source.kind in _SCALERS
        and one.reference.target.kind in _SCALED
    )
    yield from missing.objects(
        bundle,
        RULE,
        found,
        remedy="name a workload of the same namespace, with its kind",
        made_elsewhere="it may belong to another input",
    )
