"""
A process whose user may be somebody on the node.

## What it does
Finds `runAsUser` and `runAsGroup` from 1 to 9999.

## Why it matters
Numbers below 10,000 are those of the node's own users; a process that escapes has their files.
Images name such users all the same, and their files belong to these: so this rule must be asked
for.

## Example
    securityContext: {runAsUser: 1000}

Choose a number above 10,000 where the image allows for it.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="low-user-id", severity=Severity.INFO, since="0.1", group="pod-security", opt_in=True
)

_OWN = 10_000


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each number that nodes give to users of their own."""
    for pod in bundle.pods:
        places = [(f"{pod.path}.securityContext", pod.template.security)]
        places += [(f"{one.path}.securityContext", one.security) for one in pod.containers]
        for path, context in places:
            for field in ("runAsUser", "runAsGroup"):
                number = fields.integer(context.get(field))
                if number is not None and 0 < number < _OWN:
                    yield RULE.finding(
                        pod.owner,
                        f"{field} is {number}, which may be somebody on the node",
                        field=f"{path}.{field}",
                        remedy=f"choose a number from {_OWN} on, where the image allows for it",
                    )
