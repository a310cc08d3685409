"""
A NetworkPolicy that the API server refuses.

## What it does
Finds peers without anybody, blocks of addresses beside selectors, ranges that are none or that are
excepted from another one, ends of ports without a beginning, and numbers of ports in quotes.

## Why it matters
The policy is refused: where it was to close, everything stays open.

## Example
    from: [{ipBlock: {cidr: 10.0.0.0/8}, podSelector: {}}]

Write the block and the selector as two peers.

## References
- https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.kube import names
from mooring.semantics import fields, kinds
from mooring.semantics.addresses import Range, has_host_bits, parse
from mooring.semantics.fields import Manifest

RULE = Rule(id="policy-invalid", severity=Severity.ERROR, since="0.1", group="network-policy")

_STRICT_MINOR = 36
"""The minor version from which on a range may have no bits beyond its length."""


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each place for which a policy is refused."""
    for item in bundle.of_kind(kinds.NETWORK_POLICY):
        for word, peers in (("ingress", "from"), ("egress", "to")):
            for index, rule in fields.mappings(item.spec.get(word)):
                field = f"spec.{word}[{index}]"
                found = [
                    *(
                        one
                        for place, peer in fields.mappings(rule.get(peers))
                        for one in _of_peer(f"{field}.{peers}[{place}]", peer)
                    ),
                    *(
                        one
                        for place, port in fields.mappings(rule.get("ports"))
                        for one in _of_port(f"{field}.ports[{place}]", port)
                    ),
                ]
                for place_of, told, remedy in found:
                    is_new = told.endswith(_BEYOND) and bundle.minor < _STRICT_MINOR
                    yield RULE.finding(
                        item.ref,
                        told,
                        field=place_of,
                        remedy=remedy,
                        severity=Severity.WARNING if is_new else None,
                    )


_BEYOND = "has bits beyond its length"


def _of_peer(field: str, peer: Manifest) -> Iterator[tuple[str, str, str]]:
    block = peer.get("ipBlock")
    has_selectors = peer.get("podSelector") is not None or peer.get("namespaceSelector") is not None
    if block is None:
        if not has_selectors:
            told = "a peer names nobody"
            yield field, told, "name pods, namespaces or a block of addresses"
        return
    if has_selectors:
        told = "a peer is a block of addresses and selects pods at once"
        yield field, told, "write the block and the selector as two peers"
    cidr = fields.text(fields.at(block, "cidr")) or ""
    whole = parse(cidr) if "/" in cidr else None
    if whole is None:
        yield f"{field}.ipBlock.cidr", f'"{cidr}" is no range of addresses', _RANGE
        return
    if has_host_bits(cidr):
        yield f"{field}.ipBlock.cidr", f"{cidr} {_BEYOND}", "write the first address of the range"
    for index, hole in enumerate(fields.texts(fields.at(block, "except"))):
        place = f"{field}.ipBlock.except[{index}]"
        inner = parse(hole) if "/" in hole else None
        if inner is None:
            yield place, f'"{hole}" is no range of addresses', _RANGE
        elif not _is_within(inner, whole):
            yield place, f"{hole} is no part of {cidr}", "except a part of the range"


def _is_within(inner: Range, whole: Range) -> bool:
    """Tell whether a range is a part of another, and not all of it."""
    if inner == whole or inner.version != whole.version:
        return False
    return whole.first <= inner.first and inner.last <= whole.last


_RANGE = "write it as 192.0.2.0/24"


def _of_port(field: str, written: Manifest) -> Iterator[tuple[str, str, str]]:
    port, last = written.get("port"), fields.integer(written.get("endPort"))
    number = fields.integer(port)
    if isinstance(port, str) and not names.is_port_name(port):
        if port.isdecimal():
            told, remedy = f'the port "{port}" is a name, and has no letter', "leave out the quotes"
        else:
            told, remedy = f'"{port}" is no name of a port', 'use small letters, digits and "-"'
        yield f"{field}.port", told, remedy
    elif number is not None and not 1 <= number <= 65535:
        yield f"{field}.port", f"there is no port {number}", "use 1 to 65535"
    if last is None:
        return
    if number is None:
        told = "endPort stands without the number that it begins at"
        yield f"{field}.endPort", told, "write the first number as port"
    elif last < number:
        yield f"{field}.endPort", f"endPort {last} is less than {number}", "exchange the two"
