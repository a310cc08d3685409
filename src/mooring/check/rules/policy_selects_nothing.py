"""
A NetworkPolicy of no pods.

## What it does
Finds NetworkPolicies whose `podSelector` matches no pods of the input, though a workload of the
input has the name that it asks for or the policy itself has.

## Why it matters
The pods that were to be guarded are open.

## Example
    podSelector: {matchLabels: {app: databse}}

Select the labels that the pods carry.

## References
- https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="policy-selects-nothing",
    severity=Severity.WARNING,
    since="0.1",
    group="network-policy",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each policy that rules nobody."""
    owners = {(pod.namespace, pod.owner.name) for pod in bundle.pods}
    for item in bundle.of_kind(kinds.NETWORK_POLICY):
        selector = fields.mapping(item.spec.get("podSelector"))
        if not selector or bundle.selections.selected_by(item):
            continue
        values = set(fields.labels(selector.get("matchLabels")).values())
        named = any((item.namespace, name) in owners for name in (*values, item.ref.name))
        certain = bundle.is_whole and (bundle.is_closed or named)
        yield RULE.finding(
            item.ref,
            "its podSelector matches no pods of this input",
            field="spec.podSelector",
            remedy="select the labels that the pods carry",
            confidence=None if certain else Confidence.MEDIUM,
        )
