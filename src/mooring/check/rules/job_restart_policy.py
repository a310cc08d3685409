"""
A Job whose pods would be restarted for ever.

## What it does
Finds Jobs and CronJobs whose pod template has `restartPolicy:  Always`, or none, which means the
same.

## Why it matters
The API server refuses the object.

## Example
    kind: Job
    spec:
      template:
        spec:
          containers: [...]            # restartPolicy: OnFailure

Set restartPolicy to OnFailure or Never.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import kinds

RULE = Rule(id="job-restart-policy", severity=Severity.ERROR, since="0.1", group="jobs")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Job whose pods may not end."""
    for pod in bundle.pods:
        policy = pod.spec.get("restartPolicy")
        if pod.kind in (kinds.JOB, kinds.CRON_JOB) and policy not in ("OnFailure", "Never"):
            field = f"{pod.path}.restartPolicy"
            yield RULE.finding(
                pod.owner,
                f"its pods have the restartPolicy {policy or 'Always, for want of another'}",
                field=field,
                remedy="set restartPolicy: OnFailure, or Never",
                fix=fixes.put(
                    pod.template.raw,
                    field,
                    "OnFailure",
                    description="restart the container only after a failure",
                    safety=Safety.SAFE,
                ),
            )
