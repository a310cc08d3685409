"""
A container without a limit of memory.

## What it does
Finds containers that neither set limits.memory nor get it from a LimitRange of their namespace.

## Why it matters
A leak takes the other pods of its node down with it.

## Example
    resources: {}                # limits: {memory: ...}

Set limits.memory.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from collections.abc import Iterator

from mooring.check import amounts
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(
    id="memory-limit-missing",
    severity=Severity.WARNING,
    since="0.1",
    group="resources",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container without the amount."""
    return amounts.missing(bundle, RULE, "limits", "memory")
