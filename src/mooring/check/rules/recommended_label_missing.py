"""
A workload without the labels that tools look for.

## What it does
Finds workloads and Services without `app.kubernetes.io/name`.

## Why it matters
Lists, dashboards and cost reports group by these labels; without them each team has labels of its
own.

## Example
    kind: Deployment
    metadata: {name: web, labels: {app: web}}

Add `app.kubernetes.io/name`.

## References
- https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="recommended-label-missing", severity=Severity.INFO, since="0.1", group="api", opt_in=True
)

_LABELLED = (
    *(kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.DAEMON_SET),
    *(kinds.JOB, kinds.CRON_JOB, kinds.SERVICE),
)
_NAME = "app.kubernetes.io/name"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each object that does not say what it is."""
    for item in bundle.of_kind(*_LABELLED):
        if _NAME not in item.labels:
            yield RULE.finding(
                item.ref,
                f"it has no label {_NAME}",
                field="metadata.labels",
                remedy=f"add the label {_NAME}",
            )
