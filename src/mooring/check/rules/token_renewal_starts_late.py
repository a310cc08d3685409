"""
A pull secret that first exists hours after the installation.

## What it does
Finds CronJobs that make a registry's pull secret, where pods need it at once and nothing else
makes it: no Job, no hook of Helm, no workload that renews on and on, and no Secret in the input.

## Why it matters
Until the first run of the schedule every pod with that pull secret stays in `ImagePullBackOff`.

## Example
    kind: CronJob
    spec:
      schedule: "0 */6 * * *"      # installed at half past six: the first images come at noon

Run the same once at the installation, by a Job.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
"""

from collections.abc import Iterator

from mooring.check import pull_secrets, registry_tokens
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.kube import cron
from mooring.semantics import fields, kinds

RULE = Rule(
    id="token-renewal-starts-late",
    severity=Severity.WARNING,
    since="0.1",
    group="images",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each renewal before whose first run nobody has the Secret."""
    found = tuple(registry_tokens.renewals(bundle))
    if not found or any(one.pod.kind != kinds.CRON_JOB for one in found):
        return
    awaited = [
        (pod, one.name)
        for pod in bundle.pods
        for one in pull_secrets.named(bundle, pod)
        if bundle.objects.find(kinds.SECRET, one.name, pod.namespace) is None
    ]
    for pod, _ in found:
        schedule = fields.text(pod.template.owner_spec.get("schedule")) or ""
        waiting = [one for one in awaited if one[0].namespace == pod.namespace]
        pause = cron.longest_pause(schedule)
        if waiting and pause is not None and pause >= 1:
            first, name = waiting[0]
            yield RULE.finding(
                pod.owner,
                f'the schedule "{schedule}" first runs up to {pause} h after the installation, and '
                f"{first.owner.kind} {first.owner.name} needs the pull secret {name} at once",
                field="spec.schedule",
                remedy="run the same once by a Job when it is installed",
            )
