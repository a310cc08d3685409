"""
A mount of a volume that the pod does not have.

## What it does
Finds `volumeMounts` and `volumeDevices` whose name is neither a volume of the pod nor, in a
StatefulSet, one of its claim templates.

## Why it matters
The API server refuses the pod: a Deployment is accepted and never has a replica.

## Example
    volumeMounts: [{name: data, mountPath: /data}]
    volumes: [{name: storage, emptyDir: {}}]

Add the volume, or name the one that is there.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.compose.suggest import did_you_mean
from mooring.findings import Finding, Rule, Severity
from mooring.semantics.references import Missing

RULE = Rule(id="volume-missing", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each mount of a volume that its pod does not have."""
    for one in bundle.dangling:
        if one.missing is Missing.VOLUME:
            pod = bundle.pod_of.get(one.reference.source)
            names = sorted((*pod.volumes, *pod.claim_templates)) if pod is not None else []
            has = f"has {', '.join(names)}" if names else "has no volumes"
            yield RULE.finding(
                one.reference.source,
                f"it mounts the volume {one.reference.volume}, and the pod {has}",
                field=one.reference.field,
                remedy=did_you_mean(one.reference.volume or "", names)
                or "add the volume to the pod",
            )
