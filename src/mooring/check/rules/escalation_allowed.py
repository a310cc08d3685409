"""
A process that may become more than it is.

## What it does
Finds containers without `allowPrivilegeEscalation: false`.

## Why it matters
A program with the set-uid bit, such as `su`, gives a process in the container the rights of root
there.  Nothing that a service does needs it.

## Example
    securityContext: {}      # allowPrivilegeEscalation is true where nothing is said

Set `allowPrivilegeEscalation: false`.

## References
- https://kubernetes.io/docs/concepts/security/pod-security-standards/
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
"""

from collections.abc import Iterator

from mooring.check import controls
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.security_levels import Level

RULE = Rule(id="escalation-allowed", severity=Severity.INFO, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place where the standard asks for more."""
    yield from controls.told(
        bundle,
        RULE,
        "privilege-escalation",
        Level.RESTRICTED,
        says="may gain rights that its parent does not have",
        remedy="set allowPrivilegeEscalation: false",
    )
