"""
A rule of a network policy that looks closed and is open.

## What it does
Finds rules whose list of peers is there and empty: `from: []`, `to: []`.

## Why it matters
An empty list of peers means everybody, not nobody: the rule opens what it was to close.  Nobody is
let in by a policy that has no rule at all (`ingress: []`).

## Example
    ingress: [{from: [], ports: [{port: 5432}]}]

Name the peers; leave `from` out where everybody is meant.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="policy-for-everybody",
    severity=Severity.WARNING,
    since="0.1",
    group="network-policy",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each list of peers that is empty."""
    for item in bundle.of_kind(kinds.NETWORK_POLICY):
        for word, peers in (("ingress", "from"), ("egress", "to")):
            for index, rule in fields.mappings(item.spec.get(word)):
                if rule.get(peers) != []:
                    continue
                yield RULE.finding(
                    item.ref,
                    f"{word}[{index}] has an empty list of peers, which means everybody",
                    field=f"spec.{word}[{index}].{peers}",
                    remedy=f"name the peers, or leave {peers} out where everybody is meant",
                )
