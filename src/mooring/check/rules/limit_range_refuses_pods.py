"""
Pods that a LimitRange of their namespace refuses.

## What it does
Finds containers and pods that a LimitRange of their namespace refuses: below its `min`, above its
`max`, or with a request above the limit that it gives by default.

## Why it matters
The workload is accepted and never has a pod.

## Example
    kind: LimitRange
    spec: {limits: [{type: Container, max: {memory: 512Mi}}]}
    ---
    # a container with limits: {memory: 1Gi}

Ask for what the LimitRange allows, or change it.

## References
- https://kubernetes.io/docs/concepts/policy/limit-range/
"""

from collections.abc import Iterator

from mooring.check import refusals
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.admission import Stage

RULE = Rule(id="limit-range-refuses-pods", severity=Severity.ERROR, since="0.1", group="resources")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place for which pods are refused."""
    return refusals.told(bundle, RULE, Stage.LIMIT_RANGE, "ask for what it allows, or change it")
