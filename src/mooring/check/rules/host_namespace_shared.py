"""
A pod that shares the network or the processes of its node.

## What it does
Finds pods with `hostNetwork`, `hostPID` or `hostIPC`, agents of nodes (DaemonSets) with less
weight.

## Why it matters
It sees what every other pod of the node does, and no NetworkPolicy holds for it.

## Example
    spec: {hostNetwork: true}

Leave it out.

## References
- https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="host-namespace-shared",
    severity=Severity.WARNING,
    since="0.1",
    group="pod-security",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each namespace of the node that a pod shares."""
    for pod in bundle.pods:
        for field in ("hostNetwork", "hostPID", "hostIPC"):
            if pod.spec.get(field) is True:
                yield RULE.finding(
                    pod.owner,
                    f"its pods share {_WORDS[field]} of their node",
                    field=f"{pod.path}.{field}",
                    remedy="leave it out",
                    confidence=Confidence.LOW if pod.kind == kinds.DAEMON_SET else None,
                )


_WORDS = {"hostNetwork": "the network", "hostPID": "the processes", "hostIPC": "the shared memory"}
