"""
A Job that stays after it is done.

## What it does
Finds Jobs without `ttlSecondsAfterFinished` that neither a CronJob nor a hook takes away.

## Why it matters
Finished Jobs and their pods stay in the lists until somebody deletes them, and a Job of the same
name cannot be applied with another image while it is there.

## Example
    kind: Job
    spec: {template: ...}

Set `ttlSecondsAfterFinished: 86400`.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/
"""

from collections.abc import Iterator

from mooring.check import fixes, hooks
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import kinds

RULE = Rule(id="job-kept-for-ever", severity=Severity.INFO, since="0.1", group="jobs")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Job that nobody takes away."""
    for item in bundle.of_kind(kinds.JOB):
        if item.spec.get("ttlSecondsAfterFinished") is None and not hooks.of(item):
            yield RULE.finding(
                item.ref,
                "it and its pods stay when it is done",
                field="spec",
                remedy="set ttlSecondsAfterFinished",
                fix=fixes.put(
                    item.manifest,
                    "spec.ttlSecondsAfterFinished",
                    86400,
                    description="take it away a day after it is done",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )
