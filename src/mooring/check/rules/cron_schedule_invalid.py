"""
A schedule that cannot be read.

## What it does
Finds CronJobs whose `schedule` is no cron expression: too few or too many fields, a value out of
range, a time zone inside of it.

## Why it matters
The API server refuses the object.

## Example
    schedule: "61 3 * * *"

Write five fields (minute, hour, day, month, weekday) or @daily and the like.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import cron
from mooring.semantics import fields, kinds

RULE = Rule(id="cron-schedule-invalid", severity=Severity.ERROR, since="0.1", group="jobs")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each schedule that means nothing."""
    for item in bundle.of_kind(kinds.CRON_JOB):
        schedule = fields.text(item.spec.get("schedule"))
        told = cron.fault(schedule) if schedule is not None else None
        if told is not None:
            yield RULE.finding(
                item.ref,
                f'the schedule "{schedule}" cannot be read: {told}',
                field="spec.schedule",
                remedy="write five fields: minute, hour, day of the month, month, weekday",
            )
