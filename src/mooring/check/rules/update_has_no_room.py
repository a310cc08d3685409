"""
A rolling update that starts a pod for which no node has room.

## What it does
Lays out all pods on the nodes that mooring.yaml lists for the cluster.  Finds workloads whose
rolling update starts a pod before it stops one, where nothing has room for one pod more: too
little memory or cpu is left, or the pods must not share a node or a port of it.

## Why it matters
Everything stands until the first update, which waits for ever.

## Example
    # one node, and a Deployment of one replica with a hostPort
    strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}

Leave room for one pod more, or set `maxSurge: 0` and `maxUnavailable: 1`.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="update-has-no-room", severity=Severity.WARNING, since="0.1", group="resources")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload whose surge has no room once all else stands."""
    found = bundle.placement
    if found is None or bundle.cluster is None:
        return
    for ref in found.stuck:
        spec = bundle.pod_of[ref].template.owner_spec
        yield RULE.finding(
            ref,
            "a rolling update starts a pod more, for which no node of the cluster "
            f"{bundle.cluster.name} has room beside the rest",
            field="spec.strategy" if fields.mapping(spec.get("strategy")) else "spec",
            remedy="leave room for one pod more, or set maxSurge: 0 and maxUnavailable: 1",
        )
