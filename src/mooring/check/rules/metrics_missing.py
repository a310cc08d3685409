"""
An autoscaler that has nothing to go by.

## What it does
Finds HorizontalPodAutoscalers by cpu or memory in a cluster without the metrics API.  It looks
where that is known of the cluster: by `clusters` in mooring.yaml, or by `--cluster`.  Autoscalers
by custom and external metrics, and inputs that bring the metrics server along, are left alone.

## Why it matters
The autoscaler says `unable to get resource metrics` and never scales.

## Example
    kind: HorizontalPodAutoscaler          # in a fresh cluster of kind
    spec: {metrics: [{type: Resource, resource: {name: cpu, ...}}]}

Install the metrics server.

## References
- https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#support-for-metrics-apis
- https://github.com/kubernetes-sigs/metrics-server
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind

RULE = Rule(id="metrics-missing", severity=Severity.ERROR, since="0.1", group="autoscaling")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each autoscaler by what nobody measures."""
    cluster = bundle.cluster
    if cluster is None or cluster.measures is not False:
        return
    if any(item.ref.name.endswith(_API) for item in bundle.of_kind(_API_SERVICE)):
        return
    for item in bundle.of_kind(kinds.AUTOSCALER):
        if _is_by_resources(item.spec):
            yield RULE.finding(
                item.ref,
                "it scales by what pods use, and nothing measures that in the cluster "
                f"{cluster.name}",
                field="spec",
                remedy="install the metrics server, and say clusters: "
                f"{{{cluster.name}: {{metrics: true}}}} in mooring.yaml",
            )


_API_SERVICE = GroupKind("apiregistration.k8s.io", "APIService")
_API = ".metrics.k8s.io"


def _is_by_resources(spec: Manifest) -> bool:
    """Tell whether an autoscaler goes by cpu or memory, as one without metrics does."""
    written = [metric for _, metric in fields.mappings(spec.get("metrics"))]
    return not written or any(
        metric.get("type") in ("Resource", "ContainerResource") for metric in written
    )
