"""
A container without a request of cpu.

## What it does
Finds containers that neither set requests.cpu nor get it from a LimitRange of their namespace (a
limit counts as a request).

## Why it matters
When cores are short the container gets next to nothing.

## Example
    resources: {}                # requests: {cpu: ...}

Set requests.cpu.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from collections.abc import Iterator

from mooring.check import amounts
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity

RULE = Rule(
    id="cpu-request-missing",
    severity=Severity.WARNING,
    since="0.1",
    group="resources",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container without the amount."""
    return amounts.missing(bundle, RULE, "requests", "cpu")
