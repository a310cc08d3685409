"""
A client that dials one pod of a StatefulSet where it could dial all.

## What it does
Finds variables and arguments that name a single pod of a StatefulSet of several replicas
(`db-0.db-headless`), where a Service with an address leads to the same pods.

## Why it matters
When that pod is moved or updated the client has nobody, though the others stand beside it.

## Example
    env: [{name: MONGODB_HOST, value: mongodb-0.mongodb-headless}]

Dial the Service, or list the members where the protocol knows several.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import fields, kinds, rollout

RULE = Rule(
    id="one-pod-dialled",
    severity=Severity.WARNING,
    since="0.1",
    group="services",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each address of one pod among several."""
    sets: dict[tuple[str, str], Pod] = {}
    for pod in bundle.pods:
        if pod.kind == kinds.STATEFUL_SET:
            governing = fields.text(pod.template.owner_spec.get("serviceName"))
            count = rollout.pod_count(pod.template, bundle.selections.autoscaler_of.get(pod.owner))
            if governing is not None and count.most > 1:
                sets[pod.namespace, f"{pod.owner.name}.{governing}"] = pod
    if not sets:
        return
    for container in bundle.containers:
        # A task sets members up one by one, and members know one another by name.
        if container.pod.kind in (kinds.JOB, kinds.CRON_JOB) or not container.goes_on:
            continue
        for one in container.variables:
            named = _NAMED.findall(one.value) if one.value and "-" in one.value else []
            if len(named) != 1 or _LISTS.search(one.name):
                continue
            name, ordinal, governing, namespace = named[0]
            target = sets.get((namespace or container.pod.namespace, f"{name}.{governing}"))
            if target is None or target is container.pod:
                continue
            services = [each for each in bundle.services_of(target) if not each.is_headless]
            if services:
                ref, field = one.place(container.owner)
                yield RULE.finding(
                    ref,
                    f"{one.name} names the pod {name}-{ordinal} alone, one of several of "
                    f"StatefulSet {name}",
                    field=field,
                    remedy=f"dial the Service {services[0].item.ref.name}, or list all members",
                )


_NAMED = LazyPattern(
    r"\b([a-z][a-z0-9-]*)-(\d+)\.([a-z][a-z0-9-]*)(?:\.([a-z][a-z0-9-]*)\.svc(?:\.cluster\.local)?)?"
    r"(?![\w.-])"
)
_LISTS = LazyPattern(
    r"(?i)primary|master|leader|writer|seed|bootstrap|peers|members|initial|advertised|servers|nodes"
)
