"""
Replicas that may all stand on one node.

## What it does
Finds workloads of several replicas behind a Service, with neither a topology spread nor
anti-affinity.

## Why it matters
The scheduler spreads pods of a Service where it can and promises nothing: after a night of moves
all may stand on the node that fails.

## Example
    replicas: 3
    # no topologySpreadConstraints

Add a soft spread over `kubernetes.io/hostname` (`whenUnsatisfiable: ScheduleAnyway`).

## References
- https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds, rollout

RULE = Rule(id="replicas-not-spread", severity=Severity.INFO, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload whose pods nothing keeps apart."""
    if bundle.cluster is not None and bundle.cluster.is_one_node:
        return
    for pod in bundle.pods:
        if pod.kind not in (kinds.DEPLOYMENT, kinds.STATEFUL_SET):
            continue
        if fields.items(pod.spec.get("topologySpreadConstraints")):
            continue
        if fields.at(pod.spec, "affinity", "podAntiAffinity"):
            continue
        count = rollout.pod_count(pod.template, bundle.selections.autoscaler_of.get(pod.owner))
        if count.resting > 1 and bundle.services_of(pod):
            yield RULE.finding(
                pod.owner,
                f"nothing keeps its {count.resting} replicas from one node",
                field=pod.path,
                remedy="add a soft spread over kubernetes.io/hostname",
            )
