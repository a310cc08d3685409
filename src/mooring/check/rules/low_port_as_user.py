"""
A port below 1024 for a process that is not root.

## What it does
Finds containers that declare a TCP or UDP port below 1024, run as another user than root, and
have no sysctl that opens such ports.

## Why it matters
With an older container runtime, or one that is set up so, the process may not bind the port:
"permission denied".  To add NET_BIND_SERVICE does not help a user who is not root, unless the
program has the right as a file.

## Example
    securityContext: {runAsUser: 10001}
    ports: [{containerPort: 80}]

Listen on a port from 1024 on; the Service may keep its own.

## References
- https://github.com/containerd/containerd/blob/main/docs/cri/config.md
- https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(id="low-port-as-user", severity=Severity.INFO, since="0.1", group="pod-security")

_OPEN = 1024


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container whose user may not bind its port."""
    for container in bundle.containers:
        low = [port.number for port in container.ports if port.number < _OPEN]
        if not low or not _user(container) or container.pod.template.host_network:
            continue
        sysctls = fields.mappings(container.pod.template.security.get("sysctls"))
        if any(one.get("name") == "net.ipv4.ip_unprivileged_port_start" for _, one in sysctls):
            continue
        yield RULE.finding(
            container.owner,
            f"the container {container.name} declares port {low[0]} and runs as user "
            f"{_user(container)}",
            field=f"{container.path}.ports",
            remedy="listen on a port from 1024 on, or set the sysctl "
            "net.ipv4.ip_unprivileged_port_start",
        )


def _user(container: Container) -> int | None:
    """Return the user that the manifest names; the container's own first."""
    own = fields.integer(container.security.get("runAsUser"))
    return fields.integer(container.pod.template.security.get("runAsUser")) if own is None else own
