"""
A container that is a process of its Windows node.

## What it does
Finds containers with `windowsOptions.hostProcess: true` outside of DaemonSets.

## Why it matters
It has the rights of the node: what `privileged` is on Linux.  Agents of the nodes need it,
services do not.

## Example
    securityContext: {windowsOptions: {hostProcess: true}}

Leave it out, or run it as a DaemonSet where it looks after nodes.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/create-hostprocess-pod/
"""

from collections.abc import Iterator

from mooring.check import controls
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.security_levels import Level

RULE = Rule(id="windows-host-process", severity=Severity.WARNING, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that is not apart from its node."""
    yield from controls.told(
        bundle,
        RULE,
        "host-process",
        Level.BASELINE,
        says="is a process of its node",
        remedy="leave hostProcess out",
    )
