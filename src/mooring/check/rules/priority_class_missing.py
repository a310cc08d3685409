"""
A PriorityClass that is named and may not exist.

## What it does
Finds pods that name a PriorityClass which the input does not hold and which no cluster has by
itself.

## Why it matters
The API server refuses the pods: the workload is accepted and never has any.

## Example
    spec: {priorityClassName: special}

Make the PriorityClass before, or leave the field out.

## References
- https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="priority-class-missing", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each class that is not there."""
    yield from missing.objects(
        bundle,
        RULE,
        missing.dangling(bundle, kinds.PRIORITY_CLASS),
        remedy="make it before, or leave the field out",
        made_elsewhere="it has to be in the cluster",
    )
