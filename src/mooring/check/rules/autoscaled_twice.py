"""
A workload that two autoscalers scale.

## What it does
Finds workloads that several HorizontalPodAutoscalers, or one and a ScaledObject of KEDA, have for
their target.

## Why it matters
Each sets the number that it has computed: replicas come and go.

## Example
    # HorizontalPodAutoscaler web and HorizontalPodAutoscaler web-memory

Put all metrics into one autoscaler.

## References
- https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.kinds import GroupKind

RULE = Rule(id="autoscaled-twice", severity=Severity.ERROR, since="0.1", group="autoscaling")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each autoscaler of what another one scales."""
    seen: dict[tuple[str, str, str], str] = {}
    for item in bundle.of_kind(kinds.AUTOSCALER, _SCALED_OBJECT):
        target = fields.mapping(item.spec.get("scaleTargetRef"))
        kind = fields.text(target.get("kind")) or "Deployment"
        name = fields.text(target.get("name"))
        if not name:
            continue
        other = seen.setdefault((item.namespace, kind, name), str(item.ref))
        if other != str(item.ref):
            yield RULE.finding(
                item.ref,
                f"{kind} {name} is scaled by {other} as well",
                field="spec.scaleTargetRef",
                remedy="put all metrics into one autoscaler",
            )


_SCALED_OBJECT = GroupKind("keda.sh", "ScaledObject")
