"""
A service that is away while its one pod is moved.

## What it does
Finds Deployments behind a Service with one replica, no autoscaler, and no volume that one pod
holds.

## Why it matters
When its node is drained or fails nothing answers until another pod is ready.  Many programs allow
for no second one, so this rule must be asked for.

## Example
    kind: Deployment
    spec: {replicas: 1}

Run two replicas where the program allows for it.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
"""

from collections.abc import Iterator

from mooring.check import claims
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds, rollout

RULE = Rule(
    id="single-replica", severity=Severity.INFO, since="0.1", group="workloads", opt_in=True
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each service of one pod."""
    for pod in bundle.pods:
        if pod.kind != kinds.DEPLOYMENT or not bundle.services_of(pod):
            continue
        count = rollout.pod_count(pod.template, bundle.selections.autoscaler_of.get(pod.owner))
        if count.resting == 1 and next(claims.single(bundle, pod), None) is None:
            yield RULE.finding(
                pod.owner,
                "one pod serves, and while it is moved none does",
                field="spec.replicas" if "replicas" in pod.template.owner_spec else "spec",
                remedy="run two replicas where the program allows for it",
            )
