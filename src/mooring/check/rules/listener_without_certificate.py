"""
A listener for HTTPS that has no certificate.

## What it does
Finds listeners of Gateways for HTTPS, and for TLS that ends there, without `certificateRefs` and
without `options` of their controller; and listeners for HTTP that have a certificate.

## Why it matters
The listener is refused, or never opened: browsers are not answered at all.

## Example
    listeners: [{name: https, port: 443, protocol: HTTPS}]

Name the Secret of the certificate: `tls: {certificateRefs: [{name: shop-tls}]}`.

## References
- https://gateway-api.sigs.k8s.io/guides/tls/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields
from mooring.semantics.kinds import GroupKind

RULE = Rule(
    id="listener-without-certificate", severity=Severity.ERROR, since="0.1", group="ingress"
)

_GATEWAY = GroupKind("gateway.networking.k8s.io", "Gateway")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each listener whose certificate does not go with its protocol."""
    for item in bundle.of_kind(_GATEWAY):
        for index, listener in fields.mappings(item.spec.get("listeners")):
            protocol = listener.get("protocol")
            tls = fields.mapping(listener.get("tls"))
            name = fields.text(listener.get("name")) or str(index)
            field = f"spec.listeners[{index}]"
            if protocol == "HTTP" and tls.get("certificateRefs"):
                yield RULE.finding(
                    item.ref,
                    f"the listener {name} has a certificate, and its protocol is HTTP",
                    field=f"{field}.protocol",
                    remedy="set protocol: HTTPS",
                )
            is_ended = protocol in ("HTTPS", "TLS") and tls.get("mode") != "Passthrough"
            if is_ended and not tls.get("certificateRefs") and not tls.get("options"):
                yield RULE.finding(
                    item.ref,
                    f"the listener {name} is for {protocol} and names no certificate",
                    field=field,
                    remedy="name the Secret of the certificate under tls.certificateRefs",
                )
