"""
Network policies for staging and production: the networks of the stack, kept apart again.

Everything is closed first.  Then each network opens what it opens in Compose: its members may
talk to one another, on any port.  A pod carries a label for each of its networks, so that a policy
per network says it all.  A guarded pod carries another value there: its network lets it out, and a
policy of its own lets in those who have to reach it, on the ports on which it listens.  Names must
resolve everywhere; what stands on a network with a way out may reach the outside; what was
published, or is exposed, may be reached from outside: by HTTP from the ingress controller alone,
where it is known in which namespace that runs, for its pods pass on what comes from anywhere.
Who gathers metrics runs in a namespace of its own, and reaches ports for metrics where it is named.

Policies add up and never subtract, so nothing here can cut what another policy opens.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterator

from mooring.app.application import Application
from mooring.app.endpoints import Endpoint, NetworkAccess, Protocol
from mooring.app.workloads import Task, Workload
from mooring.generate.context import Context
from mooring.generate.identity import metadata, selector_labels
from mooring.generate.ports import listening, protocol
from mooring.kube.labels import INSTANCE, NAME
from mooring.kube.names import label
from mooring.kube.objects.meta import LabelSelector, LabelSelectorRequirement
from mooring.kube.objects.network import (
    NetworkPolicy,
    NetworkPolicyEgressRule,
    NetworkPolicyIngressRule,
    NetworkPolicyPeer,
    NetworkPolicyPort,
    NetworkPolicySpec,
)

_EVERYBODY = LabelSelector()
_MEMBER = "member"
_GUARDED = "guarded"
_EXISTS = "Exists"
_DNS = (NetworkPolicyPort(protocol="UDP", port=53), NetworkPolicyPort(protocol="TCP", port=53))
_API = (NetworkPolicyPort(protocol="TCP", port=443), NetworkPolicyPort(protocol="TCP", port=6443))


def keeps_networks_apart(context: Context) -> bool:
    """Tell whether the environment gets policies: staging and production do."""
    return context.is_strict


def network_labels(part: Workload | Task) -> dict[str, str]:
    """Return the labels that tell on which networks the pods of ``part`` stand."""
    value = _GUARDED if is_guarded(part) else _MEMBER
    return {_key(name): value for name in part.networks}


def is_guarded(part: Workload | Task) -> bool:
    """Tell whether the networks of ``part`` do not say all of who reaches it."""
    return part.reached_by is not None


def _key(network: str) -> str:
    return f"network.mooring.dev/{label(network)}"


def policies(context: Context, waiting: frozenset[str]) -> Iterator[NetworkPolicy]:
    """
    Yield the policies of the environment: none in development, and none where nothing runs.

    ``waiting`` names the parts whose pods ask the API before they start.
    """
    if not keeps_networks_apart(context):
        return
    application = context.application
    if not application.parts:
        return
    yield _policy("default-deny", application, _EVERYBODY, types=("Ingress", "Egress"))
    yield _policy(
        "allow-dns",
        application,
        _EVERYBODY,
        egress=(NetworkPolicyEgressRule(ports=_DNS),),
    )
    parts = [part for part in application.parts if part.network is not NetworkAccess.NONE]
    networks = dict.fromkeys(name for part in parts for name in part.networks)
    for name in networks:
        yield from _of_network(name, application, parts)
    if application.outside:
        from mooring.generate import outside

        yield from outside.policies(application, _MEMBER)
    for part in parts:
        if is_guarded(part):
            yield _of_guarded(part, context)
        yield from _of_part(part, context, asks_api=part.name in waiting)


def _of_network(
    name: str, application: Application, parts: list[Workload | Task]
) -> Iterator[NetworkPolicy]:
    """Yield what a network opens to its members, and to those on it that are guarded."""
    guarded = [part for part in parts if name in part.networks and is_guarded(part)]
    members = LabelSelector(match_labels={_key(name): _MEMBER})
    everybody = (
        LabelSelector(
            match_expressions=(LabelSelectorRequirement(key=_key(name), operator=_EXISTS),)
        )
        if guarded
        else members
    )
    peer = (NetworkPolicyPeer(pod_selector=everybody),)
    world = () if name in application.closed_networks else (NetworkPolicyEgressRule(),)
    yield _policy(
        label(f"network-{name}"),
        application,
        members,
        ingress=(NetworkPolicyIngressRule(from_=peer),),
        egress=(NetworkPolicyEgressRule(to=peer), *world),
    )
    if guarded:
        yield _policy(
            label(f"network-{name}-guarded"),
            application,
            LabelSelector(match_labels={_key(name): _GUARDED}),
            egress=(NetworkPolicyEgressRule(to=peer),),
        )


def _of_guarded(part: Workload | Task, context: Context) -> NetworkPolicy:
    """Return who reaches ``part``: its replicas on every port, the others where it listens."""
    application = context.application
    own = LabelSelector(match_labels=selector_labels(application, part))
    ports = tuple(
        NetworkPolicyPort(protocol=protocol(endpoint) or "TCP", port=endpoint.port)
        for endpoint in listening(part)
    )
    return _policy(
        label(f"{part.name}-from-its-users"),
        application,
        own,
        ingress=(
            NetworkPolicyIngressRule(from_=(NetworkPolicyPeer(pod_selector=own),)),
            NetworkPolicyIngressRule(from_=_users(part, context), ports=ports),
        ),
        egress=() if part.stays_inside or not _has_way_out(part, application) else _WORLD,
    )


def _users(part: Workload | Task, context: Context) -> tuple[NetworkPolicyPeer, ...]:
    """Return the pods that may reach ``part``: those that share a network and have to."""
    found = [
        other
        for name in part.reached_by or ()
        if (other := context.parts.get(name)) is not None
        and set(other.networks) & set(part.networks)
    ]
    names = tuple(dict.fromkeys(other.name for other in found))
    selector = LabelSelector(
        match_labels={INSTANCE: context.application.name},
        match_expressions=(LabelSelectorRequirement(key=NAME, operator="In", values=names),),
    )
    return (NetworkPolicyPeer(pod_selector=selector),)


def _has_way_out(part: Workload | Task, application: Application) -> bool:
    return bool(set(part.networks) - application.closed_networks)


_WORLD = (NetworkPolicyEgressRule(),)


def _of_part(part: Workload | Task, context: Context, *, asks_api: bool) -> Iterator[NetworkPolicy]:
    application = context.application
    own = LabelSelector(match_labels=selector_labels(application, part))
    reached = _reached_from_outside(part, context.ingress_namespace)
    if reached:
        yield _policy(label(f"{part.name}-from-outside"), application, own, ingress=reached)
    metrics = tuple(_port(endpoint) for endpoint in listening(part) if endpoint.name in _OF_METRICS)
    if metrics and context.metrics_namespace is not None:
        rule = NetworkPolicyIngressRule(from_=_pods_of(context.metrics_namespace), ports=metrics)
        yield _policy(label(f"{part.name}-metrics"), application, own, ingress=(rule,))
    if asks_api:
        yield _policy(
            label(f"{part.name}-asks-api"),
            application,
            own,
            egress=(NetworkPolicyEgressRule(ports=_API),),
        )


_OF_METRICS = frozenset({"metrics", "prometheus", "prom"})
"""What ports are called at which metrics are gathered."""


def _reached_from_outside(
    part: Workload | Task, ingress_namespace: str | None
) -> tuple[NetworkPolicyIngressRule, ...]:
    """Return who outside of the stack reaches ``part``, and on which ports."""
    by_http = {one.port for one in part.exposures}
    by_tcp = {one.port for one in part.tcp_exposures}
    from_controller: list[NetworkPolicyPort] = []
    from_anywhere: list[NetworkPolicyPort] = []
    for endpoint in listening(part):
        is_tcp = endpoint.protocol is Protocol.TCP
        is_published = any(not publication.private for publication in endpoint.publications)
        if is_tcp and endpoint.port in by_http and endpoint.port not in by_tcp:
            (from_controller if ingress_namespace else from_anywhere).append(_port(endpoint))
        elif (is_tcp and endpoint.port in by_tcp) or is_published:
            from_anywhere.append(_port(endpoint))
    rules: list[NetworkPolicyIngressRule] = []
    if from_anywhere:
        rules.append(NetworkPolicyIngressRule(ports=tuple(from_anywhere)))
    if from_controller and ingress_namespace is not None:
        peers = _pods_of(ingress_namespace)
        rules.append(NetworkPolicyIngressRule(from_=peers, ports=tuple(from_controller)))
    return tuple(rules)


def _port(endpoint: Endpoint) -> NetworkPolicyPort:
    return NetworkPolicyPort(protocol=protocol(endpoint) or "TCP", port=endpoint.port)


def _pods_of(namespace: str) -> tuple[NetworkPolicyPeer, ...]:
    """Return all pods of ``namespace``, by the label that every namespace has since 1.22."""
    named = LabelSelector(match_labels={"kubernetes.io/metadata.name": namespace})
    return (NetworkPolicyPeer(namespace_selector=named),)


def _policy(
    name: str,
    application: Application,
    pods: LabelSelector,
    *,
    ingress: tuple[NetworkPolicyIngressRule, ...] = (),
    egress: tuple[NetworkPolicyEgressRule, ...] = (),
    types: tuple[str, ...] = (),
) -> NetworkPolicy:
    named = types or (
        *(("Ingress",) if ingress else ()),
        *(("Egress",) if egress else ()),
    )
    return NetworkPolicy(
        metadata=metadata(name, application),
        spec=NetworkPolicySpec(
            pod_selector=pods, policy_types=named, ingress=ingress, egress=egress
        ),
    )
