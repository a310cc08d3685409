"""
An update that may take all pods away at once.

## What it does
Finds Deployments of several pods behind a Service whose `maxUnavailable` is all of them.

## Why it matters
Several replicas are run so that one is always there.  Here each update, and each rollback, stops
all of them before the first new one is ready.

## Example
    spec:
      replicas: 2
      strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 100%}}

Set `maxUnavailable: 1`, or 0 with a surge.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds, rollout

RULE = Rule(id="update-takes-all-pods", severity=Severity.WARNING, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each update that leaves nobody."""
    for pod in bundle.pods:
        if pod.kind != kinds.DEPLOYMENT:
            continue
        written = fields.at(pod.template.owner_spec, "strategy", "rollingUpdate", "maxUnavailable")
        if written is None:
            continue
        count = rollout.pod_count(pod.template, bundle.selections.autoscaler_of.get(pod.owner))
        # A percentage is rounded down.
        taken = fields.integer(written)
        if taken is None:
            taken = count.resting if str(written) == "100%" else 0
        if count.resting > 1 and taken >= count.resting and bundle.services_of(pod):
            yield RULE.finding(
                pod.owner,
                f"an update may take away all {count.resting} pods (maxUnavailable: {written})",
                field="spec.strategy.rollingUpdate.maxUnavailable",
                remedy="set maxUnavailable: 1",
            )
