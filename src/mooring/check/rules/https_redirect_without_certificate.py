"""
A redirect to HTTPS for a host without a certificate.

## What it does
Finds Ingresses of ingress-nginx with `force-ssl-redirect` and hosts that no entry of `tls` covers.
It is meant for clusters behind a load balancer that ends TLS; then the controller has to be told so
(`use-forwarded-headers`), which is not seen here, so it is a doubt.

## Why it matters
The browser is sent to HTTPS and is shown the controller's own certificate; behind a load balancer
that speaks plain HTTP to the controller it is sent there again and again.

## Example
    annotations: {nginx.ingress.kubernetes.io/force-ssl-redirect: "true"}     # and no tls

Add an entry of tls for the host, or take the annotation out.

## References
- https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect
"""

from collections.abc import Iterator

from mooring.check import ingresses
from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds

RULE = Rule(
    id="https-redirect-without-certificate",
    severity=Severity.WARNING,
    since="0.1",
    group="ingress",
    confidence=Confidence.MEDIUM,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each Ingress that redirects to what it has no certificate for."""
    key = f"{ingresses.NGINX}force-ssl-redirect"
    forwarded = any(
        "use-forwarded-headers" in fields.mapping(item.manifest.get("data"))
        for item in bundle.of_kind(kinds.CONFIG_MAP)
    )
    if forwarded:
        return
    for item in bundle.of_kind(kinds.INGRESS):
        if item.annotations.get(key) != "true" or item.spec.get("tls"):
            continue
        yield RULE.finding(
            item.ref,
            "it redirects to HTTPS and has no certificate for any host",
            field=f'metadata.annotations["{key}"]',
            remedy="add an entry of tls for the host, or take the annotation out",
        )
