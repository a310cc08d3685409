"""
An autoscaler that may ask for more than all nodes have.

## What it does
Finds HorizontalPodAutoscalers whose `maxReplicas`, times what a pod requests, is more than the
nodes of the cluster have together, though nothing else ran on them.  It looks where nodes are
listed below `clusters` in mooring.yaml.

## Why it matters
Under load pods are added that stay Pending, when they are needed most.

## Example
    spec: {maxReplicas: 20}    # of pods that request 1 cpu, on 3 nodes of 4

Lower the maximum or the requests, or add nodes.

## References
- https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/
"""

from collections.abc import Iterator
from decimal import Decimal

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import quantity
from mooring.semantics import kinds, pod_resources
from mooring.semantics.views import Autoscaler

RULE = Rule(
    id="autoscaler-above-capacity", severity=Severity.WARNING, since="0.1", group="autoscaling"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each autoscaler whose largest number has no room."""
    cluster = bundle.cluster
    if cluster is None or not cluster.nodes:
        return
    room = {
        "cpu": sum((quantity.parse(one.cpu) * one.count for one in cluster.nodes), Decimal(0)),
        "memory": sum(
            (quantity.parse(one.memory) * one.count for one in cluster.nodes), Decimal(0)
        ),
    }
    for item in bundle.of_kind(kinds.AUTOSCALER):
        scaler = Autoscaler(item)
        target = bundle.selections.target(scaler)
        pod = bundle.pod_of.get(target.ref) if target is not None else None
        if pod is None or scaler.most is None:
            continue
        asked = pod_resources.of_pod(pod.template).requests
        for name, has in room.items():
            if asked.get(name, Decimal(0)) * scaler.most > has:
                fits = int(has / asked[name])
                yield RULE.finding(
                    item.ref,
                    f"it may run {scaler.most} pods of {pod.owner}, and the {name} of all nodes "
                    f"of the cluster {cluster.name} is enough for {fits}",
                    field="spec.maxReplicas",
                    remedy="lower the maximum or the requests, or add nodes",
                )
                break
