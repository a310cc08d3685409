"""
An amount of memory or cpu that is zero, or less.

## What it does
Finds negative requests and limits, and limits of memory that are zero.

## Why it matters
The API server refuses negative amounts.  A limit of 0 means none: the container that was to be
bounded is not.

## Example
    resources: {limits: {memory: "0"}}

Write the amount that is meant, or leave the limit out.

## References
- https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="amount-not-positive", severity=Severity.ERROR, since="0.1", group="resources")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each amount that nobody can have."""
    for container in bundle.containers:
        for part in ("requests", "limits"):
            written = container.amounts(part)
            for name, size in fields.amounts(written).items():
                is_zero = size == 0 and part == "limits" and name in ("memory", "cpu")
                if size >= 0 and not is_zero:
                    continue
                told = "which means none" if is_zero else "which the API server refuses"
                yield RULE.finding(
                    container.owner,
                    f"the container {container.name} has {part} of {written[name]} {name}, {told}",
                    field=f"{container.path}.resources.{part}.{name}",
                    remedy="write the amount that is meant, or leave it out",
                    severity=Severity.WARNING if is_zero else None,
                )
