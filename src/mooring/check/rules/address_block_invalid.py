"""
A block of addresses that is none.

## What it does
Finds `ipBlock` of NetworkPolicies whose `cidr` is no block of addresses, whose `except` is none
within it, or that stand beside a selector; and `endPort` below the port, or beside a port by
name.

## Why it matters
The API server refuses the object, and the policy that was there before stays, or none.

## Example
    from: [{ipBlock: {cidr: 10.0.0.1}}]

Write the block with its length: 10.0.0.1/32.

## References
- https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

import ipaddress
from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest

RULE = Rule(
    id="address-block-invalid", severity=Severity.ERROR, since="0.1", group="network-policy"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each peer or port that the API server refuses."""
    for item in bundle.of_kind(kinds.NETWORK_POLICY):
        for way, side in (("ingress", "from"), ("egress", "to")):
            for index, entry in fields.mappings(item.spec.get(way)):
                path = f"spec.{way}[{index}]"
                for place, told, remedy in (
                    *_peers(entry, f"{path}.{side}", side),
                    *_ports(entry, f"{path}.ports"),
                ):
                    yield RULE.finding(item.ref, told, field=place, remedy=remedy)


def _peers(entry: Manifest, path: str, side: str) -> Iterator[tuple[str, str, str]]:
    for index, peer in fields.mappings(entry.get(side)):
        block = peer.get("ipBlock")
        if not isinstance(block, dict):
            continue
        here = f"{path}[{index}]"
        if len([key for key, value in peer.items() if value is not None]) > 1:
            yield (
                here,
                "a peer has an ipBlock and a selector, which exclude each other",
                "make two peers of it",
            )
        cidr = fields.text(block.get("cidr"))
        whole = _block(cidr) if cidr is not None else None
        if cidr is not None and whole is None:
            yield (
                f"{here}.ipBlock.cidr",
                f'"{cidr}" is no block of addresses',
                (f"write the block with its length, as in {cidr.partition('/')[0]}/32"),
            )
        for number, without in enumerate(fields.texts(block.get("except"))):
            part = _block(without)
            if part is None or (whole is not None and not _lies_in(part, whole)):
                yield (
                    f"{here}.ipBlock.except[{number}]",
                    f'"{without}" is no part of {cidr}',
                    "leave it out, or write a part of the block",
                )


def _ports(entry: Manifest, path: str) -> Iterator[tuple[str, str, str]]:
    for index, port in fields.mappings(entry.get("ports")):
        last, first = port.get("endPort"), port.get("port")
        if isinstance(last, int) and (not isinstance(first, int) or last < first):
            yield (
                f"{path}[{index}].endPort",
                f"the ports from {first} to {last} are none",
                "let port be a number that is not above endPort",
            )


_Block = ipaddress.IPv4Network | ipaddress.IPv6Network


def _block(text: str) -> _Block | None:
    try:
        return ipaddress.ip_network(text, strict=False) if "/" in text else None
    except ValueError:
        return None


def _lies_in(part: _Block, whole: _Block) -> bool:
    """Tell whether ``part`` is less than ``whole`` and in it."""
    if part.version != whole.version or part.prefixlen <= whole.prefixlen:
        return False
    first, last = int(whole.network_address), int(whole.broadcast_address)
    return first <= int(part.network_address) <= last
