"""
A certificate beside the key of another one.

## What it does
Finds Secrets whose private key is not that of their certificate: `tls.crt` and `tls.key`, or two
keys of one name that end in `.crt` or `.pem` and in `.key`.  Keys of RSA and of elliptic curves are
compared by the numbers that both hold; nothing is said of others.

## Why it matters
Whoever serves with it ends at its start (`key values mismatch`), and an ingress controller goes
back to a certificate of its own.

## Example
    kind: Secret
    type: kubernetes.io/tls
    data: {tls.crt: (renewed), tls.key: (the old one)}

Put the key in that the certificate was asked for with.

## References
- https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
"""

from collections.abc import Iterator, Mapping

from mooring.check import environment, x509
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="certificate-of-another-key", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each pair that is none."""
    for item in bundle.of_kind(kinds.SECRET):
        held = {
            key: (text, field)
            for key, text, field in environment.texts(item)
            if "-----BEGIN" in text
        }
        if len(held) < 2:
            continue
        for certificate, key in _pairs(held):
            chain = x509.certificates(held[certificate][0])
            own = x509.private_key(held[key][0])
            if not chain or own is None:
                continue
            # Where a later one of the chain fits, the order is wrong, and another rule says so.
            known = [one.key for one in chain if one.key is not None]
            if len(known) < len(chain) or own in known:
                continue
            yield RULE.finding(
                item.ref,
                f'the private key under "{key}" is not that of the certificate under '
                f'"{certificate}"',
                field=held[key][1],
                remedy="put the key in that the certificate was asked for with",
            )


def _pairs(held: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the keys under which a certificate and its private key stand."""
    for certificate in held:
        stem, dot, ending = certificate.rpartition(".")
        if not dot or ending not in ("crt", "pem", "cert"):
            continue
        if f"{stem}.key" in held:
            yield certificate, f"{stem}.key"
        elif stem == "cert" and "key.pem" in held:
            yield certificate, "key.pem"
