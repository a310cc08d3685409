"""A pod: containers that share an address, volumes and a fate."""

import msgspec

from mooring.kube.objects.containers import Container
from mooring.kube.objects.meta import LocalObjectReference, Part, TemplateMeta
from mooring.kube.objects.scheduling import Affinity, Toleration, TopologySpreadConstraint
from mooring.kube.objects.security import PodSecurityContext
from mooring.kube.objects.volumes import Volume


class HostAlias(Part, frozen=True, kw_only=True, gc=False):
    """A line of /etc/hosts; ignored where the pod uses the node's network."""

    ip: str
    hostnames: tuple[str, ...]


class DNSOption(Part, frozen=True, kw_only=True, gc=False):
    """An option of resolv.conf."""

    name: str
    value: str | None = None


class PodDNSConfig(Part, frozen=True, kw_only=True, gc=False):
    """What is added to resolv.conf, or replaces it where ``dns_policy`` is None."""

    nameservers: tuple[str, ...] = ()
    searches: tuple[str, ...] = ()
    options: tuple[DNSOption, ...] = ()


class PodOS(Part, frozen=True, kw_only=True, gc=False):
    """The operating system of the pod's containers: linux or windows."""

    name: str


class PodSpec(Part, frozen=True, kw_only=True, gc=False):
    """What runs in a pod and how."""

    hostname: str | None = None
    subdomain: str | None = None
    set_hostname_as_fqdn: bool | None = msgspec.field(default=None, name="setHostnameAsFQDN")
    service_account_name: str | None = None
    automount_service_account_token: bool | None = None
    enable_service_links: bool | None = None
    image_pull_secrets: tuple[LocalObjectReference, ...] = ()
    priority_class_name: str | None = None
    runtime_class_name: str | None = None
    scheduler_name: str | None = None
    restart_policy: str | None = None
    termination_grace_period_seconds: int | None = None
    active_deadline_seconds: int | None = None
    host_network: bool | None = None
    host_pid: bool | None = msgspec.field(default=None, name="hostPID")
    host_ipc: bool | None = msgspec.field(default=None, name="hostIPC")
    host_users: bool | None = None
    share_process_namespace: bool | None = None
    host_aliases: tuple[HostAlias, ...] = ()
    dns_policy: str | None = None
    dns_config: PodDNSConfig | None = None
    os: PodOS | None = None
    node_name: str | None = None
    node_selector: dict[str, str] = {}
    affinity: Affinity | None = None
    tolerations: tuple[Toleration, ...] = ()
    topology_spread_constraints: tuple[TopologySpreadConstraint, ...] = ()
    security_context: PodSecurityContext | None = None
    init_containers: tuple[Container, ...] = ()
    containers: tuple[Container, ...]
    volumes: tuple[Volume, ...] = ()


class PodTemplate(Part, frozen=True, kw_only=True, gc=False):
    """The pods that a workload makes."""

    metadata: TemplateMeta | None = None
    spec: PodSpec
