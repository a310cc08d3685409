"""
An Ingress that answers for any host.

## What it does
Finds rules of Ingresses without a host, or with a wildcard of a whole top-level name.

## Why it matters
Whatever name leads to the controller is served by this Ingress, also names of other teams that
have no rule yet; and no certificate can be asked for.

## Example
    rules: [{http: {paths: [...]}}]          # no host

Name the host.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(id="ingress-for-every-host", severity=Severity.INFO, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each rule without a host of its own."""
    for item in bundle.of_kind(kinds.INGRESS):
        for index, rule in fields.mappings(item.spec.get("rules")):
            host = fields.text(rule.get("host"))
            if host is not None and not (host.startswith("*.") and host.count(".") == 1):
                continue
            yield RULE.finding(
                item.ref,
                f"its rule is for {'any host' if host is None else f'all hosts of {host[2:]}'}",
                field=f"spec.rules[{index}]",
                remedy="name the host",
            )
