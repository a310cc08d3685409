"""
Pods for which no place was found on the nodes of the cluster.

## What it does
Lays out all pods on the nodes that mooring.yaml lists for the cluster.  Finds workloads that were
left over, where the sums do not rule out that another layout has room for them.

## Why it matters
The scheduler looks at one pod at a time and moves none: what does not fit in a careful layout
seldom fits in its own, and pods stay `Pending`.

## Example
    # three nodes with 2 cores each; four pods ask for 1200m: 4800m of 6000m, and one finds no node

Add a node, or let pods ask for less.

## References
- https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/
"""

from collections.abc import Iterator

from mooring.check import unplaced
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.placement import Fit

RULE = Rule(id="pods-may-not-fit", severity=Severity.WARNING, since="0.1", group="resources")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload that was left over, where that is open to doubt."""
    yield from unplaced.told(bundle, RULE, Fit.OPEN)
