"""
Plain text to a port of TLS, or TLS to a port of plain text.

## What it does
Finds addresses with `http://` that lead to port 443 or to a port that its Service calls https,
and with `https://` that lead to port 80.

## Why it matters
The other side answers `client sent an HTTP request to an HTTPS server`, or the handshake ends
with `wrong version number`.

## Example
    env: [{name: API_URL, value: "http://api:443"}]

Use the scheme of the port, or the port of the scheme.

## References
- https://kubernetes.io/docs/concepts/services-networking/service/#application-protocol
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="scheme-of-another-port", severity=Severity.WARNING, since="0.1", group="known-images"
)

_PLAIN, _TLS = ("http", "ws"), ("https", "wss")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each address whose scheme and port do not go together."""
    for one in bundle.dialled:
        scheme, port = one.address.scheme, one.address.port
        if scheme not in (*_PLAIN, *_TLS) or port is None or one.service is None:
            continue
        service = bundle.names.service(one.namespace, one.service)
        found = service.port(port) if service is not None else None
        if found is None or service is None:
            continue
        entry = next(
            (
                entry
                for _, entry in fields.mappings(service.item.spec.get("ports"))
                if entry.get("port") == port
            ),
            {},
        )
        spoken = fields.text(entry.get("appProtocol")) or found.name or ""
        is_named = spoken in ("http", "https")
        # Whoever takes 443 for plain text mostly names the port so.
        is_tls = spoken == "https" if is_named else port == 443
        is_plain = port == 80 and spoken != "https"
        if (scheme in _PLAIN and is_tls) or (scheme in _TLS and is_plain):
            yield RULE.finding(
                one.ref,
                f"{one.named} dials {scheme}://{one.address.shown}, and that is a port of "
                f"{'TLS' if is_tls else 'plain text'}",
                field=one.field,
                remedy="use the scheme of the port, or the port of the scheme",
            )
