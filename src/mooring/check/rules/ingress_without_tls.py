"""
A host that is served in clear.

## What it does
Finds hosts of Ingresses for which no entry of `tls` asks for a certificate.  What a proxy in
front of the cluster encrypts, and what a controller does by annotation or by default, is not seen
here.

## Why it matters
Passwords and cookies go over the network in clear, and browsers warn of it.

## Example
    kind: Ingress
    spec: {rules: [{host: shop.example.com, ...}]}       # and no tls

Add an entry of tls with the host, and an issuer.

## References
- https://kubernetes.io/docs/concepts/services-networking/ingress/#tls
"""

from collections.abc import Iterator

from mooring.check import ingresses
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="ingress-without-tls",
    severity=Severity.INFO,
    since="0.1",
    group="ingress",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Ingress with hosts in clear."""
    for item in bundle.of_kind(kinds.INGRESS):
        if any(key in item.annotations for key in _ELSEWHERE):
            continue
        encrypted = [
            host
            for _, entry in fields.mappings(item.spec.get("tls"))
            for host in fields.texts(entry.get("hosts"))
        ]
        hosts = dict.fromkeys(path.host for path in ingresses.paths(item) if path.host)
        clear = [host for host in hosts if not any(_covers(one, host) for one in encrypted)]
        if clear:
            yield RULE.finding(
                item.ref,
                f"{', '.join(clear[:3])}{' and more' if len(clear) > 3 else ''} is served without "
                "a certificate",
                field="spec.tls",
                remedy="add an entry of tls with the host",
            )


def _covers(one: str, host: str) -> bool:
    return one == host or (one.startswith("*.") and host.partition(".")[2] == one[2:])


_ELSEWHERE = (
    "alb.ingress.kubernetes.io/certificate-arn",
    "alb.ingress.kubernetes.io/listen-ports",
    "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert",
    "traefik.ingress.kubernetes.io/router.tls",
)
"""Annotations by which certificates are had without ``tls``."""
