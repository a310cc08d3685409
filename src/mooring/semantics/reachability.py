"""
Who reaches whom: what NetworkPolicies let pass and what they stop.

A connection passes when the source may leave *and* the destination may be entered.  A pod that no
policy of a direction selects is open in it; one that some select is open to what any rule of any
of them lets pass.  Replies always pass.

What the API leaves to the network plugin is never decided in silence: the verdict then carries a
`Doubt`.  A verdict without doubts holds for every plugin that enforces policies.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import addresses, endpoints, kinds, policies, views
from mooring.semantics.addresses import Range
from mooring.semantics.endpoints import Addresses, Endpoint
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pods import DEFAULT_PROTOCOL, PodTemplate
from mooring.semantics.policies import Peer, Policy, PortRange, Rule
from mooring.semantics.selection import Selector, SelectorIndex
from mooring.semantics.views import Namespace, Service

DNS_NAMESPACE = "kube-system"
DNS_LABELS = {"k8s-app": "kube-dns"}
DNS_PORT = 53


class Doubt(StrEnum):
    """Why another network plugin, or more knowledge, could decide otherwise."""

    POD_ADDRESS = "pod-address"
    """An ipBlock may cover the pod's own address, which some plugins heed and others do not."""
    HOST_NETWORK = "host-network"
    """A pod shares the network of its node, where most plugins do not see it as a pod."""
    NAMESPACE_LABELS = "namespace-labels"
    """The labels of a namespace that is not in the set would decide."""


class Direction(StrEnum):
    """Out of the source, or into the destination."""

    EGRESS = "egress"
    INGRESS = "ingress"


class Side(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What the policies of one direction say.

    ``policies`` are those that let the connection pass; where it is stopped, those that rule the
    pod and do not.  None rule it where it is allowed and there are no policies.
    """

    allowed: bool
    policies: tuple[ObjectRef, ...] = ()
    doubts: frozenset[Doubt] = frozenset()


OPEN = Side(allowed=True)


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whether a connection passes, and by whose word."""

    egress: Side
    ingress: Side

    @property
    def allowed(self) -> bool:
        """Whether it passes."""
        return self.egress.allowed and self.ingress.allowed

    @property
    def allowed_by(self) -> tuple[ObjectRef, ...]:
        """The policies that let it pass; none where no policy rules the two ends."""
        return self.egress.policies + self.ingress.policies if self.allowed else ()

    @property
    def denied_by(self) -> tuple[ObjectRef, ...]:
        """The policies that rule an end and do not let it pass."""
        return tuple(
            ref for side in (self.egress, self.ingress) if not side.allowed for ref in side.policies
        )

    @property
    def doubts(self) -> frozenset[Doubt]:
        """Why it could be otherwise; none means that it could not."""
        sides = (self.egress, self.ingress)
        # What one end certainly stops stays out, whatever holds at the other end.
        certain_stop = any(not side.allowed and not side.doubts for side in sides)
        return frozenset() if certain_stop else self.egress.doubts | self.ingress.doubts


class Edge(NamedTuple):
    """A connection and its verdict."""

    source: Endpoint | Addresses
    destination: Endpoint | Addresses
    port: int
    protocol: str
    verdict: Verdict


class _Door(NamedTuple):
    """A port of a destination, whose named ports are ``named``."""

    port: int
    protocol: str
    named: Mapping[tuple[str, str], int]

    def is_in(self, rule: Rule) -> bool:
        """Return whether ``rule`` is for this port."""
        return rule.ports is None or any(map(self._is, rule.ports))

    def _is(self, wanted: PortRange) -> bool:
        if wanted.protocol != self.protocol:
            return False
        if wanted.name is not None:
            return self.named.get((wanted.name, self.protocol)) == self.port
        return wanted.first <= self.port <= wanted.last


class Network:
    """
    The pods of a set of objects, and the policies between them.

    ``pod_ranges`` are the addresses that pods may have; only where an ipBlock reaches into them is
    a pod's address in doubt.
    """

    def __init__(
        self, objects: ManifestSet, *, pod_ranges: tuple[Range, ...] = addresses.PRIVATE
    ) -> None:
        self._objects = objects
        self._pod_ranges = pod_ranges
        self.endpoints = tuple(map(endpoints.endpoint, objects.templates))
        self._by_ref = {each.ref: each for each in self.endpoints}
        compiled = [policies.policy(item) for item in objects.of_kind(kinds.NETWORK_POLICY)]
        self._index = SelectorIndex((each.namespace, each.selector, each) for each in compiled)
        # By identity, which holds as long as the pods are kept beside the answer.
        self._ruling: dict[int, tuple[Endpoint, tuple[Policy, ...]]] = {}
        self._namespaces: dict[str, Namespace] = {}

    def endpoint(self, ref: ObjectRef) -> Endpoint | None:
        """Return the pods of the workload ``ref``, None where the set has none."""
        return self._by_ref.get(ref)

    def isolating(self, pods: Endpoint, direction: Direction) -> tuple[ObjectRef, ...]:
        """Return the policies that rule ``pods`` in this direction; without any, all passes."""
        return tuple(
            each.ref
            for each in self._policies(pods)
            if (each.egress if direction is Direction.EGRESS else each.ingress) is not None
        )

    def verdict(
        self,
        source: Endpoint | Addresses,
        destination: Endpoint | Addresses,
        port: int,
        protocol: str = DEFAULT_PROTOCOL,
    ) -> Verdict:
        """
        Return whether ``source`` may connect to ``port`` of ``destination``.

        ``port`` is the port of the pod itself: of a Service, the one that `through` finds.  For
        addresses the answer is yes only where it is yes for each of them.
        """
        if isinstance(source, Endpoint) and source is destination and source.ref.kind == "Pod":
            return Verdict(egress=OPEN, ingress=OPEN)
        named = destination.ports if isinstance(destination, Endpoint) else {}
        door = _Door(port, protocol, named)
        egress = ingress = OPEN
        if isinstance(source, Endpoint):
            egress = self._side(source, destination, Direction.EGRESS, door)
        if isinstance(destination, Endpoint):
            ingress = self._side(destination, source, Direction.INGRESS, door)
        return Verdict(egress=egress, ingress=ingress)

    def through(
        self,
        source: Endpoint | Addresses,
        service: Service,
        port: int | str,
        behind: Iterable[PodTemplate],
        protocol: str | None = None,
    ) -> tuple[Edge, ...]:
        """
        Return the connections that calling ``port`` of a Service can become, one per workload.

        ``behind`` are the pods that it selects (`selection.Selections.behind`).  Policies see the
        pod and its own port.  A workload without that port is left out; a headless Service passes
        a number that it does not list straight on.
        """
        found = service.port(port, protocol)
        edges = []
        for template in behind:
            if found is not None:
                used = found.protocol
                number = template.port_number(found.target, used)
            else:
                used = protocol or DEFAULT_PROTOCOL
                number = port if service.is_headless and isinstance(port, int) else None
            destination = self._by_ref.get(template.owner)
            if number is not None and destination is not None:
                answer = self.verdict(source, destination, number, used)
                edges.append(Edge(source, destination, number, used, answer))
        return tuple(edges)

    def edges(
        self,
        sources: Iterable[Endpoint | Addresses] | None = None,
        destinations: Iterable[Endpoint] | None = None,
        ports: Iterable[tuple[int, str]] | None = None,
    ) -> Iterator[Edge]:
        """
        Yield every connection from ``sources`` to ``destinations``, with its verdict.

        Without other wishes these are all pods of the set, and the ports that each declares.
        Pods that no policy can tell apart are judged once.
        """
        every = self.endpoints if destinations is None else tuple(destinations)
        wanted = None if ports is None else tuple(ports)
        kinds_of_pods: dict[object, int] = {}

        def kind(pods: Endpoint | Addresses) -> int:
            return kinds_of_pods.setdefault(endpoints.likeness(pods), len(kinds_of_pods))

        known = [(each, kind(each)) for each in every]
        judged: dict[tuple[int, int, int, str], Verdict] = {}
        for source in self.endpoints if sources is None else sources:
            alike = kind(source)
            for destination, alike_there in known:
                if source is destination:
                    continue
                for port, protocol in destination.declared if wanted is None else wanted:
                    key = (alike, alike_there, port, protocol)
                    answer = judged.get(key)
                    if answer is None:
                        answer = judged[key] = self.verdict(source, destination, port, protocol)
                    yield Edge(source, destination, port, protocol, answer)

    def dns(self, source: Endpoint) -> tuple[Edge, ...]:
        """
        Return the connections by which ``source`` resolves names: UDP, and TCP for long answers.

        They go to the cluster's DNS server, which stands in kube-system under a label that all
        distributions keep for compatibility (``k8s-app: kube-dns``).
        """
        return tuple(
            Edge(
                source, server, DNS_PORT, protocol, self.verdict(source, server, DNS_PORT, protocol)
            )
            for server in self._dns_servers
            for protocol in ("UDP", "TCP")
        )

    def asks_dns_by_address(self, source: Endpoint) -> bool:
        """
        Return whether a policy opens the port of DNS to addresses rather than to pods.

        That is how a cache on each node is allowed (169.254.20.10), or a server outside.
        """
        door = _Door(DNS_PORT, "UDP", {})
        return any(
            rule.ports is not None and door.is_in(rule) and _blocks(rule)
            for policy in self._policies(source)
            for rule in policy.egress or ()
            if rule.peers is not None
        )

    @cached_property
    def _dns_servers(self) -> tuple[Endpoint, ...]:
        found = tuple(
            each
            for each in self.endpoints
            if each.namespace == DNS_NAMESPACE and DNS_LABELS.items() <= each.labels.items()
        )
        ports = {("dns", "UDP"): DNS_PORT, ("dns-tcp", "TCP"): DNS_PORT}
        return found or (endpoints.stand_in("coredns", DNS_NAMESPACE, DNS_LABELS, ports),)

    def _policies(self, pods: Endpoint) -> tuple[Policy, ...]:
        known = self._ruling.get(id(pods))
        if known is None:
            found = self._index.selecting(pods.namespace, pods.labels)
            known = self._ruling[id(pods)] = (pods, found)
        return known[1]

    def _namespace(self, name: str) -> Namespace:
        found = self._namespaces.get(name)
        if found is None:
            found = self._namespaces[name] = views.namespace(self._objects, name)
        return found

    def _side(
        self,
        ruled: Endpoint,
        other: Endpoint | Addresses,
        direction: Direction,
        door: "_Door",
    ) -> Side:
        """Return what the policies that rule ``ruled`` say of a connection with ``other``."""
        ruling: list[tuple[Policy, list[Rule]]] = []
        for each in self._policies(ruled):
            rules = each.egress if direction is Direction.EGRESS else each.ingress
            if rules is not None:
                ruling.append((each, [rule for rule in rules if door.is_in(rule)]))
        if not ruling:
            return OPEN
        if isinstance(other, Addresses):
            found = _for_addresses(ruling, other)
        else:
            found = self._for_pods(ruling, other)
        if ruled.host_network:
            # Most plugins do not apply policies to such pods at all.
            return Side(
                allowed=True,
                policies=found.policies if found.allowed else (),
                doubts=found.doubts if found.allowed else frozenset({Doubt.HOST_NETWORK}),
            )
        return found

    def _for_pods(self, ruling: list[tuple[Policy, list[Rule]]], other: Endpoint) -> Side:
        certain, possible = [], []
        doubts: set[Doubt] = set()
        for policy, rules in ruling:
            answers = [self._passes(rule, policy, other) for rule in rules]
            if any(passes and doubt is None for passes, doubt in answers):
                certain.append(policy.ref)
            elif any(passes for passes, _ in answers):
                possible.append(policy.ref)
            doubts.update(doubt for _, doubt in answers if doubt is not None)
        if certain:
            return Side(allowed=True, policies=tuple(certain))
        if possible:
            return Side(allowed=True, policies=tuple(possible), doubts=frozenset(doubts))
        refs = tuple(policy.ref for policy, _ in ruling)
        return Side(allowed=False, policies=refs, doubts=frozenset(doubts))

    def _passes(self, rule: Rule, policy: Policy, other: Endpoint) -> tuple[bool, Doubt | None]:
        """Return whether a rule is for ``other``, and why that may be otherwise."""
        if rule.peers is None:
            return True, None
        passes, doubt = False, None
        for peer in rule.peers:
            found, reason = self._is_peer(peer, policy, other)
            if found and reason is None:
                return True, None
            passes, doubt = passes or found, doubt or reason
        return passes, doubt

    def _is_peer(self, peer: Peer, policy: Policy, other: Endpoint) -> tuple[bool, Doubt | None]:
        if peer.block is not None:
            covers = addresses.overlap(peer.block, self._pod_ranges)
            if other.host_network:
                return False, Doubt.HOST_NETWORK if peer.block else None
            return False, Doubt.POD_ADDRESS if covers else None
        if peer.pods is not None and not peer.pods.matches(other.labels):
            return False, None
        if peer.namespaces is None:
            found, known = policy.namespace == other.namespace, True
        else:
            place = self._namespace(other.namespace)
            found = peer.namespaces.matches(place.labels)
            known = place.is_known or _is_told_by_name(peer.namespaces, place)
        if other.host_network:
            return False, Doubt.HOST_NETWORK if found or not known else None
        return found, None if known else Doubt.NAMESPACE_LABELS


def _is_told_by_name(wanted: Selector, place: Namespace) -> bool:
    """Return whether the name of a namespace alone tells if ``wanted`` selects it."""
    by_name = wanted.on(views.NAMESPACE_NAME_LABEL)
    return wanted.keys <= by_name.keys or not by_name.matches(place.labels)


def _for_addresses(ruling: list[tuple[Policy, list[Rule]]], other: Addresses) -> Side:
    """Return what policies say of all addresses: together they must cover each of them."""
    left = other.ranges
    passing = []
    for policy, rules in ruling:
        for rule in rules:
            blocks = _blocks(rule)
            if addresses.overlap(blocks, other.ranges):
                left = addresses.without(left, blocks)
                if policy.ref not in passing:
                    passing.append(policy.ref)
    if not left:
        return Side(allowed=True, policies=tuple(passing))
    return Side(allowed=False, policies=tuple(policy.ref for policy, _ in ruling))


def _blocks(rule: Rule) -> tuple[Range, ...]:
    if rule.peers is None:
        return addresses.ANY
    return tuple(each for peer in rule.peers for each in peer.block or ())
