"""
A container whose program may change itself.

## What it does
Finds containers without `readOnlyRootFilesystem: true`.

## Why it matters
Who breaks in can put a program there that outlives the request.  Many images write to places of
their own, though, and each needs a volume then: so this rule must be asked for.

## Example
    securityContext: {}      # readOnlyRootFilesystem is false

Set it, and mount an `emptyDir` where the program writes.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(
    id="root-files-writable",
    severity=Severity.INFO,
    since="0.1",
    group="pod-security",
    opt_in=True,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each container with a root file system that can be written."""
    for container in bundle.containers:
        if container.security.get("readOnlyRootFilesystem") is not True:
            yield RULE.finding(
                container.owner,
                f"the container {container.name} may write to its image's files",
                field=f"{container.path}.securityContext.readOnlyRootFilesystem",
                remedy="set it, and mount an emptyDir where the program writes",
            )
