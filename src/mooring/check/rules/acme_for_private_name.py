"""
A public certificate for a name that is not public.

## What it does
Finds hosts under `.local`, `.internal`, `.lan`, `.test`, `.localhost`, `.home.arpa`, `.svc` and
the like, and names without a dot, for which an Ingress, Gateway or Certificate asks an issuer of
cert-manager that speaks ACME to a public authority; and wildcards where the issuer can prove
names by HTTP alone.  An ACME server of one's own is left alone.

## Why it matters
A public authority has to reach the name, or its zone, from outside: the order fails again and
again, the Secret is never made, and browsers get the controller's own certificate.

## Example
    metadata: {annotations: {cert-manager.io/cluster-issuer: letsencrypt}}
    spec: {tls: [{hosts: [shop.local], secretName: shop-tls}]}

Use an issuer of your own authority (`ca`) for private names, and DNS-01 for wildcards.

## References
- https://letsencrypt.org/docs/challenge-types/
- https://cert-manager.io/docs/configuration/acme/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item

RULE = Rule(id="acme-for-private-name", severity=Severity.ERROR, since="0.1", group="ingress")

_CERTIFICATE = GroupKind("cert-manager.io", "Certificate")
_ISSUER = GroupKind("cert-manager.io", "Issuer")
_CLUSTER_ISSUER = GroupKind("cert-manager.io", "ClusterIssuer")
_GATEWAY = GroupKind("gateway.networking.k8s.io", "Gateway")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each name that no public authority can prove."""
    for item in bundle.of_kind(kinds.INGRESS, _GATEWAY, _CERTIFICATE):
        asked = _asked(bundle, item)
        if asked is None:
            continue
        name, issuer = asked
        acme = fields.mapping(issuer.get("acme")) if issuer is not None else None
        if issuer is not None and not _is_public(acme or {}):
            continue
        for field, host in _hosts(item):
            if _is_private(host):
                told = f"{host} is a private name, and {name} asks a public authority"
                remedy = "use an issuer of your own authority for it"
            elif host.startswith("*.") and acme and not _proves_by_dns(acme):
                told = f"{host} can be proved by DNS alone, and {name} proves by HTTP"
                remedy = "give the issuer a solver of the kind dns01"
            else:
                continue
            yield RULE.finding(
                item.ref,
                told,
                field=field,
                remedy=remedy,
                severity=None if issuer is not None else Severity.WARNING,
                confidence=None if issuer is not None else Confidence.HIGH,
            )


def _asked(bundle: Bundle, item: Item) -> tuple[str, Manifest | None] | None:
    """
    Return the name and spec of the issuer that ``item`` asks, None where it asks none.

    The spec of one that the input does not hold is None; then only its name tells what it is, and
    one whose name does not is not asked about.
    """
    if item.kind == _CERTIFICATE:
        named = fields.mapping(item.spec.get("issuerRef"))
        name = fields.text(named.get("name"))
        kind = _CLUSTER_ISSUER if named.get("kind") == "ClusterIssuer" else _ISSUER
    else:
        name = item.annotations.get("cert-manager.io/cluster-issuer")
        kind = _CLUSTER_ISSUER
        if name is None:
            name, kind = item.annotations.get("cert-manager.io/issuer"), _ISSUER
    if name is None:
        return None
    held = bundle.objects.find(kind, name, item.namespace if kind == _ISSUER else None)
    if held is not None:
        return name, held.spec
    plain = name.lower().replace("-", "").replace("_", "")
    return (name, None) if "letsencrypt" in plain else None


def _hosts(item: Item) -> Iterator[tuple[str, str]]:
    """Yield the names for which a certificate is asked, with their fields."""
    if item.kind == _CERTIFICATE:
        for index, name in enumerate(fields.texts(item.spec.get("dnsNames"))):
            yield f"spec.dnsNames[{index}]", name
    elif item.kind == _GATEWAY:
        for index, listener in fields.mappings(item.spec.get("listeners")):
            host = fields.text(listener.get("hostname"))
            if host and isinstance(listener.get("tls"), dict):
                yield f"spec.listeners[{index}].hostname", host
    else:
        for index, entry in fields.mappings(item.spec.get("tls")):
            if fields.text(entry.get("secretName")):
                for place, host in enumerate(fields.texts(entry.get("hosts"))):
                    yield f"spec.tls[{index}].hosts[{place}]", host


def _is_public(acme: Manifest) -> bool:
    server = fields.text(acme.get("server")) or ""
    return any(
        one in server
        for one in ("letsencrypt.org", "zerossl.com", "buypass.com", "pki.goog", "ssl.com")
    )


def _proves_by_dns(acme: Manifest) -> bool:
    """Tell whether one of the solvers proves by DNS; without any solver nothing is known."""
    solvers = [one for _, one in fields.mappings(acme.get("solvers"))]
    return not solvers or any("dns01" in one for one in solvers)


_PRIVATE = frozenset(
    {
        "local", "internal", "intranet", "lan", "home", "corp", "private", "localdomain", "test",
        "localhost", "example", "invalid", "svc",
    }
)  # fmt: skip
"""Last labels that no public authority certifies (RFC 2606, RFC 6762, RFC 8375, ICANN)."""


def _is_private(host: str) -> bool:
    labels = host.lower().rstrip(".").removeprefix("*.").split(".")
    return (
        len(labels) == 1
        or labels[-1] in _PRIVATE
        or labels[-2:] == ["home", "arpa"]
        or labels[-3:] == ["svc", "cluster", "local"]
    )
