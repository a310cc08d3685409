"""
A capability that is as good as root on the node.

## What it does
Finds containers that add SYS_ADMIN, SYS_MODULE, SYS_PTRACE, NET_ADMIN, DAC_READ_SEARCH, BPF or
ALL.  Agents of nodes and what a service mesh adds to pods are told with less weight.

## Why it matters
With it a process can leave its container, or read what belongs to others.

## Example
    securityContext: {capabilities: {add: [SYS_ADMIN]}}

Leave it out, or move what needs it to an agent of the node.

## References
- https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="capability-dangerous", severity=Severity.WARNING, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that has it."""
    for container in bundle.containers:
        if _dangerous(container):
            is_agent = container.pod.kind == kinds.DAEMON_SET or _is_of_a_mesh(container)
            yield RULE.finding(
                container.owner,
                f"the container {container.name} adds {', '.join(_dangerous(container))}",
                field=f"{container.path}.securityContext.capabilities.add",
                remedy="leave it out",
                confidence=Confidence.LOW if is_agent else None,
            )


def _is_of_a_mesh(container: Container) -> bool:
    """Tell whether a mesh's admission adds the container, which leads the pod's traffic."""
    image = container.reference.repository if container.reference else ""
    return image.endswith(("/proxyv2", "/proxy-init"))


_DANGEROUS = frozenset(
    {"ALL", "SYS_ADMIN", "SYS_MODULE", "SYS_PTRACE", "NET_ADMIN", "DAC_READ_SEARCH", "BPF"}
)


def _dangerous(container: Container) -> list[str]:
    added = fields.texts(fields.at(container.security, "capabilities", "add"))
    return sorted(_DANGEROUS.intersection(one.removeprefix("CAP_") for one in added))
