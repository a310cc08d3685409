"""
A container that keeps rights of root which it does not use.

## What it does
Finds containers that do not drop all capabilities, or add others than NET_BIND_SERVICE.

## Why it matters
Among the usual ones are `NET_RAW`, by which a pod can pose as others on the network, and `SETUID`
and `DAC_OVERRIDE`.

## Example
    securityContext: {}      # keeps fourteen capabilities

Set `capabilities: {drop: [ALL]}` and add what the program needs.

## References
- https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator

from mooring.check import controls
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.security_levels import Level

RULE = Rule(id="capabilities-kept", severity=Severity.INFO, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place where the standard asks for more."""
    for pod, found in controls.unmet(bundle, "capabilities", Level.RESTRICTED):
        if not found.field.endswith(".drop"):
            told = f"has the capability {found.value} beside the usual ones"
        elif found.value is not None:
            told = f"drops no other capabilities than {found.value}"
        else:
            told = "drops no capability"
        yield RULE.finding(
            pod.owner,
            f"{controls.of_container(found, pod)} {told}",
            field=found.field,
            remedy="set capabilities: {drop: [ALL]}, and add what it needs",
            confidence=Confidence.LOW if pod.kind == kinds.DAEMON_SET else None,
        )
