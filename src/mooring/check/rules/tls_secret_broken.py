"""
A TLS Secret without a certificate or key.

## What it does
Finds Secrets of the type `kubernetes.io/tls` that lack `tls.crt` or `tls.key`, and PEM texts in
them that are cut off: a beginning without its end, lines that are no base64, a private key where
a certificate belongs.

## Why it matters
The API server refuses the Secret, or whoever uses it does at its start.

## Example
    kind: Secret
    type: kubernetes.io/tls
    stringData: {tls.crt: "-----BEGIN CERTIFICATE-----\nMIIB"}   # cut off

Put the whole certificate under tls.crt and its key under tls.key.

## References
- https://kubernetes.io/docs/concepts/configuration/secret/#tls-secrets
"""

from collections.abc import Iterator

from mooring.check import environment, pem
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="tls-secret-broken", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each TLS Secret that cannot serve."""
    for item in bundle.of_kind(kinds.SECRET):
        held = {key: (text, field) for key, text, field in environment.texts(item)}
        if item.manifest.get("type") == "kubernetes.io/tls":
            for key in ("tls.crt", "tls.key"):
                if key not in held:
                    yield RULE.finding(
                        item.ref,
                        f'it has no key "{key}"',
                        field="type",
                        remedy="put the certificate under tls.crt and its key under tls.key",
                    )
        for key, (text, field) in held.items():
            told = pem.fault(text, wants_certificate=key in ("tls.crt", "ca.crt"))
            if told is not None:
                yield RULE.finding(
                    item.ref,
                    f'the value of "{key}" is no whole PEM text: {told}',
                    field=field,
                    remedy="put the whole text in, from BEGIN to END",
                )
