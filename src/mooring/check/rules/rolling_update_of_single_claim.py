"""
A rolling update of pods that hold a volume which one node can mount.

## What it does
Finds Deployments with a `ReadWriteOnce` claim of the input whose strategy starts the new pod
before the old one has gone.

## Why it matters
The new pod waits for a volume that the old one does not give back (`Multi-Attach error`), the old
one waits for the new one to be ready: the update hangs.

## Example
    spec:
      strategy: {type: RollingUpdate}
      template:
        spec:
          volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]   # ReadWriteOnce

Use the strategy Recreate, or a StatefulSet.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
"""

from collections.abc import Iterator

from mooring.check import claims, fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import fields, kinds, rollout

RULE = Rule(
    id="rolling-update-of-single-claim", severity=Severity.ERROR, since="0.1", group="storage"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Deployment that updates over a claim of a single node."""
    for pod in bundle.pods:
        if pod.kind != kinds.DEPLOYMENT:
            continue
        spec = pod.template.owner_spec
        if rollout.pod_count(pod.template).surge == 0:
            continue
        for path, name in claims.single(bundle, pod):
            yield RULE.finding(
                pod.owner,
                f"it starts new pods before the old ones go, and one node at a time can mount the "
                f"claim {name}",
                field=path,
                remedy="set strategy: {type: Recreate}",
                fix=fixes.put(
                    pod.template.raw,
                    "spec.strategy",
                    {"type": "Recreate"},
                    description="stop the old pod before the new one starts",
                    safety=Safety.SAFE,
                )
                if not fields.mapping(spec.get("strategy"))
                else None,
            )
            break
