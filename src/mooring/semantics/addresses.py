"""
Ranges of IP addresses: blocks less their exceptions, and whether some cover another.

Source: https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

import ipaddress
from collections.abc import Iterable

import msgspec


class Range(msgspec.Struct, frozen=True, order=True, gc=False):
    """Addresses from ``first`` to ``last``, both included, of IP version 4 or 6."""

    version: int
    first: int
    last: int


def parse(cidr: str) -> Range | None:
    """
    Return the addresses of a block ("10.0.0.0/8") or of one address, None where it is neither.

    Bits below the prefix are ignored, as the API server's parser ignores them.
    """
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return None
    first = int(network.network_address)
    return Range(network.version, first, first + network.num_addresses - 1)


def is_address(text: str) -> bool:
    """Return whether ``text`` is an address of IP version 4 or 6."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def has_host_bits(cidr: str) -> bool:
    """Return whether a block has bits beyond its length, as 10.0.0.1/24 does."""
    try:
        ipaddress.ip_network(cidr)
    except ValueError:
        return parse(cidr) is not None
    return False


def parse_all(cidrs: Iterable[str]) -> tuple[Range, ...]:
    """Return the addresses of each block; what is no block is left out."""
    return tuple(found for cidr in cidrs if (found := parse(cidr)) is not None)


def without(ranges: Iterable[Range], removed: Iterable[Range]) -> tuple[Range, ...]:
    """Return what is left of ``ranges`` when ``removed`` are taken out, in order."""
    left = list(ranges)
    for hole in removed:
        kept = []
        for each in left:
            if each.version != hole.version or hole.last < each.first or each.last < hole.first:
                kept.append(each)
                continue
            if each.first < hole.first:
                kept.append(Range(each.version, each.first, hole.first - 1))
            if hole.last < each.last:
                kept.append(Range(each.version, hole.last + 1, each.last))
        left = kept
    return tuple(left)


def overlap(ranges: Iterable[Range], others: Iterable[Range]) -> bool:
    """Return whether an address is in both."""
    others = tuple(others)
    return any(
        each.version == other.version and each.first <= other.last and other.first <= each.last
        for each in ranges
        for other in others
    )


ANY = parse_all(("0.0.0.0/0", "::/0"))
"""Every address there is."""

PRIVATE = parse_all(("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
"""Where clusters take the addresses of pods from, unless somebody chose others."""

PUBLIC = without(ANY, (*PRIVATE, *parse_all(("127.0.0.0/8", "169.254.0.0/16", "fe80::/10"))))
"""The Internet, as far as a policy tells it from the cluster."""
