"""
An issuer that is asked for nothing.

## What it does
Finds Ingresses with an annotation of cert-manager and no entry of `tls` that has hosts and the name
of a Secret.

## Why it matters
cert-manager makes a certificate for the entries of `tls` alone: without any it does nothing, and
says nothing.

## Example
    metadata: {annotations: {cert-manager.io/cluster-issuer: letsencrypt}}
    spec: {rules: [{host: shop.example.com, ...}]}          # and no tls

Add an entry of tls with the hosts and the name of a Secret.

## References
- https://cert-manager.io/docs/usage/ingress/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="certificate-never-asked-for", severity=Severity.WARNING, since="0.1", group="ingress"
)

_ISSUERS = ("cert-manager.io/issuer", "cert-manager.io/cluster-issuer")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each issuer without anything to certify."""
    for item in bundle.of_kind(kinds.INGRESS):
        key = next((one for one in _ISSUERS if one in item.annotations), None)
        if key is None:
            continue
        entries = [entry for _, entry in fields.mappings(item.spec.get("tls"))]
        if any(entry.get("hosts") and entry.get("secretName") for entry in entries):
            continue
        lacks = "no entry of tls" if not entries else "no tls with both hosts and a Secret"
        yield RULE.finding(
            item.ref,
            f"it asks {item.annotations[key]} for certificates, and has {lacks}",
            field=f'metadata.annotations["{key}"]',
            remedy="add an entry of tls with the hosts and the name of a Secret",
        )
