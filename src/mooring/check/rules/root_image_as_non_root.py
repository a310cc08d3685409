"""
An image of root where root is not allowed.

## What it does
Finds containers with `runAsNonRoot: true` and no user whose image is known to run as root.

## Why it matters
The kubelet refuses to start it: `container has runAsNonRoot and image will run as root`.

## Example
    image: postgres:17.4
    securityContext: {runAsNonRoot: true}        # and runAsUser: 999

Set runAsUser to the user that the image is made for.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="root-image-as-non-root", severity=Severity.ERROR, since="0.1", group="pod-security")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each known image of root that may not run as root."""
    for container in bundle.containers:
        pod = container.pod.template.security
        own = container.security
        non_root = own.get("runAsNonRoot", pod.get("runAsNonRoot"))
        user = own.get("runAsUser", pod.get("runAsUser"))
        if non_root is not True or user is not None or container.known is None:
            continue
        users = container.known.family.users
        if users and all(one.uid == 0 for one in users):
            drops = next((one.drops_to for one in users if one.drops_to), None)
            yield RULE.finding(
                container.owner,
                f"{container.known.family.name} in the container {container.name} runs as root, "
                "which runAsNonRoot forbids",
                field=f"{container.path}.securityContext",
                remedy=f"set runAsUser: {drops}"
                if drops
                else "set runAsUser to a user of the image",
            )
