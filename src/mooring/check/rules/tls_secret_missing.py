"""
A certificate that nobody makes.

## What it does
Finds `tls.secretName` of Ingresses whose Secret the input does not hold and that no annotation or
Certificate of cert-manager asks for.

## Why it matters
The controller serves a certificate of its own, which no browser accepts.

## Example
    tls: [{hosts: [shop.example.com], secretName: shop-tls}]

Add the annotation `cert-manager.io/cluster-issuer`, a Certificate, or the Secret.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/#tls
"""

from collections.abc import Iterator

from mooring.check import missing
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="tls-secret-missing", severity=Severity.WARNING, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each certificate of an Ingress that is not there."""
    for one in missing.dangling(bundle, kinds.SECRET):
        if one.reference.source.kind == "Ingress" and one.likely_maker is None:
            yield RULE.finding(
                one.reference.source,
                f"its certificate is in the Secret {one.reference.target.name}, which this input "
                "does not hold and nothing in it asks for",
                field=one.reference.field,
                remedy="name an issuer of cert-manager, or make the Secret before",
                confidence=None if bundle.is_closed and bundle.is_whole else Confidence.MEDIUM,
            )
