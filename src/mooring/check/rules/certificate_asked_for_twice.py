"""
One Secret for two certificates.

## What it does
Finds Ingresses and Certificates of a namespace that ask cert-manager for the same Secret with other
names in it.

## Why it matters
cert-manager lets the first one have the Secret and refuses the other, or the two replace each
other's certificate again and again, until the authority allows no more.

## Example
    # Ingress shop:  tls: [{hosts: [shop.example.com], secretName: tls}]
    # Ingress blog:  tls: [{hosts: [blog.example.com], secretName: tls}]     # both with an issuer

Give each its own Secret, or ask once for all names.

## References
- https://cert-manager.io/docs/usage/ingress/
- https://letsencrypt.org/docs/rate-limits/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item

RULE = Rule(
    id="certificate-asked-for-twice", severity=Severity.WARNING, since="0.1", group="ingress"
)

_CERTIFICATE = GroupKind("cert-manager.io", "Certificate")
_ISSUERS = ("cert-manager.io/issuer", "cert-manager.io/cluster-issuer")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each that asks for a Secret of other names."""
    first: dict[tuple[str, str], tuple[Item, frozenset[str]]] = {}
    for item in bundle.of_kind(kinds.INGRESS, _CERTIFICATE):
        for field, secret, names in _asked(item):
            other, wanted = first.setdefault((item.namespace, secret), (item, names))
            # What one of two alike asks for, the other has as well.
            if other is item or wanted == names:
                continue
            yield RULE.finding(
                item.ref,
                f"it asks for a certificate in the Secret {secret}, and so does {other.ref} for "
                "other names",
                field=field,
                remedy="give each its own Secret, or ask once for all names",
            )


def _asked(item: Item) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield field, Secret and names of each certificate that is asked for."""
    if item.kind == _CERTIFICATE:
        secret = fields.text(item.spec.get("secretName"))
        if secret:
            yield "spec.secretName", secret, frozenset(fields.texts(item.spec.get("dnsNames")))
    elif any(key in item.annotations for key in _ISSUERS):
        for index, entry in fields.mappings(item.spec.get("tls")):
            secret = fields.text(entry.get("secretName"))
            if secret:
                names = frozenset(fields.texts(entry.get("hosts")))
                yield f"spec.tls[{index}].secretName", secret, names
