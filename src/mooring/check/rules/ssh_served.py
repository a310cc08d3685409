"""
A pod that lets people log in.

## What it does
Finds containers that declare port 22, unless the image is known or named for a service that is
spoken over SSH, such as Git and SFTP.

## Why it matters
`kubectl exec` asks the API server who may come in, and leaves a trace; an SSH server in a
container has keys of its own and leaves none.

## Example
    ports: [{containerPort: 22}]

Leave the server out of the image, and use `kubectl exec` or `kubectl debug`.

## References
- https://kubernetes.io/docs/tasks/debug/debug-application/get-shell-running-container/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="ssh-served", severity=Severity.INFO, since="0.1", group="pod-security")

_PORT = 22


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container with an SSH server that is not its purpose."""
    for container in bundle.containers:
        if not any(port.number == _PORT for port in container.ports):
            continue
        if container.known is None and not any(one in (container.image or "") for one in _OVER_SSH):
            yield RULE.finding(
                container.owner,
                f"the container {container.name} serves port {_PORT}",
                field=f"{container.path}.ports",
                remedy="leave the server out, and use kubectl exec",
            )


_OVER_SSH = ("git", "sftp", "ssh", "gerrit", "borg", "jump", "bastion", "teleport")
