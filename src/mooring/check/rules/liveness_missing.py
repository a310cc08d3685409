"""
A container that nobody restarts when it hangs.

## What it does
Finds containers behind a Service that have no liveness probe.

## Why it matters
A program that hangs without ending stays as it is.  Many do better without the probe: one that
asks too much restarts what is merely slow, so this rule must be asked for.

## Example
    readinessProbe: {httpGet: {path: /ready, port: 8080}}
    # no livenessProbe

Add one that asks the process alone.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/probes/#liveness-probe
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="liveness-missing", severity=Severity.INFO, since="0.1", group="probes", opt_in=True)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each serving container without a liveness probe."""
    for pod in bundle.pods:
        if pod.kind in (kinds.JOB, kinds.CRON_JOB) or not bundle.services_of(pod):
            continue
        for container in pod.main_containers:
            if container.ports and not container.probe("livenessProbe"):
                yield RULE.finding(
                    container.owner,
                    f"the container {container.name} has no liveness probe",
                    field=container.path,
                    remedy="add one that asks the process alone",
                )
