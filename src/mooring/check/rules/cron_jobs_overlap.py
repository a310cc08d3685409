"""
A CronJob whose runs may come on top of one another.

## What it does
Finds CronJobs that do not say what happens when a run is due while the last one still goes on:
without `concurrencyPolicy`, or with Allow, and without a deadline that ends a run before.

## Why it matters
A run that takes longer than usual meets the next one: both write, and with each hanging run there
is one more.

## Example
    kind: CronJob
    spec: {schedule: "*/5 * * * *", jobTemplate: ...}

Set `concurrencyPolicy: Forbid`.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#concurrency-policy
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="cron-jobs-overlap", severity=Severity.INFO, since="0.1", group="jobs")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each CronJob that does not settle it."""
    for item in bundle.of_kind(kinds.CRON_JOB):
        ends = fields.at(item.spec, "jobTemplate", "spec", "activeDeadlineSeconds")
        if ends is None and item.spec.get("concurrencyPolicy") in (None, "Allow"):
            yield RULE.finding(
                item.ref,
                "a run that is due starts beside one that still goes on",
                field="spec",
                remedy="set concurrencyPolicy: Forbid",
                fix=fixes.put(
                    item.manifest,
                    "spec.concurrencyPolicy",
                    "Forbid",
                    description="start no run beside another",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )
