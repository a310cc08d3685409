"""
A CronJob that does not run.

## What it does
Finds schedules of days that no month has, and `startingDeadlineSeconds` below ten.

## Why it matters
Nothing fails, so nobody notices: the backup is missed on the day on which it is needed.  The
controller looks every ten seconds, and what has a shorter deadline is too late by then.

## Example
    schedule: "0 3 31 2 *"

Choose a day that there is, such as the first of the month.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
- https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import cron
from mooring.semantics import fields, kinds

RULE = Rule(id="cron-never-runs", severity=Severity.ERROR, since="0.1", group="jobs")

_LOOKS_EVERY = 10
"""Seconds between two looks of the controller."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each CronJob whose hour never comes."""
    for item in bundle.of_kind(kinds.CRON_JOB):
        schedule = fields.text(item.spec.get("schedule"))
        if schedule is not None and cron.never(schedule):
            yield RULE.finding(
                item.ref,
                f'the schedule "{schedule}" is for days that no month has',
                field="spec.schedule",
                remedy="choose a day that there is",
            )
        deadline = fields.integer(item.spec.get("startingDeadlineSeconds"))
        if deadline is not None and deadline < _LOOKS_EVERY:
            yield RULE.finding(
                item.ref,
                f"a run that is {deadline} s late is left out, and its controller looks every "
                f"{_LOOKS_EVERY} s",
                field="spec.startingDeadlineSeconds",
                remedy="allow for a minute at least",
                severity=Severity.WARNING,
            )
