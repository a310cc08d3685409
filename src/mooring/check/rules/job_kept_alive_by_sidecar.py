"""
A Job that waits for a container which never ends.

## What it does
Finds Jobs and CronJobs with a proxy or an agent among their main containers, beside the one that
does the work, which nothing ends.

## Why it matters
A pod is done when all its main containers are: the work is finished, the Job is not, and whoever
waits for it waits for ever.

## Example
    kind: Job
    spec: {template: {spec: {containers: [{name: migrate, ...}, {name: cloud-sql-proxy, ...}]}}}

Make it a native sidecar: an init container with `restartPolicy: Always`.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#sidecar-containers-and-jobs
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.images.facts import Role
from mooring.semantics import kinds

RULE = Rule(id="job-kept-alive-by-sidecar", severity=Severity.ERROR, since="0.1", group="jobs")

_ENDLESS = frozenset(
    {
        *("cloud-sql-proxy", "cloudsql-proxy", "gce-proxy", "alloydb-auth-proxy", "proxyv2"),
        *("fluent-bit", "fluentd", "filebeat", "promtail", "vector", "cloudflared", "tailscale"),
        *("opentelemetry-collector", "opentelemetry-collector-contrib", "jaeger-agent", "envoy"),
        "oauth2-proxy",
    }
)
"""The last words of images that go on for ever."""
_ENDED_BY = ("quitquitquit", "kill", "exit-zero", "trap ", "shutdown", "inotify", "/done", "wait ")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each endless container of a task."""
    for pod in bundle.pods:
        if pod.kind not in (kinds.JOB, kinds.CRON_JOB) or len(pod.main_containers) < 2:
            continue
        if any(sign in one.words for one in pod.main_containers for sign in _ENDED_BY):
            continue
        endless = [one for one in pod.main_containers if _is_endless(one)]
        if len(endless) == len(pod.main_containers):
            continue
        for container in endless:
            yield RULE.finding(
                pod.owner,
                f"the container {container.name} ({container.image}) goes on when the work is "
                "done, and the Job with it",
                field=container.path,
                remedy="make it an init container with restartPolicy: Always",
            )


def _is_endless(container: Container) -> bool:
    name = container.reference.name if container.reference is not None else ""
    known = container.known
    if name.rpartition("/")[2] in _ENDLESS and not container.command:
        return True
    return known is not None and known.family.role is Role.PROXY and not container.command
