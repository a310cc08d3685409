"""
A container that may take memory which nobody keeps for it.

## What it does
Finds containers whose limit of memory is larger than their request.

## Why it matters
The scheduler counts requests.  What is taken above them was promised to nobody: when the node
runs short, pods that stand above their request go first.  It is how nodes are used well, too, so
this rule must be asked for.

## Example
    resources: {requests: {memory: 128Mi}, limits: {memory: 1Gi}}

Set both to what the program needs at most.

## References
- https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#pod-selection-for-kubelet-eviction
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="memory-limit-above-request",
    severity=Severity.INFO,
    since="0.1",
    group="resources",
    opt_in=True,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that may take more memory than it asks for."""
    for container in bundle.containers:
        asked, most = container.amounts("requests"), container.amounts("limits")
        request, limit = fields.amount(asked.get("memory")), fields.amount(most.get("memory"))
        if request is not None and limit is not None and request < limit:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} asks for {asked['memory']} of memory and may "
                f"take {most['memory']}",
                field=f"{container.path}.resources.limits.memory",
                remedy="set both to what the program needs at most",
            )
