"""
A container without a limit of cpu.

## What it does
Finds containers that neither set limits.cpu nor get it from a LimitRange of their namespace.

## Why it matters
Some clusters want one.  Most teams do better without: a limit throttles in each tenth of a
second, on an idle node too.

## Example
    resources: {}                # limits: {cpu: ...}

Set limits.cpu.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from collections.abc import Iterator

from mooring.check import amounts
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="cpu-limit-missing",
    severity=Severity.INFO,
    since="0.1",
    group="resources",
    opt_in=True,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container without the amount."""
    return amounts.missing(bundle, RULE, "limits", "cpu")
