"""
A token that ends before it is renewed.

## What it does
Finds CronJobs that renew a registry's token and pause for as long as the token lives: twelve
hours with Amazon ECR.

## Why it matters
Between the end of the token and the next run no image can be pulled.  With "every twelve hours"
one run that fails or starts late is enough.

## Example
    kind: CronJob
    spec:
      schedule: "0 0 * * *"      # the token of midnight ends at noon

Renew it every six hours or more often.

## References
- https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
"""

from collections.abc import Iterator

from mooring.check import registry_tokens
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import cron
from mooring.semantics import fields, kinds

RULE = Rule(id="token-renewal-too-rare", severity=Severity.WARNING, since="0.1", group="images")

_HOURS = 12


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each renewal that pauses for as long as a token lives."""
    for pod, mark in registry_tokens.renewals(bundle):
        schedule = fields.text(pod.template.owner_spec.get("schedule"))
        if pod.kind != kinds.CRON_JOB or schedule is None or "access-token" in mark:
            continue
        pause = cron.longest_pause(schedule)
        if pause is not None and pause >= _HOURS:
            yield RULE.finding(
                pod.owner,
                f'the schedule "{schedule}" pauses for {pause} h, and a token of Amazon ECR lives '
                f"{_HOURS} h",
                field="spec.schedule",
                remedy='renew it more often: "0 */6 * * *"',
            )
