"""
Several replicas of one number.

## What it does
Finds workloads of several replicas whose containers all have the same literal id:  `BROKER_ID`,
`KAFKA_NODE_ID`, `ZOO_MY_ID`, `SERVER_ID`, `node.id`.

## Why it matters
The members take one another for themselves: the second is refused, or both write over one
another.

## Example
    replicas: 3
    env: [{name: KAFKA_NODE_ID, value: "1"}]

Derive the id from the name of the pod.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#pod-identity
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import rollout

RULE = Rule(id="replicas-of-one-identity", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each id that several replicas have."""
    for pod in bundle.pods:
        count = rollout.pod_count(pod.template, bundle.selections.autoscaler_of.get(pod.owner)).most
        if count < 2:
            continue
        for container in pod.main_containers:
            for one in container.variables:
                if one.value and one.value.isdecimal() and one.name.upper() in _IDENTITIES:
                    ref, field = one.place(container.owner)
                    yield RULE.finding(
                        ref,
                        f"up to {count} replicas have the {one.name} {one.value}",
                        field=field,
                        remedy="derive it from the name of the pod",
                    )


_IDENTITIES = frozenset(
    {"BROKER_ID", "KAFKA_BROKER_ID", "KAFKA_NODE_ID", "KAFKA_CFG_NODE_ID", "ZOO_MY_ID", "SERVER_ID",
     "ZOOKEEPER_SERVER_ID", "NODE_ID", "NODE.ID", "SHARD_ID", "REPLICA_ID", "ETCD_INITIAL_ID"}
)  # fmt: skip
