"""
A process that may not write to its own volume.

## What it does
Finds pods that run as a user other than root, mount a claim to write, and have no `fsGroup`.

## Why it matters
A new volume belongs to root: the process ends with `permission denied`, on clusters whose storage
does not open volumes to all.

## Example
    securityContext: {runAsUser: 1000}          # fsGroup: 1000
    volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]

Set fsGroup to a group of the process.

## References
- https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="non-root-claim-without-group",
    severity=Severity.WARNING,
    since="0.1",
    group="pod-security",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pod whose user does not own what it writes to."""
    for pod in bundle.pods:
        context = pod.template.security
        if context.get("fsGroup") is not None:
            continue
        claims = {
            name for name, (_, volume) in pod.volumes.items() if "persistentVolumeClaim" in volume
        }
        claims |= set(pod.claim_templates)
        # An init container of root may well hand the volume over.
        if not claims or any(not one.goes_on and _mounts(one, claims) for one in pod.containers):
            continue
        for container in pod.main_containers:
            user = fields.integer(container.security.get("runAsUser", context.get("runAsUser")))
            if user and _mounts(container, claims):
                yield RULE.finding(
                    pod.owner,
                    f"the container {container.name} runs as {user} and writes to a claim that "
                    "belongs "
                    "to root",
                    field=f"{pod.path}.securityContext.fsGroup",
                    remedy=f"set fsGroup: {user}",
                )
                break


def _mounts(container: Container, names: set[str]) -> bool:
    """Tell whether the container mounts one of the volumes to write to it."""
    return any(
        fields.text(mount.get("name")) in names and mount.get("readOnly") is not True
        for _, mount in container.mounts
    )
