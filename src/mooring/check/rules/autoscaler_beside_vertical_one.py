"""
Two autoscalers that go by the same measure.

## What it does
Finds workloads whose HorizontalPodAutoscaler goes by cpu or memory while a VerticalPodAutoscaler
changes the requests of that same resource.

## Why it matters
One adds pods when the share of the request grows, the other raises the request, which makes the
share fall: they undo one another, and pods are evicted for it.

## Example
    kind: HorizontalPodAutoscaler          # by cpu
    kind: VerticalPodAutoscaler            # of the same Deployment, updateMode: Auto

Let the vertical one only recommend (`updateMode: "Off"`), or leave it the other resource.

## References
- https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.views import Autoscaler

RULE = Rule(
    id="autoscaler-beside-vertical-one",
    severity=Severity.WARNING,
    since="0.1",
    group="autoscaling",
)

_VERTICAL = GroupKind("autoscaling.k8s.io", "VerticalPodAutoscaler")
_ONLY_AT_START = ("Off", "Initial")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each workload that is scaled both ways by one measure."""
    vertical: dict[tuple[str, str, str], tuple[str, frozenset[str]]] = {}
    for item in bundle.of_kind(_VERTICAL):
        target = fields.mapping(item.spec.get("targetRef"))
        kind, name = fields.text(target.get("kind")), fields.text(target.get("name"))
        if kind and name:
            vertical[item.namespace, kind, name] = (item.ref.name, _changed(item.spec))
    if not vertical:
        return
    for item in bundle.of_kind(kinds.AUTOSCALER):
        scaled = Autoscaler(item).target
        if scaled is None:
            continue
        other, changed = vertical.get((item.namespace, *scaled[1:]), ("", frozenset()))
        both = sorted(changed & _measured(item.spec))
        if both:
            yield RULE.finding(
                item.ref,
                f"it goes by {' and '.join(both)} of {scaled[1]} {scaled[2]}, whose requests "
                f"VerticalPodAutoscaler {other} changes",
                field="spec.metrics",
                remedy='set updateMode: "Off" there, or leave it the other resource',
            )


def _changed(spec: Manifest) -> frozenset[str]:
    """Return the resources that a vertical autoscaler changes while pods run."""
    if fields.at(spec, "updatePolicy", "updateMode") in _ONLY_AT_START:
        return frozenset()
    policies = [
        policy
        for _, policy in fields.mappings(fields.at(spec, "resourcePolicy", "containerPolicies"))
        if policy.get("mode") != "Off"
    ]
    written = fields.at(spec, "resourcePolicy", "containerPolicies")
    if not policies:
        return frozenset() if written else _RESOURCES
    changed: set[str] = set()
    for policy in policies:
        changed |= set(fields.texts(policy.get("controlledResources"))) or _RESOURCES
    return frozenset(changed)


def _measured(spec: Manifest) -> frozenset[str]:
    """Return the resources by whose use an autoscaler goes; without metrics that is the cpu."""
    found = {
        fields.text(fields.at(metric, word, "name")) or ""
        for _, metric in fields.mappings(spec.get("metrics"))
        for word in ("resource", "containerResource")
        if fields.at(metric, word, "target", "type") != "AverageValue"
    }
    return frozenset(found & _RESOURCES) if spec.get("metrics") else frozenset({"cpu"})


_RESOURCES = frozenset({"cpu", "memory"})
