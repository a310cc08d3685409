"""
NetworkPolicies, read once into what they mean.

The traps of the API are resolved here, so that nobody has to remember them:

- without ``policyTypes`` a policy rules ingress, and egress only where it has egress rules;
- rules of a direction that ``policyTypes`` does not name mean nothing;
- a rule without peers (absent or empty) is for everybody, one without ports for every port;
- both selectors in one peer must hold together; in two peers either is enough;
- an absent ``protocol`` is TCP, and ``endPort`` extends a number, never a name.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/ and
https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/
"""

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import addresses, fields, selection
from mooring.semantics.addresses import Range
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import Item
from mooring.semantics.pods import DEFAULT_PROTOCOL
from mooring.semantics.selection import Selector


class PortRange(msgspec.Struct, frozen=True, gc=False):
    """
    Ports of one protocol: all of it, the one called ``name``, or those from ``first`` to ``last``.
    """

    protocol: str
    name: str | None = None
    first: int = 0
    last: int = 65535


class Peer(msgspec.Struct, frozen=True, gc=False):
    """
    One entry of ``from`` or ``to``.

    Either ``block``, what is left of an ipBlock, or the two selectors: ``pods`` None means all
    pods, ``namespaces`` None means the policy's own namespace.
    """

    pods: Selector | None = None
    namespaces: Selector | None = None
    block: tuple[Range, ...] | None = None


class Rule(msgspec.Struct, frozen=True, gc=False):
    """One ingress or egress rule; None stands for everybody, and for every port."""

    peers: tuple[Peer, ...] | None
    ports: tuple[PortRange, ...] | None


class Policy(msgspec.Struct, frozen=True, gc=False):
    """A NetworkPolicy; None for a direction that it does not rule."""

    ref: ObjectRef
    namespace: str
    selector: Selector
    ingress: tuple[Rule, ...] | None
    egress: tuple[Rule, ...] | None


def policy(item: Item) -> Policy:
    """Return what a NetworkPolicy means."""
    spec = item.spec
    named = fields.texts(spec.get("policyTypes"))
    rules_ingress = "Ingress" in named or not named
    rules_egress = "Egress" in named or (not named and bool(fields.items(spec.get("egress"))))
    return Policy(
        item.ref,
        item.namespace,
        selection.selector_of(item),
        _rules(spec.get("ingress"), "from") if rules_ingress else None,
        _rules(spec.get("egress"), "to") if rules_egress else None,
    )


def _rules(written: object, peers: str) -> tuple[Rule, ...]:
    return tuple(
        Rule(
            tuple(_peer(peer) for _, peer in fields.mappings(rule.get(peers))) or None,
            tuple(_port(port) for _, port in fields.mappings(rule.get("ports"))) or None,
        )
        # A null rule is an empty one.
        for rule in map(fields.mapping, fields.items(written))
    )


def _peer(written: Manifest) -> Peer:
    block = written.get("ipBlock")
    if isinstance(block, dict):
        whole = addresses.parse_all([cidr] if (cidr := fields.text(block.get("cidr"))) else [])
        holes = addresses.parse_all(fields.texts(block.get("except")))
        return Peer(block=addresses.without(whole, holes))
    pods, namespaces = written.get("podSelector"), written.get("namespaceSelector")
    if pods is None and namespaces is None:
        return Peer(block=())  # The API server refuses a peer that names nobody.
    return Peer(
        None if pods is None else selection.selector(pods),
        None if namespaces is None else selection.selector(namespaces),
    )


def _port(written: Manifest) -> PortRange:
    protocol = fields.text(written.get("protocol")) or DEFAULT_PROTOCOL
    port = written.get("port")
    if port is None:
        return PortRange(protocol)
    number = fields.integer(port)
    if number is None:
        return PortRange(protocol, fields.text(port) or "")
    last = fields.integer(written.get("endPort"))
    return PortRange(protocol, None, number, number if last is None else last)
