"""
A cluster that never starts because its first member waits for the others.

## What it does
Finds StatefulSets of several replicas of an image whose members need a majority to be ready, that
start one after the other:  `podManagementPolicy` is OrderedReady, or their Service hides members
that are not ready.

## Why it matters
The first pod is ready when a majority is up, the second is started when the first is ready: none
ever is.

## Example
    kind: StatefulSet                   # 3 replicas of OpenSearch
    spec: {podManagementPolicy: OrderedReady}

Set podManagementPolicy: Parallel, and publishNotReadyAddresses on the headless Service.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#parallel-pod-management
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="quorum-waits-for-itself", severity=Severity.ERROR, since="0.1", group="workloads")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each set whose members wait for one another."""
    for pod in bundle.pods:
        if pod.kind != kinds.STATEFUL_SET or pod.replicas < 2:
            continue
        for container in pod.main_containers:
            known = container.known
            if known is None or not container.probe("readinessProbe"):
                continue
            habits = [one for one in known.family.cluster if one.quorum]
            if not habits:
                continue
            policy = pod.template.owner_spec.get("podManagementPolicy")
            if any(one.parallel for one in habits) and policy != "Parallel":
                yield RULE.finding(
                    pod.owner,
                    f"{known.family.name} is ready when a majority is up, and its "
                    f"{pod.replicas} pods "
                    "start one after the other",
                    field="spec.podManagementPolicy",
                    remedy="set podManagementPolicy: Parallel",
                )
            name = fields.text(pod.template.owner_spec.get("serviceName"))
            service = bundle.names.service(pod.namespace, name) if name else None
            hidden = service is not None and not service.item.spec.get("publishNotReadyAddresses")
            if service is not None and hidden and any(one.publishes_unready for one in habits):
                yield RULE.finding(
                    service.item.ref,
                    f"it hides the pods of {pod.owner} until they are ready, and they are ready "
                    "when "
                    "they have found one another",
                    field="spec.publishNotReadyAddresses",
                    remedy="set publishNotReadyAddresses: true",
                )
