"""
A CronJob in a time zone that does not exist.

## What it does
Finds CronJobs whose `timeZone` is no name of the time zone database, or is Local.

## Why it matters
The API server refuses the object, or the controller never starts a run:  `UnknownTimeZone`.

## Example
    spec: {schedule: "0 3 * * *", timeZone: Europe/Munich}

Use a name of the database, as Europe/Berlin.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones
- https://www.iana.org/time-zones
"""

from collections.abc import Iterator
from functools import cache

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="time-zone-unknown", severity=Severity.ERROR, since="0.1", group="jobs")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each CronJob of a time zone that nobody knows."""
    for item in bundle.of_kind(kinds.CRON_JOB):
        zone = fields.text(item.spec.get("timeZone"))
        known = _zones() if zone is not None else frozenset()
        # A machine without the database cannot tell.
        if zone is not None and known and zone not in known:
            yield RULE.finding(
                item.ref,
                f'there is no time zone "{zone}"',
                field="spec.timeZone",
                remedy=did_you_mean(zone, known)
                or "use a name of the time zone database, as Europe/Berlin",
            )


@cache
def _zones() -> frozenset[str]:
    from zoneinfo import available_timezones

    return frozenset(available_timezones())
