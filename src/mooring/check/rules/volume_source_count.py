"""
A volume of two sources, or of none.

## What it does
Finds volumes of a pod that name several sources at once, or a name and nothing else.

## Why it matters
The API server refuses the pods: the workload is accepted and never has any.

## Example
    volumes:
    - name: data
      emptyDir: {}
      persistentVolumeClaim: {claimName: data}

Keep one source.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity

RULE = Rule(id="volume-source-count", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each volume that has not one source."""
    for pod in bundle.pods:
        for name, (path, volume) in pod.volumes.items():
            sources = sorted(
                key for key, value in volume.items() if key != "name" and value is not None
            )
            if len(sources) != 1:
                told = f"has {' and '.join(sources)}" if sources else "has no source"
                yield RULE.finding(
                    pod.owner,
                    f"the volume {name} {told}",
                    field=path,
                    remedy="give it one source" if not sources else "keep one of them",
                )
