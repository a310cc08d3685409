"""
A pod that gets requests before it can answer them.

## What it does
Finds containers of pods behind a Service that declare ports and have no readiness probe.  Jobs,
and pods that no Service leads to, need none.

## Why it matters
Requests reach the pod as soon as its process has started, and during each update some fail.

## Example
    kind: Deployment
    ...
    ports: [{containerPort: 8080}]       # readinessProbe: {httpGet: {path: /health, port: 8080}}

Add a readiness probe.

## References
- https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/#readiness-probe
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="readiness-missing",
    severity=Severity.WARNING,
    since="0.1",
    group="probes",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each serving container that nobody asks whether it is ready."""
    for pod in bundle.pods:
        if pod.kind in (kinds.JOB, kinds.CRON_JOB) or not bundle.services_of(pod):
            continue
        serving = [one for one in pod.lasting_containers if one.ports]
        if any(one.probe("readinessProbe") for one in pod.lasting_containers):
            continue
        for container in serving:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} serves {container.ports[0].number} behind a "
                "Service and has no readiness probe",
                field=container.path,
                remedy="add a readinessProbe",
            )
