"""
A backend that speaks TLS and is spoken to in clear, or the other way round.

## What it does
Finds Ingresses of ingress-nginx that lead to the port 443 or 8443 of a Service, or to one called
`https`, without the annotation `backend-protocol`, and such as name HTTPS or GRPCS for a port
that is called `http` or is number 80.

## Why it matters
The backend answers `400 The plain HTTP request was sent to HTTPS port`, or the controller answers
502 because the handshake fails.

## Example
    backend: {service: {name: dashboard, port: {number: 443}}}    # and no backend-protocol

Set nginx.ingress.kubernetes.io/backend-protocol: HTTPS.

## References
- https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#backend-protocol
"""

from collections.abc import Iterator

from mooring.check import ingresses
from mooring.check.bundle import Bundle
from mooring.check.ingresses import IngressPath
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import kinds
from mooring.semantics.views import ServicePort

RULE = Rule(id="backend-protocol-mismatch", severity=Severity.WARNING, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each backend that is spoken to in the wrong way."""
    classes = ingresses.Classes(bundle)
    for item in bundle.of_kind(kinds.INGRESS):
        if not classes.may_be_nginx(item):
            continue
        annotations = item.annotations
        if annotations.get(f"{ingresses.NGINX}ssl-passthrough") == "true":
            continue
        spoken = annotations.get(f"{ingresses.NGINX}backend-protocol", "HTTP").upper()
        for path in ingresses.paths(item):
            port = _port(bundle, path)
            if port is None:
                continue
            name = (port.name or "").lower()
            is_secure = name.startswith("https") or port.number in (443, 8443)
            if is_secure and name.startswith("http-"):
                continue
            if is_secure and spoken == "HTTP":
                # Port 443 in front of a plain one is an old habit of load balancers.
                if port.target in (80, 8080, "http"):
                    continue
                told = f"the port {port.number} of Service {path.service} speaks TLS, and is "
                told += "spoken to in clear"
                remedy = "set nginx.ingress.kubernetes.io/backend-protocol: HTTPS"
            elif spoken in ("HTTPS", "GRPCS") and (
                name == "http" or (port.number == 80 and port.target in (80, "http"))
            ):
                told = f"the port {port.number} of Service {path.service} speaks plain HTTP, and "
                told += f"is spoken to by {spoken}"
                remedy = "take backend-protocol out"
            else:
                continue
            yield RULE.finding(
                item.ref, told, field=f"{path.field}.backend.service.port", remedy=remedy
            )


def _port(bundle: Bundle, path: IngressPath) -> ServicePort | None:
    if path.service is None or path.port is None:
        return None
    service = bundle.names.service(path.item.namespace, path.service)
    return service.port(path.port) if service is not None else None
