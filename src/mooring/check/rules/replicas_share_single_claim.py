"""
Several replicas of a volume that one node can mount.

## What it does
Finds workloads with more than one replica (or an autoscaler to more) that all mount one
`ReadWriteOnce` or `ReadWriteOncePod` claim of the input.

## Why it matters
Replicas on another node wait for ever with `Multi-Attach error`; those on the same node write
over one another.

## Example
    spec:
      replicas: 3
      template:
        spec:
          volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]   # ReadWriteOnce

Give each replica its own claim (a StatefulSet), or use a ReadWriteMany claim.

## References
- https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
"""

from collections.abc import Iterator

from mooring.check import claims
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import rollout

RULE = Rule(id="replicas-share-single-claim", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each claim of a single node that several replicas mount."""
    for pod in bundle.pods:
        count = rollout.pod_count(pod.template, bundle.selections.autoscaler_of.get(pod.owner))
        if count.most < 2:
            continue
        for path, name in claims.single(bundle, pod):
            yield RULE.finding(
                pod.owner,
                f"up to {count.most} replicas mount the claim {name}, which one node at a time can "
                "mount",
                field=path,
                remedy="give each replica its own claim, or run one",
            )
