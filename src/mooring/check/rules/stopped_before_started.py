"""
An update during which nothing answers.

## What it does
Finds Deployments behind a Service that are updated by `Recreate` though nothing forces them to:
no volume that one node or pod holds, and no port of the node.

## Why it matters
All pods are stopped before the first new one starts.  Some programs must not run in two versions
at once, so this rule must be asked for.

## Example
    strategy: {type: Recreate}

Leave the strategy out where two versions may run side by side for a minute.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import apart, fields, kinds

RULE = Rule(
    id="stopped-before-started",
    severity=Severity.INFO,
    since="0.1",
    group="workloads",
    opt_in=True,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each update that stops all pods first."""
    for pod in bundle.pods:
        kind = fields.at(pod.template.owner_spec, "strategy", "type")
        if pod.kind != kinds.DEPLOYMENT or kind != "Recreate" or _has_to(pod):
            continue
        if bundle.services_of(pod):
            yield RULE.finding(
                pod.owner,
                "an update stops all its pods before it starts one",
                field="spec.strategy.type",
                remedy="leave the strategy out where two versions may run side by side",
            )


def _has_to(pod: Pod) -> bool:
    return bool(apart.host_ports(pod.template)) or any(
        "persistentVolumeClaim" in volume or "hostPath" in volume
        for _, volume in pod.volumes.values()
    )
