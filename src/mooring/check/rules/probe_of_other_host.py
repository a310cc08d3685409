"""
A probe that asks another host than its pod.

## What it does
Finds readiness and startup probes with a `host`, and probes of all kinds whose `host` is
`localhost` in a pod with a network of its own.

## Why it matters
The kubelet asks from the node:  `localhost` is the node, not the pod, and another host says
nothing of this one.  Traffic stops when somebody else is down, and from Kubernetes 1.34 on the
level *baseline* refuses such pods.

## Example
    readinessProbe: {httpGet: {host: localhost, path: /health, port: 8080}}

Leave `host` out: it is the pod's address.

## References
- https://kubernetes.io/docs/concepts/workloads/pods/probes/#http-probes
- https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
"""

from collections.abc import Iterator

from mooring.check import commands, dialling, fixes, probe_targets
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity

RULE = Rule(id="probe-of-other-host", severity=Severity.WARNING, since="0.1", group="probes")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each probe of a host that is not the pod."""
    for container in bundle.containers:
        for name in commands.PROBES:
            target = probe_targets.target(container, name)
            host = target.host if target is not None else None
            if target is None or host is None:
                continue
            is_local = host in dialling.LOCAL
            if is_local and container.pod.template.host_network:
                continue
            if not is_local and name == "livenessProbe":
                continue  # liveness-asks-dependencies
            field = target.field.removesuffix("port") + "host"
            yield RULE.finding(
                container.owner,
                f"the {name} of the container {container.name} asks {host}"
                + (", which is the node" if is_local else ""),
                field=field,
                remedy="leave host out: it is the pod's address",
                fix=fixes.take(
                    container.pod.template.raw,
                    field,
                    description="ask the pod",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )
