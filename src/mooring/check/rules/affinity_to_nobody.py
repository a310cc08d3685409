"""
Pods that are to be near, or far from, pods that nobody has.

## What it does
Finds terms of `podAffinity` and `podAntiAffinity`, and `topologySpreadConstraints`, whose
selector matches no pods of the input: for what spreads pods, not even those of the workload
itself.

## Why it matters
Anti-affinity to nobody has no effect: all replicas may stand on one node.  A required affinity to
nobody keeps the pods Pending.

## Example
    labels: {app.kubernetes.io/name: api}
    affinity: {podAntiAffinity: {... {labelSelector: {matchLabels: {app: api}}}}}

Select labels that the pods carry.

## References
- https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/
- https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.check.pods import Pod
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds, selection
from mooring.semantics.fields import Manifest

RULE = Rule(id="affinity-to-nobody", severity=Severity.WARNING, since="0.1", group="workloads")

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
_PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution"


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each term that means nobody."""
    for pod in bundle.pods:
        if not ("affinity" in pod.spec or "topologySpreadConstraints" in pod.spec):
            continue
        for index, constraint in fields.mappings(pod.spec.get("topologySpreadConstraints")):
            wanted = selection.selector(constraint.get("labelSelector"))
            if pod.kind == kinds.DAEMON_SET or not constraint.get("labelSelector"):
                continue  # One pod for each node is spread already.
            if not wanted.matches(pod.labels):
                yield RULE.finding(
                    pod.owner,
                    "it spreads pods of other labels than its own, which changes nothing of it",
                    field=f"{pod.path}.topologySpreadConstraints[{index}].labelSelector",
                    remedy="select labels that its pods carry",
                )
        for path, term in _terms(pod):
            if term.get("namespaces") or term.get("namespaceSelector"):
                continue
            wanted = selection.selector(term.get("labelSelector"))
            if term.get("matchLabelKeys") or bundle.selections.pods.selected(pod.namespace, wanted):
                continue
            is_apart = "podAntiAffinity" in path
            is_near = "podAffinity" in path and _REQUIRED in path
            yield RULE.finding(
                pod.owner,
                "it is kept apart from pods whose labels nobody carries, which has no effect"
                if is_apart
                else "it is to be near pods whose labels nobody carries"
                + (", and waits for them for ever" if is_near else ""),
                field=f"{path}.labelSelector",
                remedy="select labels that the pods carry",
                # Pods to be near to, or far from, may stand in another input.
                severity=Severity.ERROR if is_near and bundle.is_closed else None,
                confidence=None
                if bundle.is_closed or _is_nearly_own(wanted, pod)
                else Confidence.MEDIUM,
            )


def _terms(pod: Pod) -> Iterator[tuple[str, Manifest]]:
    """Yield the terms of affinity between pods, with their places."""
    for word in ("podAffinity", "podAntiAffinity"):
        rules = fields.mapping(fields.at(pod.spec, "affinity", word))
        path = f"{pod.path}.affinity.{word}"
        for index, term in fields.mappings(rules.get(_REQUIRED)):
            yield f"{path}.{_REQUIRED}[{index}]", term
        for index, weighted in fields.mappings(rules.get(_PREFERRED)):
            term = fields.mapping(weighted.get("podAffinityTerm"))
            yield f"{path}.{_PREFERRED}[{index}].podAffinityTerm", term


def _is_nearly_own(wanted: selection.Selector, pod: Pod) -> bool:
    """Tell whether the pods themselves were meant: a value is theirs, under another label."""
    values = set(pod.labels.values()) | {pod.owner.name}
    return any(value in values for _, value in wanted.pairs)
