"""
An annotation that ingress-nginx does not know.

## What it does
Finds annotations below `nginx.ingress.kubernetes.io/` that the controller does not have: names
that are a slip of one it has, names that it had once, and names of other controllers.  A name
like no other may belong to a later version, and is a doubt.

## Why it matters
The controller ignores what it does not know, and says nothing: the time-out stays at a minute,
the size of a body at a megabyte.

## Example
    annotations: {nginx.ingress.kubernetes.io/proxy-body-max-size: 64m}    # proxy-body-size

Use the name that the manual gives.

## References
- https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
"""

from collections.abc import Iterator

from mooring.check import ingresses
from mooring.check.bundle import Bundle
from mooring.compose.suggest import closest
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import kinds

RULE = Rule(
    id="ingress-annotation-unknown", severity=Severity.WARNING, since="0.1", group="ingress"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each annotation without effect."""
    for item in bundle.of_kind(kinds.INGRESS):
        for key in item.annotations:
            if not key.startswith(ingresses.NGINX):
                continue
            name = key.removeprefix(ingresses.NGINX)
            if name in _KNOWN or name.endswith("-snippet"):
                continue
            gone = _GONE.get(name)
            near = None if gone else closest(name, _KNOWN)
            certain = gone is not None or (near is not None and _is_slip(name, near))
            yield RULE.finding(
                item.ref,
                f"ingress-nginx has no annotation {name}, and ignores it",
                field=f'metadata.annotations["{key}"]',
                remedy=gone or (f'did you mean "{near}"?' if near else "take it out"),
                confidence=None if certain else Confidence.MEDIUM,
            )


def _is_slip(name: str, near: str) -> bool:
    from difflib import SequenceMatcher

    if set(name.split("-")) == set(near.split("-")):
        return True
    return SequenceMatcher(None, name, near, autojunk=False).ratio() >= 0.9


_GONE = {
    "websocket-services": "take it out: WebSockets need no annotation, but for long time-outs",
    "secure-backends": 'use backend-protocol: "HTTPS"',
    "grpc-backend": 'use backend-protocol: "GRPC"',
    "add-base-url": "take it out: it was removed in version 0.22",
    "base-url-scheme": "take it out: it was removed in version 0.22",
    "session-cookie-hash": "take it out: it was removed in version 0.24",
    "enable-opentracing": "use enable-opentelemetry",
    "opentracing-trust-incoming-span": "use opentelemetry-trust-incoming-span",
    "proxy-timeout": "use proxy-read-timeout and proxy-send-timeout",
    "client-max-body-size": "use proxy-body-size",
    "redirect-to-https": "use ssl-redirect",
    "ssl-redirect-code": "take it out: the code is set for the whole controller",
}

_KNOWN = frozenset(
    {
        "affinity", "affinity-canary-behavior", "affinity-mode", "allowlist-source-range",
        "app-root", "auth-always-set-cookie", "auth-cache-duration", "auth-cache-key",
        "auth-keepalive", "auth-keepalive-requests", "auth-keepalive-share-vars",
        "auth-keepalive-timeout", "auth-method", "auth-proxy-set-headers", "auth-realm",
        "auth-request-redirect", "auth-response-headers", "auth-secret", "auth-secret-type",
        "auth-signin", "auth-signin-redirect-param", "auth-snippet", "auth-tls-error-page",
        "auth-tls-match-cn", "auth-tls-pass-certificate-to-upstream", "auth-tls-secret",
        "auth-tls-verify-client", "auth-tls-verify-depth", "auth-type", "auth-url",
        "backend-protocol", "canary", "canary-by-cookie", "canary-by-header",
        "canary-by-header-pattern", "canary-by-header-value", "canary-weight",
        "canary-weight-total", "client-body-buffer-size", "configuration-snippet",
        "connection-proxy-header", "cors-allow-credentials", "cors-allow-headers",
        "cors-allow-methods", "cors-allow-origin", "cors-expose-headers", "cors-max-age",
        "custom-headers", "custom-http-errors", "default-backend", "denylist-source-range",
        "disable-proxy-intercept-errors", "enable-access-log", "enable-cors",
        "enable-global-auth", "enable-influxdb", "enable-modsecurity", "enable-opentelemetry",
        "enable-owasp-core-rules", "enable-rewrite-log", "fastcgi-index",
        "fastcgi-params-configmap", "force-ssl-redirect", "from-to-www-redirect",
        "global-rate-limit", "global-rate-limit-header-based",
        "global-rate-limit-ignored-cidrs", "global-rate-limit-key", "global-rate-limit-window",
        "http2-insecure-port", "http2-push-preload", "influxdb-host", "influxdb-measurement",
        "influxdb-port", "influxdb-server-name", "limit-allowlist", "limit-burst-multiplier",
        "limit-connections", "limit-rate", "limit-rate-after", "limit-rpm", "limit-rps",
        "limit-whitelist", "load-balance", "mirror-host", "mirror-request-body",
        "mirror-target", "modsecurity-snippet", "modsecurity-transaction-id",
        "opentelemetry-operation-name", "opentelemetry-trust-incoming-span",
        "permanent-redirect", "permanent-redirect-code", "preserve-trailing-slash",
        "proxy-body-size", "proxy-buffer-size", "proxy-buffering", "proxy-buffers-number",
        "proxy-busy-buffers-size", "proxy-connect-timeout", "proxy-cookie-domain",
        "proxy-cookie-path", "proxy-http-version", "proxy-max-temp-file-size",
        "proxy-next-upstream", "proxy-next-upstream-timeout", "proxy-next-upstream-tries",
        "proxy-read-timeout", "proxy-redirect-from", "proxy-redirect-to",
        "proxy-request-buffering", "proxy-send-timeout", "proxy-ssl-ciphers", "proxy-ssl-name",
        "proxy-ssl-protocols", "proxy-ssl-secret", "proxy-ssl-server-name", "proxy-ssl-verify",
        "proxy-ssl-verify-depth", "relative-redirects", "rewrite-target", "satisfy",
        "server-alias", "server-snippet", "service-upstream",
        "session-cookie-change-on-failure", "session-cookie-conditional-samesite-none",
        "session-cookie-domain", "session-cookie-expires", "session-cookie-max-age",
        "session-cookie-name", "session-cookie-partitioned", "session-cookie-path",
        "session-cookie-samesite", "session-cookie-secure", "ssl-ciphers", "ssl-passthrough",
        "ssl-prefer-server-ciphers", "ssl-redirect", "stream-snippet", "temporal-redirect",
        "temporal-redirect-code", "upstream-hash-by", "upstream-hash-by-subset",
        "upstream-hash-by-subset-size", "upstream-vhost", "use-port-in-redirects", "use-regex",
        "whitelist-source-range", "x-forwarded-prefix",
    }
)  # fmt: skip
