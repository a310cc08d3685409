"""
A Service that sends requests to a task.

## What it does
Finds Jobs and CronJobs whose pods carry the labels that a Service selects by, beside those of the
workload that is meant.

## Why it matters
While the task runs its pod is an endpoint: a part of all requests goes to a migration, which
refuses them.  A PodDisruptionBudget of these labels counts it as well.

## Example
    kind: Service
    spec: {selector: {app: api}}
    # and the pods of Job migrate are labelled app: api

Give the pods of the task labels of their own.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="task-behind-service", severity=Severity.WARNING, since="0.1", group="services")

_TASKS = (kinds.JOB, kinds.CRON_JOB)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each task to whose pods a Service leads."""
    for pod in bundle.pods:
        if pod.kind not in _TASKS or not pod.labels:
            continue
        for service in bundle.services_of(pod):
            lasting = [one for one in bundle.behind(service) if one.kind not in _TASKS]
            if lasting:
                yield RULE.finding(
                    pod.owner,
                    f"the Service {service.item.ref.name} leads to its pods as well as to those of "
                    f"{lasting[0].owner}",
                    field=fields.below(pod.template.path, "metadata.labels"),
                    remedy="give its pods labels that no Service selects",
                )
