"""
A rolling update that may neither add a pod nor take one away.

## What it does
Finds Deployments and DaemonSets whose `maxSurge` and `maxUnavailable` are both 0, and StatefulSets
whose `partition` holds back all of their pods.

## Why it matters
The API server refuses the object:  `may not be 0 when maxSurge is 0`.  A partition that was left
behind after a rollout in steps lets the next update succeed at once, and nothing is updated.

## Example
    strategy: {rollingUpdate: {maxSurge: 0, maxUnavailable: 0}}

Allow one of them to be 1.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds, rollout

RULE = Rule(id="update-moves-nothing", severity=Severity.ERROR, since="0.1", group="api")

_NOTHING = (0, "0", "0%")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each update that cannot begin."""
    for kind, word in ((kinds.DEPLOYMENT, "strategy"), (kinds.DAEMON_SET, "updateStrategy")):
        for item in bundle.of_kind(kind):
            rolling = fields.mapping(fields.at(item.spec, word, "rollingUpdate"))
            more, fewer = rolling.get("maxSurge"), rolling.get("maxUnavailable")
            # A DaemonSet adds none unless it is told to, and takes one away.
            adds_none = more in _NOTHING or (more is None and kind == kinds.DAEMON_SET)
            if rolling and adds_none and fewer in _NOTHING and fewer is not False:
                yield RULE.finding(
                    item.ref,
                    "an update may neither add a pod nor take one away",
                    field=f"spec.{word}.rollingUpdate.maxUnavailable",
                    remedy="set maxUnavailable or maxSurge to 1",
                )
    yield from _held_back(bundle)


def _held_back(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each StatefulSet whose partition holds back all of its pods."""
    for pod in bundle.pods:
        partition = fields.integer(
            fields.at(pod.template.owner_spec, "updateStrategy", "rollingUpdate", "partition")
        )
        if pod.kind != kinds.STATEFUL_SET or not partition:
            continue
        scaler = bundle.selections.autoscaler_of.get(pod.owner)
        count = rollout.pod_count(pod.template, scaler).most
        if 0 < count <= partition:
            yield RULE.finding(
                pod.owner,
                f"an update leaves out the pods below {partition}, which are all {count}",
                field="spec.updateStrategy.rollingUpdate.partition",
                remedy="take the partition back when the update is to go on",
                severity=Severity.WARNING,
            )
