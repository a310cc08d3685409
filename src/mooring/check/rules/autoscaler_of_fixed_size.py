"""
An autoscaler that never scales.

## What it does
Finds HorizontalPodAutoscalers whose `minReplicas` and `maxReplicas` are the same.

## Why it matters
It measures and decides nothing; a number of replicas on the workload says the same.

## Example
    spec: {minReplicas: 3, maxReplicas: 3}

Raise the maximum, or set `replicas` and leave the autoscaler out.

## References
- https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.views import Autoscaler

RULE = Rule(id="autoscaler-of-fixed-size", severity=Severity.INFO, since="0.1", group="autoscaling")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each autoscaler with one number to choose from."""
    for item in bundle.of_kind(kinds.AUTOSCALER):
        scaler = Autoscaler(item)
        if scaler.most == scaler.least:
            yield RULE.finding(
                item.ref,
                f"it may choose between {scaler.least} and {scaler.most} replicas",
                field="spec.maxReplicas",
                remedy="raise the maximum, or set replicas and leave the autoscaler out",
            )
