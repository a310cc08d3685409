"""
A container with all rights that may not get more.

## What it does
Finds containers with `allowPrivilegeEscalation: false` that are privileged or add CAP_SYS_ADMIN.

## Why it matters
The API server refuses the object: who has all rights has that one as well.

## Example
    securityContext: {privileged: true, allowPrivilegeEscalation: false}

Drop `privileged`, or the other line.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="privileged-without-escalation", severity=Severity.ERROR, since="0.1", group="pod-security"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container that contradicts itself."""
    for container in bundle.containers:
        security = container.security
        if security.get("allowPrivilegeEscalation") is not False:
            continue
        added = fields.texts(fields.at(security, "capabilities", "add"))
        by = "is privileged" if security.get("privileged") is True else None
        if by is None and not {"SYS_ADMIN", "CAP_SYS_ADMIN"}.isdisjoint(added):
            by = "adds SYS_ADMIN"
        if by is not None:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} {by}, and is not to gain rights",
                field=f"{container.path}.securityContext.allowPrivilegeEscalation",
                remedy="leave out one of the two",
            )
