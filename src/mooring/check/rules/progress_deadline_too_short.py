"""
An update that is given up before a pod can count.

## What it does
Finds Deployments whose `progressDeadlineSeconds` is no longer than `minReadySeconds`.

## Why it matters
The API server refuses them: a pod counts as available only after `minReadySeconds`, so no update
could ever progress in time.

## Example
    spec: {minReadySeconds: 60, progressDeadlineSeconds: 30}

Make the deadline longer than a pod takes to start and to be ready for that long.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="progress-deadline-too-short", severity=Severity.ERROR, since="0.1", group="workloads"
)

_USUAL = 600


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Deployment that the server refuses for it."""
    for item in bundle.of_kind(kinds.DEPLOYMENT):
        ready = fields.integer(item.spec.get("minReadySeconds")) or 0
        written = fields.integer(item.spec.get("progressDeadlineSeconds"))
        deadline = _USUAL if written is None else written
        if 0 < deadline <= ready:
            yield RULE.finding(
                item.ref,
                f"an update is given up after {deadline} s, and a pod counts after {ready} s",
                field="spec.minReadySeconds" if written is None else "spec.progressDeadlineSeconds",
                remedy=f"set progressDeadlineSeconds to more than {ready}",
            )
