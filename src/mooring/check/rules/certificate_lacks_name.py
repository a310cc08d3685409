"""
A certificate for other names than those it is used for.

## What it does
Finds hosts of Ingresses and listeners of Gateways whose certificate, a Secret of the input, is for
other names, and Services that are dialled by TLS while the certificate that their pods mount has
none of the names of the Service.

## Why it matters
Every client refuses it: the name in the certificate is not the one that was asked for.

## Example
    tls: [{hosts: [shop.example.com], secretName: tls}]     # for www.example.com alone

Ask for a certificate with all names; one for pods needs `<service>.<namespace>.svc`.

## References
- https://www.rfc-editor.org/rfc/rfc9525
- https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/
"""

from collections.abc import Iterator

from mooring.check import environment, x509
from mooring.check.bundle import Bundle
from mooring.check.x509 import Certificate
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.kinds import GroupKind

RULE = Rule(id="certificate-lacks-name", severity=Severity.ERROR, since="0.1", group="secrets")

_GATEWAY = GroupKind("gateway.networking.k8s.io", "Gateway")
_SECURE = frozenset({"https", "wss", "rediss", "amqps", "ldaps", "mqtts", "grpcs"})


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each name that a certificate lacks."""
    read = _Certificates(bundle)
    if not read.any:
        return
    for item in bundle.of_kind(kinds.INGRESS):
        for index, entry in fields.mappings(item.spec.get("tls")):
            leaf = read.leaf(item.namespace, fields.text(entry.get("secretName")))
            for place, host in enumerate(fields.texts(entry.get("hosts"))):
                if leaf is not None and not leaf.covers(host):
                    yield RULE.finding(
                        item.ref,
                        f"{host} is served with a certificate for {_shown(leaf)}",
                        field=f"spec.tls[{index}].hosts[{place}]",
                        remedy=f"ask for a certificate that has {host} among its names",
                    )
    for item in bundle.of_kind(_GATEWAY):
        for index, listener in fields.mappings(item.spec.get("listeners")):
            listened = fields.text(listener.get("hostname"))
            entries = [
                one for _, one in fields.mappings(fields.at(listener, "tls", "certificateRefs"))
            ]
            leaves = [
                read.leaf(
                    fields.text(one.get("namespace")) or item.namespace,
                    fields.text(one.get("name")),
                )
                for one in entries
            ]
            if listened and leaves and all(leaf and not leaf.covers(listened) for leaf in leaves):
                yield RULE.finding(
                    item.ref,
                    f"{listened} is served with a certificate for {_shown(leaves[0])}",
                    field=f"spec.listeners[{index}].hostname",
                    remedy=f"ask for a certificate that has {listened} among its names",
                )
    yield from _within(bundle, read)


def _within(bundle: Bundle, read: "_Certificates") -> Iterator[Finding]:
    """Yield a finding for each Service that is dialled by a name that its certificate lacks."""
    for one in bundle.dialled:
        if one.service is None or one.address.scheme not in _SECURE:
            continue
        service = bundle.names.service(one.namespace, one.service)
        pods = bundle.behind(service) if service is not None else ()
        leaves = [
            leaf
            for pod in pods
            for _, volume in pod.volumes.values()
            if (name := fields.text(fields.at(volume, "secret", "secretName")))
            and (leaf := read.leaf(pod.namespace, name)) is not None
        ]
        if leaves and not any(leaf.covers(one.address.host) for leaf in leaves):
            yield RULE.finding(
                one.ref,
                f"{one.named} dials {one.address.shown} by TLS, and the certificate there is for "
                f"{_shown(leaves[0])}",
                field=one.field,
                remedy=f"ask for a certificate that has {one.address.host} among its names",
            )


def _shown(leaf: Certificate | None) -> str:
    names = leaf.names if leaf is not None else ()
    return ", ".join(names[:3]) + (" and others" if len(names) > 3 else "") if names else "no name"


class _Certificates:
    """The certificates of TLS Secrets, each read when it is first asked for."""

    def __init__(self, bundle: Bundle) -> None:
        self._held = {
            (item.namespace, item.ref.name): item
            for item in bundle.of_kind(kinds.SECRET)
            if "tls.crt" in fields.mapping(item.manifest.get("data"))
            or "tls.crt" in fields.mapping(item.manifest.get("stringData"))
        }
        self._read: dict[tuple[str, str], Certificate | None] = {}
        self.any = bool(self._held)

    def leaf(self, namespace: str, name: str | None) -> Certificate | None:
        """Return the server's certificate in a Secret, None where it is not known."""
        key = (namespace, name or "")
        if key not in self._held:
            return None
        if key not in self._read:
            texts = {word: text for word, text, _ in environment.texts(self._held[key])}
            chain = x509.certificates(texts.get("tls.crt", ""))
            # One in the wrong place is still the server's own; another rule tells of the order.
            own = next((one for one in chain if not one.is_authority), chain[0] if chain else None)
            self._read[key] = own if own is not None and own.names else None
        return self._read[key]
