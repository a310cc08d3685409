"""
A container that sees all of /proc.

## What it does
Finds containers with `procMount:  Unmasked` in pods without users of their own (`hostUsers:
false`).

## Why it matters
What the runtime hides, such as `/proc/kcore` and `/proc/sysrq-trigger`, is open then.  The field
is meant for containers that run within a container, and the API server refuses it without users
of their own from Kubernetes 1.30 on.

## Example
    securityContext: {procMount: Unmasked}

Leave it out.

## References
- https://kubernetes.io/docs/concepts/security/pod-security-standards/
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#proc-access
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="proc-unmasked", severity=Severity.WARNING, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container from which nothing of /proc is hidden."""
    for container in bundle.containers:
        if container.security.get("procMount") != "Unmasked":
            continue
        if container.pod.spec.get("hostUsers") is not False:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} sees all of /proc, with the users of the node",
                field=f"{container.path}.securityContext.procMount",
                remedy="leave procMount out",
            )
