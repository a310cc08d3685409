"""
A certificate whose days are over.

## What it does
Finds certificates in Secrets and ConfigMaps that ended before today, begin later, or end within
three weeks.  Where cert-manager keeps the Secret it renews it, and nothing is said of one that
ends soon.

## Why it matters
Browsers and clients refuse the connection from that day on.

## Example
    kind: Secret
    type: kubernetes.io/tls            # its certificate ended on 2026-03-01

Ask for a new one, at best by cert-manager, which renews it in time.

## References
- https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5
- https://cert-manager.io/docs/usage/certificate/
"""

from collections.abc import Iterator
from datetime import timedelta

from mooring.check import environment, x509
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(id="certificate-expired", severity=Severity.ERROR, since="0.1", group="secrets")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each certificate that does not hold today, or not for long."""
    today = bundle.today
    if today is None:
        return
    for item in bundle.of_kind(kinds.SECRET, kinds.CONFIG_MAP):
        is_renewed = any(key.startswith("cert-manager.io/") for key in item.annotations)
        for key, text, field in environment.texts(item):
            if "-----BEGIN CERTIFICATE" not in text:
                continue
            chain = x509.certificates(text)
            # Of a bundle of authorities one may well be over; the others go on.
            if len(chain) > 3 and all(one.is_authority for one in chain):
                continue
            first = min(chain, key=lambda one: one.ends, default=None)
            if first is None:
                continue
            severity = Severity.WARNING if is_renewed else None
            if first.ends < today:
                told = f"ended on {first.ends}"
            elif first.begins > today:
                told = f"begins on {first.begins}"
            elif first.ends - today < _SOON and not is_renewed:
                told, severity = f"ends on {first.ends}", Severity.WARNING
            else:
                continue
            yield RULE.finding(
                item.ref,
                f'the certificate under "{key}" {told}',
                field=field,
                remedy="ask for a new one",
                severity=severity,
            )


_SOON = timedelta(days=21)
