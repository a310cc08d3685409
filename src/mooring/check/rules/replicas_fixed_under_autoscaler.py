"""
A number of replicas beside an autoscaler.

## What it does
Finds workloads with `replicas` that an autoscaler of the input scales.

## Why it matters
Each apply sets the number back, and pods are stopped until the autoscaler notices.

## Example
    kind: Deployment
    spec:
      replicas: 2          # and a HorizontalPodAutoscaler of it

Leave replicas out.

## References
- https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import kinds
from mooring.semantics.views import Autoscaler

RULE = Rule(
    id="replicas-fixed-under-autoscaler",
    severity=Severity.WARNING,
    since="0.1",
    group="autoscaling",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each scaled workload that fixes its number as well."""
    for item in bundle.of_kind(kinds.AUTOSCALER):
        target = bundle.selections.target(Autoscaler(item))
        if target is not None and target.spec.get("replicas") not in (None, 0):
            yield RULE.finding(
                target.ref,
                f"it has {target.spec['replicas']} replicas, and {item.ref} scales it",
                field="spec.replicas",
                remedy="leave replicas out",
                fix=fixes.take(
                    target.manifest,
                    "spec.replicas",
                    description="leave the number to the autoscaler",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )
