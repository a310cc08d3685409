"""
A container that may call all of the kernel.

## What it does
Finds containers without a seccomp profile, of their own or of their pod.

## Why it matters
The profile of the container runtime closes some sixty system calls that services never use and
exploits do.  Without the field it is left out, unless the kubelet is told otherwise.

## Example
    securityContext: {}      # seccompProfile is Unconfined

Set `seccompProfile: {type: RuntimeDefault}` for the pod.

## References
- https://kubernetes.io/docs/concepts/security/pod-security-standards/
- https://kubernetes.io/docs/tutorials/security/seccomp/
"""

from collections.abc import Iterator

from mooring.check import controls
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.security_levels import Level

RULE = Rule(id="seccomp-missing", severity=Severity.INFO, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place where the standard asks for more."""
    yield from controls.told(
        bundle,
        RULE,
        "seccomp",
        Level.RESTRICTED,
        says="has no seccomp profile",
        remedy="set seccompProfile: {type: RuntimeDefault} for the pod",
    )
