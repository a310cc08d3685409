"""
A rule of a NetworkPolicy for pods or namespaces that nobody has.

## What it does
Finds peers of NetworkPolicies:  `podSelector`s of the same namespace that match no pods of the
input, and `namespaceSelector`s by a label that no Namespace of the input carries although all of
them are there.  `kubernetes.io/metadata.name` is on every namespace.

## Why it matters
What was to be let in stays out.

## Example
    ingress: [{from: [{namespaceSelector: {matchLabels: {name: ingress-nginx}}}]}]

Select by kubernetes.io/metadata.name, or by labels that the pods carry.

## References
- https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-namespace-by-its-name
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds, selection, views

RULE = Rule(
    id="policy-peer-unknown",
    severity=Severity.WARNING,
    since="0.1",
    group="network-policy",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each peer that matches nobody."""
    namespaces = list(bundle.of_kind(kinds.NAMESPACE))
    for item in bundle.of_kind(kinds.NETWORK_POLICY):
        for word, peers in (("ingress", "from"), ("egress", "to")):
            for index, rule in fields.mappings(item.spec.get(word)):
                for place, peer in fields.mappings(rule.get(peers)):
                    field = f"spec.{word}[{index}].{peers}[{place}]"
                    pods, spaces = peer.get("podSelector"), peer.get("namespaceSelector")
                    if isinstance(spaces, dict) and spaces:
                        keys = selection.selector(spaces).keys
                        if keys == {views.NAMESPACE_NAME_LABEL}:
                            continue
                        if any(
                            selection.selector(spaces).matches(one.labels) for one in namespaces
                        ):
                            continue
                        yield RULE.finding(
                            item.ref,
                            f"no Namespace of this input carries the labels of {word}[{index}]",
                            field=f"{field}.namespaceSelector",
                            remedy="select by kubernetes.io/metadata.name",
                            confidence=Confidence.MEDIUM if not bundle.is_closed else None,
                        )
                    elif isinstance(pods, dict) and pods and spaces is None:
                        wanted = selection.selector(pods)
                        if not bundle.selections.pods.selected(item.namespace, wanted):
                            yield RULE.finding(
                                item.ref,
                                f"no pods of this input carry the labels of {word}[{index}]",
                                field=f"{field}.podSelector",
                                remedy="select the labels that the pods carry",
                                confidence=Confidence.MEDIUM if not bundle.is_closed else None,
                            )
