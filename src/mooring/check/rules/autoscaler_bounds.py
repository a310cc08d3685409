"""
An autoscaler whose bounds contradict each other.

## What it does
Finds HorizontalPodAutoscalers whose `minReplicas` is above `maxReplicas`, or whose `maxReplicas`
is below 1.

## Why it matters
The API server refuses the object.

## Example
    spec: {minReplicas: 5, maxReplicas: 3}

Make the maximum at least the minimum.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.views import Autoscaler

RULE = Rule(id="autoscaler-bounds", severity=Severity.ERROR, since="0.1", group="autoscaling")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each autoscaler without a number between its bounds."""
    for item in bundle.of_kind(kinds.AUTOSCALER):
        scaler = Autoscaler(item)
        if scaler.most is not None and (scaler.most < max(1, scaler.least)):
            yield RULE.finding(
                item.ref,
                f"minReplicas is {scaler.least} and maxReplicas {scaler.most}",
                field="spec.maxReplicas",
                remedy="make the maximum at least the minimum",
            )
