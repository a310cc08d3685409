"""
A container with all rights over its node.

## What it does
Finds containers with `privileged: true`.  Agents of nodes (DaemonSets in kube-system and the
like) are meant to be so, and are told with less weight.

## Why it matters
Whoever gets into the container has the node, and with it every pod on it.

## Example
    securityContext: {privileged: true}

Name the capabilities that are needed.

## References
- https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="privileged-container", severity=Severity.WARNING, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that has it."""
    for container in bundle.containers:
        if container.security.get("privileged") is True:
            is_agent = container.pod.kind == kinds.DAEMON_SET
            yield RULE.finding(
                container.owner,
                f"the container {container.name} is privileged",
                field=f"{container.path}.securityContext.privileged",
                remedy="name the capabilities that it needs instead",
                confidence=Confidence.LOW if is_agent else None,
            )
