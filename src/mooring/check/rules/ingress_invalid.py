"""
An Ingress that the API server refuses.

## What it does
Finds hosts that are none (with a port, a scheme, capitals, an address in digits, a star in the
midst), paths that do not begin with a slash or hold `//`, `/../` or `%2f`, backends without a port
or with two kinds of it, and Ingresses without any rule.

## Why it matters
The object is refused: none of its hosts is served.

## Example
    rules: [{host: "https://shop.example.com", ...}]

Write the host as DNS has it: shop.example.com.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import names
from mooring.semantics import fields, kinds
from mooring.semantics.addresses import is_address
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import Item

RULE = Rule(id="ingress-invalid", severity=Severity.ERROR, since="0.1", group="ingress")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place for which an Ingress is refused."""
    for item in bundle.of_kind(kinds.INGRESS):
        if item.ref.api_version != "networking.k8s.io/v1":
            continue  # Another rule tells of versions that are gone.
        for field, told, remedy in _faults(item):
            yield RULE.finding(item.ref, told, field=field, remedy=remedy)


def _faults(item: Item) -> Iterator[tuple[str, str, str]]:
    spec = item.spec
    if not spec.get("rules") and not spec.get("defaultBackend"):
        yield "spec", "it has neither rules nor a default backend", "add a rule"
    default = fields.mapping(spec.get("defaultBackend"))
    if default:
        yield from _of_backend("spec.defaultBackend", default)
    for index, entry in fields.mappings(spec.get("tls")):
        for place, certified in enumerate(fields.texts(entry.get("hosts"))):
            if not _is_host(certified):
                yield f"spec.tls[{index}].hosts[{place}]", f'"{certified}" is no host', _HOST
    for index, rule in fields.mappings(spec.get("rules")):
        host = fields.text(rule.get("host"))
        if host is not None and is_address(host):
            told = f"its host {host} is an address, and a name belongs there"
            yield f"spec.rules[{index}].host", told, "leave it out, or name the host"
        elif host is not None and not _is_host(host):
            yield f"spec.rules[{index}].host", f'its host "{host}" is none', _HOST
        for place, entry in fields.mappings(fields.at(rule, "http", "paths")):
            field = f"spec.rules[{index}].http.paths[{place}]"
            wrong = _of_path(entry)
            if wrong is not None:
                yield f"{field}.path", wrong, "write the path from the root, as in /api"
            yield from _of_backend(f"{field}.backend", fields.mapping(entry.get("backend")))


def _of_path(entry: Manifest) -> str | None:
    path, kind = fields.text(entry.get("path")) or "", entry.get("pathType")
    if not path.startswith("/"):
        if not path and kind not in ("Prefix", "Exact"):
            return None
        return f'its path "{path}" does not begin with a slash' if path else "it has no path"
    if kind in ("Prefix", "Exact"):
        low = path.lower()
        wrong = next((one for one in ("//", "/./", "/../", "%2f") if one in low), None)
        if wrong is None and path.endswith(("/.", "/..")):
            wrong = path.rpartition("/")[2]
        if wrong is not None:
            return f'its path "{path}" holds "{wrong}"'
    return None


def _of_backend(field: str, backend: Manifest) -> Iterator[tuple[str, str, str]]:
    service, resource = backend.get("service"), backend.get("resource")
    if "serviceName" in backend:
        return  # of an older version, which another rule tells of
    if service is None and resource is None:
        yield field, "its backend is neither a Service nor another object", "name the Service"
    elif service is not None and resource is not None:
        yield field, "its backend is a Service and another object at once", "keep one of the two"
    elif service is not None:
        port = fields.mapping(fields.at(service, "port"))
        if not port.get("name") and not port.get("number"):
            yield f"{field}.service", "its backend names no port", "name a port of the Service"
        elif port.get("name") and port.get("number"):
            told = "its backend names a port by name and by number"
            yield f"{field}.service.port", told, "keep one of the two"


def _is_host(host: str) -> bool:
    return names.is_subdomain(host.removeprefix("*."))


_HOST = "write the host as DNS has it: small letters, without scheme and port"
