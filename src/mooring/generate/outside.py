"""
Services for what runs outside of the cluster: a name of the namespace that leads there.

A host is an alias in the cluster's DNS (ExternalName): TLS then checks the certificate against the
name that was dialled, which is the alias.  An address cannot be one, so it is written down as what
answers behind an ordinary Service, whose ports may then differ from those outside.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#externalname and
#services-without-selectors
"""

import ipaddress
from collections.abc import Iterator

from mooring.app.application import Application
from mooring.app.endpoints import Endpoint
from mooring.app.outside import Outside
from mooring.generate.ports import protocol
from mooring.kube.labels import ORIGIN, recommended
from mooring.kube.names import label
from mooring.kube.objects.meta import KubeObject, LabelSelector, ObjectMeta
from mooring.kube.objects.network import (
    AddressedEndpoint,
    EndpointPort,
    EndpointSlice,
    NetworkPolicy,
    NetworkPolicyEgressRule,
    NetworkPolicyPort,
    NetworkPolicySpec,
    Service,
    ServicePort,
    ServiceSpec,
)

_SLICE_OF = "kubernetes.io/service-name"


def services(application: Application, one: Outside) -> Iterator[KubeObject]:
    """Yield a Service for each name of ``one``, with its addresses where the host is one."""
    family = _family(one.host)
    for name in (one.name, *one.other_names):
        if family is None:
            yield Service(
                metadata=_metadata(name, application, one),
                spec=ServiceSpec(type="ExternalName", external_name=one.host),
            )
            continue
        ports = tuple((_port_name(each), each) for each in one.endpoints)
        yield Service(
            metadata=_metadata(name, application, one),
            spec=ServiceSpec(
                cluster_ip=None if ports else "None",
                ip_families=("IPv6",) if family == "IPv6" else (),
                ports=tuple(
                    ServicePort(name=called, port=each.port, protocol=protocol(each))
                    for called, each in ports
                ),
            ),
        )
        yield EndpointSlice(
            metadata=_metadata(name, application, one, of=name),
            address_type=family,
            endpoints=(AddressedEndpoint(addresses=(one.host,)),),
            ports=tuple(
                EndpointPort(name=called, port=one.port or each.port, protocol=protocol(each))
                for called, each in ports
            ),
        )


def policies(application: Application, member: str) -> Iterator[NetworkPolicy]:
    """
    Yield for each closed network what lets its pods out to what is outside.

    ``member`` is the value of the label that pods carry for each of their networks.  Networks with
    a way out need nothing.
    """
    for one in application.outside:
        ports = tuple(
            NetworkPolicyPort(protocol=protocol(each) or "TCP", port=one.port or each.port)
            for each in one.endpoints
        )
        for network in one.networks:
            if network in application.closed_networks:
                labels = {f"network.mooring.dev/{label(network)}": member}
                yield NetworkPolicy(
                    metadata=_metadata(label(f"{network}-to-{one.name}"), application, one),
                    spec=NetworkPolicySpec(
                        pod_selector=LabelSelector(match_labels=labels),
                        policy_types=("Egress",),
                        egress=(NetworkPolicyEgressRule(ports=ports),),
                    ),
                )


def _metadata(
    name: str, application: Application, one: Outside, *, of: str | None = None
) -> ObjectMeta:
    origin = {ORIGIN: one.position.short_from(application.folder)} if one.position else {}
    named = {_SLICE_OF: of} if of is not None else {}
    return ObjectMeta(
        name=name,
        labels={**named, **recommended(one.name, instance=application.name)},
        annotations=origin,
    )


def _family(host: str) -> str | None:
    """Return "IPv4" or "IPv6" for an address, None for a name."""
    try:
        return f"IPv{ipaddress.ip_address(host).version}"
    except ValueError:
        return None


def _port_name(endpoint: Endpoint) -> str:
    return f"{endpoint.protocol.value}-{endpoint.port}"
