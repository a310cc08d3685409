"""
A container without a request of memory.

## What it does
Finds containers that neither set requests.memory nor get it from a LimitRange of their namespace
(a limit counts as a request).

## Why it matters
The scheduler counts the pod as nothing and fills its node; it is the first to be evicted.

## Example
    resources: {}                # requests: {memory: ...}

Set requests.memory.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from collections.abc import Iterator

from mooring.check import amounts
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(
    id="memory-request-missing",
    severity=Severity.WARNING,
    since="0.1",
    group="resources",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container without the amount."""
    return amounts.missing(bundle, RULE, "requests", "memory")
