"""
A strategy that contradicts itself.

## What it does
Finds Deployments with `type: Recreate` and a `rollingUpdate` block.

## Why it matters
The API server refuses the object.

## Example
    strategy:
      type: Recreate
      rollingUpdate: {maxSurge: 1}

Leave rollingUpdate out.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="recreate-with-rolling-update",
    severity=Severity.ERROR,
    since="0.1",
    group="workloads",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Deployment that wants both."""
    for item in bundle.of_kind(kinds.DEPLOYMENT):
        strategy = fields.mapping(item.spec.get("strategy"))
        if strategy.get("type") == "Recreate" and strategy.get("rollingUpdate") is not None:
            field = "spec.strategy.rollingUpdate"
            yield RULE.finding(
                item.ref,
                "its strategy is Recreate, and it has a rollingUpdate",
                field=field,
                remedy="leave rollingUpdate out",
                fix=fixes.take(
                    item.manifest,
                    field,
                    description="leave out what Recreate does not allow",
                    safety=Safety.SAFE,
                ),
            )
