"""
Rules of a network policy that mean nothing.

## What it does
Finds NetworkPolicies with rules for a direction that their `policyTypes` does not name.

## Why it matters
Without the direction among the types the rules are not heeded: with `policyTypes: [Ingress]` the
pods may still connect to anything, whatever stands under `egress`.

## Example
    policyTypes: [Ingress]
    egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]

Add the direction to policyTypes.

## References
- https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource
"""

from collections.abc import Iterator

from mooring.check import fixes
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="policy-rules-not-heeded", severity=Severity.WARNING, since="0.1", group="network-policy"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each direction whose rules are not heeded."""
    for item in bundle.of_kind(kinds.NETWORK_POLICY):
        types = fields.texts(item.spec.get("policyTypes"))
        if not types:
            continue
        for direction in ("Ingress", "Egress"):
            word = direction.lower()
            if direction in types or not fields.items(item.spec.get(word)):
                continue
            yield RULE.finding(
                item.ref,
                f"its rules for {word} are not heeded: its policyTypes are {', '.join(types)}",
                field=f"spec.{word}",
                remedy=f"add {direction} to policyTypes",
                fix=fixes.put(
                    item.manifest,
                    "spec.policyTypes",
                    [*types, direction],
                    description=f"let the rules for {word} hold",
                    safety=Safety.NEEDS_CONFIRMATION,
                ),
            )
