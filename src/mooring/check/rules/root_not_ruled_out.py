"""
A container that may run as root.

## What it does
Finds containers for which neither they nor their pod say `runAsNonRoot: true`.

## Why it matters
Root in a container is root on the node for the kernel; an escape finds all doors open.  With the
field the kubelet refuses an image that would run as root.

## Example
    securityContext: {}      # runs as whoever the image names

Set `runAsNonRoot: true`, and `runAsUser` where the image names none by number.

## References
- https://kubernetes.io/docs/concepts/security/pod-security-standards/
"""

from collections.abc import Iterator

from mooring.check import controls
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.security_levels import Level

RULE = Rule(id="root-not-ruled-out", severity=Severity.INFO, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place where the standard asks for more."""
    yield from controls.told(
        bundle,
        RULE,
        "run-as-non-root",
        Level.RESTRICTED,
        says="may run as root",
        remedy="set runAsNonRoot: true for the pod",
    )
