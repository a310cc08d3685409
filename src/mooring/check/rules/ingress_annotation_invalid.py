"""
An annotation whose value ingress-nginx does not take.

## What it does
Finds time-outs with a unit (they are whole seconds without one), switches that are neither `true`
nor `false`, sizes that NGINX cannot read (`64MB`, `1Gi`), and protocols of the backend that do
not exist.

## Why it matters
The controller drops the annotation with a line in its own log, and the default holds: a minute, a
megabyte, plain HTTP.

## Example
    annotations: {nginx.ingress.kubernetes.io/proxy-read-timeout: 3600s}      # "3600"

Write the value as the manual has it.

## References
- https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
- https://nginx.org/en/docs/syntax.html
"""

from collections.abc import Iterator

from mooring.check import fixes, ingresses
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity
from mooring.patterns import LazyPattern
from mooring.semantics import kinds

RULE = Rule(
    id="ingress-annotation-invalid", severity=Severity.WARNING, since="0.1", group="ingress"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each value that is dropped."""
    for item in bundle.of_kind(kinds.INGRESS):
        for key, value in item.annotations.items():
            if not key.startswith(ingresses.NGINX):
                continue
            told = _fault(key.removeprefix(ingresses.NGINX), value.strip())
            if told is None:
                continue
            wanted, better = told
            field = f'metadata.annotations["{key}"]'
            yield RULE.finding(
                item.ref,
                f'{key.removeprefix(ingresses.NGINX)} is "{value}", and takes {wanted}',
                field=field,
                remedy=f'write "{better}"' if better else f"write {wanted}",
                fix=fixes.put(
                    item.manifest,
                    field,
                    better,
                    description=f"write the value so that it is heeded: {better}",
                    safety=Safety.NEEDS_CONFIRMATION,
                )
                if better
                else None,
            )


def _fault(name: str, value: str) -> tuple[str, str | None] | None:
    """Return what is wanted in place of ``value`` and the value that is meant, None for nothing."""
    if name in _SECONDS:
        if value.isdecimal():
            return None
        found = _DURATION.fullmatch(value)
        meant = str(int(found[1]) * _UNITS[found[2]]) if found else None
        return "whole seconds without a unit", meant
    if name in _SWITCHES:
        low = value.lower()
        if value in ("true", "false", "1", "0", "t", "f", "T", "F", "True", "False"):
            return None
        meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(low)
        return '"true" or "false"', meant
    if name in _SIZES:
        if _SIZE.fullmatch(value):
            return None
        found = _LONG_SIZE.fullmatch(value)
        return "a number with k, m or g", f"{found[1]}{found[2].lower()}" if found else None
    if name == "backend-protocol" and value.upper() not in _PROTOCOLS:
        return "HTTP, HTTPS, GRPC, GRPCS, FCGI or AUTO_HTTP", None
    return None


_DURATION = LazyPattern(r"(\d+)\s?(s|sec|seconds?|m|min|minutes?|h)")
_UNITS = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1, "m": 60, "min": 60, "minute": 60, "minutes": 60,
    "h": 3600,
}  # fmt: skip
_SIZE = LazyPattern(r"\d+[kKmMgG]?")
_LONG_SIZE = LazyPattern(r"(\d+)\s?([kKmMgG])[iI]?[bB]?")
_SECONDS = frozenset(
    {"proxy-connect-timeout", "proxy-send-timeout", "proxy-read-timeout",
     "proxy-next-upstream-timeout"}
)  # fmt: skip
_SIZES = frozenset({"proxy-body-size", "proxy-buffer-size", "client-body-buffer-size"})
_SWITCHES = frozenset(
    {"canary", "enable-cors", "force-ssl-redirect", "from-to-www-redirect", "ssl-redirect",
     "ssl-passthrough", "use-regex", "service-upstream", "preserve-trailing-slash",
     "enable-access-log", "enable-modsecurity", "enable-opentelemetry"}
)  # fmt: skip
_PROTOCOLS = frozenset({"HTTP", "HTTPS", "GRPC", "GRPCS", "FCGI", "AUTO_HTTP", "AJP"})
