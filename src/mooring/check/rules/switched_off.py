"""
A workload that is delivered switched off.

## What it does
Finds Deployments and StatefulSets of 0 replicas, Deployments that are `paused`, and Jobs and
CronJobs with `suspend: true`.

## Why it matters
Nothing of it runs, or no change of it arrives, and nobody is told: it looks like any other.  It
is often what is left of a night in which something was to be stopped for a while.

## Example
    kind: Deployment
    spec:
      replicas: 0

Take it out, or say at the object why it is off, by the annotation `mooring.dev/allow.switched-off`.

## References
- https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pausing-and-resuming-a-deployment
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds

RULE = Rule(
    id="switched-off",
    severity=Severity.WARNING,
    since="0.1",
    group="workloads",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload that does not run as it stands."""
    scaled: set[ObjectRef] | None = None
    for pod in bundle.pods:
        spec = pod.template.owner_spec
        if spec.get("paused") is True and pod.kind in (kinds.DEPLOYMENT, kinds.ROLLOUT):
            yield RULE.finding(
                pod.owner,
                "it is paused: no change of its pods is rolled out",
                field="spec.paused",
                remedy="leave paused out",
                confidence=Confidence.HIGH,
            )
        elif spec.get("suspend") is True and not _is_queued(pod):
            yield RULE.finding(
                pod.owner,
                "it is suspended and starts nothing",
                field="spec.suspend",
                remedy="leave suspend out, or say why it is off",
            )
        elif _is_none(spec.get("replicas")):
            scaled = _scaled(bundle) if scaled is None else scaled
            if pod.owner in scaled:
                continue
            led = bundle.services_of(pod)
            to = f", and the Service {led[0].item.ref.name} leads to it" if led else ""
            yield RULE.finding(
                pod.owner,
                f"it has 0 replicas{to}",
                field="spec.replicas",
                remedy="give it a replica, or say why it is off",
            )


def _is_none(replicas: object) -> bool:
    return replicas == 0 and fields.integer(replicas) is not None


def _scaled(bundle: Bundle) -> set[ObjectRef]:
    """Return what something else gives its replicas: an autoscaler, KEDA, a Rollout."""
    found = set(bundle.selections.autoscaler_of)
    for item in bundle.objects:
        for name in ("scaleTargetRef", "workloadRef", "targetRef"):
            target = fields.mapping(item.spec.get(name))
            kind, named = fields.text(target.get("kind")), fields.text(target.get("name"))
            if named is not None and item.kind != kinds.AUTOSCALER:
                found.add(
                    ObjectRef(
                        api_version=fields.text(target.get("apiVersion")) or "apps/v1",
                        kind=kind or "Deployment",
                        name=named,
                        namespace=item.ref.namespace,
                    )
                )
    return found


def _is_queued(pod: Pod) -> bool:
    """Tell whether a queue starts the Job when there is room."""
    labels = fields.labels(fields.at(pod.template.raw, "metadata", "labels"))
    return any("kueue" in name or "queue-name" in name for name in labels)
