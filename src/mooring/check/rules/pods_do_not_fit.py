"""
Pods that no layout brings onto the nodes of the cluster.

## What it does
Lays out all pods on the nodes that mooring.yaml lists for the cluster:  DaemonSets first, then
what has the fewest choices.  Finds workloads for which there can be no node: a pod is larger than
every node, its `nodeSelector`, affinity or missing toleration keeps it off all of them, more
replicas must stay apart (required anti-affinity, a port of the node) than there are nodes, or all
together ask for more than there is.

## Why it matters
The pods stay `Pending`, and rollouts wait for them.

## Example
    # mooring.yaml
    clusters:
      home: {nodes: [{count: 4, cpu: "4", memory: 906Mi, arch: arm64}]}

    # a pod that asks for 1Gi of memory fits on none of them

Add nodes on which they may run, or let them ask for less.

## References
- https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/
"""

from collections.abc import Iterator

from mooring.check import unplaced
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.placement import Fit

RULE = Rule(id="pods-do-not-fit", severity=Severity.ERROR, since="0.1", group="resources")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload that finds no nodes, where that is beyond doubt."""
    yield from unplaced.told(bundle, RULE, Fit.IMPOSSIBLE)
