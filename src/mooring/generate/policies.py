"""
Network policies for staging and production: the networks of the stack, kept apart again.

Everything is closed first.  Then each network opens what it opens in Compose: its members may
talk to one another, on any port.  A pod carries a label for each of its networks, so that a policy
per network says it all.  Names must resolve everywhere; what stands on a network with a way out
may reach the outside; what was published, or is exposed, may be reached from outside.

Policies add up and never subtract, so nothing here can cut what another policy opens.

Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
"""

from collections.abc import Iterator

from mooring.app.application import Application
from mooring.app.endpoints import NetworkAccess, Protocol
from mooring.app.workloads import Task, Workload
from mooring.generate.context import Context
from mooring.generate.identity import metadata, selector_labels
from mooring.generate.ports import listening, protocol
from mooring.kube.names import label
from mooring.kube.objects.meta import LabelSelector
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
_DNS = (NetworkPolicyPort(protocol="UDP", port=53), NetworkPolicyPort(protocol="TCP", port=53))
_API = (NetworkPolicyPort(protocol="TCP", port=443), NetworkPolicyPort(protocol="TCP", port=6443))


def keeps_networks_apart(context: Context) -> bool:
    """Tell whether the environment gets policies: staging and production do."""
    return context.is_strict


def network_labels(part: Workload | Task) -> dict[str, str]:
    """Return the labels that tell on which networks the pods of ``part`` stand."""
    return {f"network.mooring.dev/{label(name)}": _MEMBER for name in part.networks}


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
        members = LabelSelector(match_labels={f"network.mooring.dev/{label(name)}": _MEMBER})
        peer = (NetworkPolicyPeer(pod_selector=members),)
        world = () if name in application.closed_networks else (NetworkPolicyEgressRule(),)
        yield _policy(
            label(f"network-{name}"),
            application,
            members,
            ingress=(NetworkPolicyIngressRule(from_=peer),),
            egress=(NetworkPolicyEgressRule(to=peer), *world),
        )
    if application.outside:
        from mooring.generate import outside

        yield from outside.policies(application, _MEMBER)
    for part in parts:
        yield from _of_part(part, application, asks_api=part.name in waiting)


def _of_part(
    part: Workload | Task, application: Application, *, asks_api: bool
) -> Iterator[NetworkPolicy]:
    own = LabelSelector(match_labels=selector_labels(application, part))
    exposed = {one.port for one in part.exposures} | {one.port for one in part.tcp_exposures}
    reached = tuple(
        NetworkPolicyPort(protocol=protocol(endpoint) or "TCP", port=endpoint.port)
        for endpoint in listening(part)
        if (endpoint.port in exposed and endpoint.protocol is Protocol.TCP)
        or any(not publication.private for publication in endpoint.publications)
    )
    if reached:
        yield _policy(
            label(f"{part.name}-from-outside"),
            application,
            own,
            ingress=(NetworkPolicyIngressRule(ports=reached),),
        )
    if asks_api:
        yield _policy(
            label(f"{part.name}-asks-api"),
            application,
            own,
            egress=(NetworkPolicyEgressRule(ports=_API),),
        )


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
