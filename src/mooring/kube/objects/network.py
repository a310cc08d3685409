"""Names, addresses and doors: Services, Ingresses, NetworkPolicies."""

from typing import ClassVar

import msgspec

from mooring.kube.objects.meta import IntOrString, KubeObject, LabelSelector, Part


class ServicePort(Part, frozen=True, kw_only=True, gc=False):
    """
    A port of a Service; ``name`` is required where there are several.

    A port is unique by protocol and number.
    """

    name: str | None = None
    port: int
    target_port: IntOrString | None = None
    protocol: str | None = None
    app_protocol: str | None = None
    node_port: int | None = None


class ClientIPConfig(Part, frozen=True, kw_only=True, gc=False):
    """How long a client keeps its pod, in seconds."""

    timeout_seconds: int | None = None


class SessionAffinityConfig(Part, frozen=True, kw_only=True, gc=False):
    """Settings of ``session_affinity="ClientIP"``."""

    client_ip: ClientIPConfig | None = msgspec.field(default=None, name="clientIP")


class ServiceSpec(Part, frozen=True, kw_only=True, gc=False):
    """``cluster_ip="None"`` (the text) is a headless Service, which needs no ports."""

    type: str | None = None
    cluster_ip: str | None = msgspec.field(default=None, name="clusterIP")
    external_name: str | None = None
    external_ips: tuple[str, ...] = msgspec.field(default=(), name="externalIPs")
    load_balancer_class: str | None = None
    load_balancer_source_ranges: tuple[str, ...] = ()
    external_traffic_policy: str | None = None
    internal_traffic_policy: str | None = None
    ip_family_policy: str | None = None
    ip_families: tuple[str, ...] = ()
    session_affinity: str | None = None
    session_affinity_config: SessionAffinityConfig | None = None
    publish_not_ready_addresses: bool | None = None
    selector: dict[str, str] = {}
    ports: tuple[ServicePort, ...] = ()


class Service(KubeObject, frozen=True, kw_only=True, gc=False):
    """A name in the cluster's DNS, and mostly an address, for the pods that it selects."""

    api_version: ClassVar[str] = "v1"
    kind: ClassVar[str] = "Service"

    spec: ServiceSpec


class AddressedEndpoint(Part, frozen=True, kw_only=True, gc=False):
    """Addresses of one thing that answers."""

    addresses: tuple[str, ...]


class EndpointPort(Part, frozen=True, kw_only=True, gc=False):
    """A port on which all endpoints of a slice answer, called as in the Service."""

    name: str | None = None
    port: int
    protocol: str | None = None


class EndpointSlice(KubeObject, frozen=True, kw_only=True, gc=False):
    """What answers behind a Service that selects no pods; ``address_type`` is IPv4 or IPv6."""

    api_version: ClassVar[str] = "discovery.k8s.io/v1"
    kind: ClassVar[str] = "EndpointSlice"

    address_type: str
    endpoints: tuple[AddressedEndpoint, ...]
    ports: tuple[EndpointPort, ...] = ()


class ServiceBackendPort(Part, frozen=True, kw_only=True, gc=False):
    """A port of a Service, by name or by number."""

    name: str | None = None
    number: int | None = None


class IngressServiceBackend(Part, frozen=True, kw_only=True, gc=False):
    """The Service that answers."""

    name: str
    port: ServiceBackendPort


class IngressBackend(Part, frozen=True, kw_only=True, gc=False):
    """Who answers."""

    service: IngressServiceBackend


class HTTPIngressPath(Part, frozen=True, kw_only=True, gc=False):
    """``path_type`` is Prefix, Exact or ImplementationSpecific."""

    path: str | None = None
    path_type: str
    backend: IngressBackend


class HTTPIngressRuleValue(Part, frozen=True, kw_only=True, gc=False):
    """The paths of a host."""

    paths: tuple[HTTPIngressPath, ...]


class IngressRule(Part, frozen=True, kw_only=True, gc=False):
    """A host; None is every host."""

    host: str | None = None
    http: HTTPIngressRuleValue | None = None


class IngressTLS(Part, frozen=True, kw_only=True, gc=False):
    """The certificate of hosts, from a Secret of type kubernetes.io/tls."""

    hosts: tuple[str, ...] = ()
    secret_name: str | None = None


class IngressSpec(Part, frozen=True, kw_only=True, gc=False):
    """HTTP from outside to Services."""

    ingress_class_name: str | None = None
    default_backend: IngressBackend | None = None
    tls: tuple[IngressTLS, ...] = ()
    rules: tuple[IngressRule, ...] = ()


class Ingress(KubeObject, frozen=True, kw_only=True, gc=False):
    """HTTP from outside to Services."""

    api_version: ClassVar[str] = "networking.k8s.io/v1"
    kind: ClassVar[str] = "Ingress"

    spec: IngressSpec


class IPBlock(Part, frozen=True, kw_only=True, gc=False):
    """Addresses, less some."""

    cidr: str
    except_: tuple[str, ...] = msgspec.field(default=(), name="except")


class NetworkPolicyPeer(Part, frozen=True, kw_only=True, gc=False):
    """
    Pods, namespaces (both together: pods in those namespaces) or addresses.

    An empty ``LabelSelector()`` means all; None means that the peer is not told by it.
    """

    pod_selector: LabelSelector | None = None
    namespace_selector: LabelSelector | None = None
    ip_block: IPBlock | None = None


class NetworkPolicyPort(Part, frozen=True, kw_only=True, gc=False):
    """A port of the pod itself; None is every port of the protocol."""

    protocol: str | None = None
    port: IntOrString | None = None
    end_port: int | None = None


class NetworkPolicyIngressRule(Part, frozen=True, kw_only=True, gc=False):
    """Who may enter by which ports; no peers mean everybody, no ports mean all of them."""

    from_: tuple[NetworkPolicyPeer, ...] = msgspec.field(default=(), name="from")
    ports: tuple[NetworkPolicyPort, ...] = ()


class NetworkPolicyEgressRule(Part, frozen=True, kw_only=True, gc=False):
    """Where pods may go by which ports; no peers mean everywhere, no ports mean all of them."""

    to: tuple[NetworkPolicyPeer, ...] = ()
    ports: tuple[NetworkPolicyPort, ...] = ()


class NetworkPolicySpec(Part, frozen=True, kw_only=True, gc=False):
    """
    ``pod_selector`` is always written: empty, it selects all pods of the namespace.

    A direction named in ``policy_types`` without rules is closed.
    """

    pod_selector: LabelSelector
    policy_types: tuple[str, ...]
    ingress: tuple[NetworkPolicyIngressRule, ...] = ()
    egress: tuple[NetworkPolicyEgressRule, ...] = ()


class NetworkPolicy(KubeObject, frozen=True, kw_only=True, gc=False):
    """Who may talk to the selected pods; policies add up."""

    api_version: ClassVar[str] = "networking.k8s.io/v1"
    kind: ClassVar[str] = "NetworkPolicy"

    spec: NetworkPolicySpec
