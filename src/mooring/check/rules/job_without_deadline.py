"""
A Job that may hang for ever.

## What it does
Finds Jobs, and CronJobs, without `activeDeadlineSeconds`, on the Job or on its pods.

## Why it matters
A program that waits for something never fails: the Job stays active, the next run of a CronJob
waits or comes on top, and nobody is told.

## Example
    kind: CronJob
    spec: {jobTemplate: {spec: {template: ...}}}

Set `activeDeadlineSeconds` to what the task may take at most.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="job-without-deadline", severity=Severity.INFO, since="0.1", group="jobs")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each task that may take any time."""
    for pod in bundle.pods:
        if pod.kind not in (kinds.JOB, kinds.CRON_JOB):
            continue
        spec = pod.template.owner_spec
        field = "spec"
        if pod.kind == kinds.CRON_JOB:
            spec, field = fields.mapping(fields.at(spec, "jobTemplate", "spec")), _OF_CRON_JOB
        if spec.get("activeDeadlineSeconds") is None and (
            pod.spec.get("activeDeadlineSeconds") is None
        ):
            yield RULE.finding(
                pod.owner,
                "nothing ends it where it hangs",
                field=field,
                remedy="set activeDeadlineSeconds to what it may take at most",
            )


_OF_CRON_JOB = "spec.jobTemplate.spec"
