"""
An autoscaler by a share of what nobody requests.

## What it does
Finds HorizontalPodAutoscalers on utilisation of a resource that some container of the pods does
not request (LimitRange defaults count), sidecars included.

## Why it matters
The share of nothing cannot be computed: the autoscaler reports `FailedGetResourceMetric` and
never scales.

## Example
    metrics: [{type: Resource, resource: {name: cpu, target: {averageUtilization: 70}}}]
    # and a container without requests.cpu

Give every container of the pod that request, or scale by ContainerResource.

## References
- https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#algorithm-details
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds, limits
from mooring.semantics.views import Autoscaler

RULE = Rule(
    id="autoscaler-without-request",
    severity=Severity.ERROR,
    since="0.1",
    group="autoscaling",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each resource whose share is asked for and that a container lacks."""
    for item in bundle.of_kind(kinds.AUTOSCALER):
        target = bundle.selections.target(Autoscaler(item))
        pod = bundle.pod_of.get(target.ref) if target is not None else None
        if pod is None:
            continue
        given = limits.of_namespace(bundle.objects, pod.namespace)
        defaults = {name for limit in given for name in limit.default_request}
        defaults |= {name for limit in given for name in limit.default_limit}
        for index, metric in fields.mappings(item.spec.get("metrics")):
            resource = fields.mapping(metric.get("resource"))
            name = fields.text(resource.get("name"))
            by_share = fields.at(resource, "target", "averageUtilization") is not None
            if metric.get("type") != "Resource" or name is None or not by_share or name in defaults:
                continue
            lacking = [
                container.name
                for container in pod.lasting_containers
                if name not in {**container.amounts("requests"), **container.amounts("limits")}
            ]
            if lacking:
                yield RULE.finding(
                    item.ref,
                    f"it scales by a share of the requested {name}, which the container "
                    f"{', '.join(lacking)} of {pod.owner} does not request",
                    field=f"spec.metrics[{index}].resource",
                    remedy=f"request {name} for every container of the pod",
                )
