"""
The ends of a connection: pods as network policies see them, and addresses outside.
"""

from collections.abc import Mapping

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import addresses
from mooring.semantics.addresses import Range
from mooring.semantics.pods import PodTemplate


class Endpoint(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    Pods that are alike to every policy: those of one workload.

    Two pods of a workload are two pods; only a bare Pod is always itself, and nothing keeps a pod
    from itself.  ``ports`` are the numbers of the named ports, by name and protocol.
    """

    ref: ObjectRef
    labels: Mapping[str, str]
    ports: Mapping[tuple[str, str], int] = {}
    declared: tuple[tuple[int, str], ...] = ()
    """The declared ports: number and protocol, in order, each once."""
    host_network: bool = False

    @property
    def namespace(self) -> str:
        """The namespace of the pods."""
        return self.ref.namespace or ""


class Addresses(msgspec.Struct, frozen=True, gc=False):
    """Somebody outside the cluster, who may have any of these addresses."""

    ranges: tuple[Range, ...]


INTERNET = Addresses(addresses.PUBLIC)
"""Anybody at a public address."""


def endpoint(template: PodTemplate) -> Endpoint:
    """Return the pods of a template as the network sees them."""
    declared = [port for each in template.serving_containers for port in each.ports]
    ports: dict[tuple[str, str], int] = {}
    for port in declared:
        if port.name is not None:
            ports.setdefault((port.name, port.protocol), port.number)
    return Endpoint(
        ref=template.owner,
        labels=template.labels,
        ports=ports,
        declared=tuple(dict.fromkeys((port.number, port.protocol) for port in declared)),
        host_network=template.host_network,
    )


def stand_in(
    name: str,
    namespace: str,
    labels: Mapping[str, str],
    ports: Mapping[tuple[str, str], int] = {},
) -> Endpoint:
    """Return pods that are not in the set: an ingress controller, a scraper, the DNS server."""
    ref = ObjectRef("apps/v1", "Deployment", name, namespace)
    declared = tuple((number, protocol) for (_, protocol), number in ports.items())
    return Endpoint(ref=ref, labels=labels, ports=ports, declared=declared)


def likeness(pods: Endpoint | Addresses) -> object:
    """Return what is equal for pods, or addresses, that no policy can tell apart."""
    if isinstance(pods, Addresses):
        return pods
    return (
        pods.namespace,
        frozenset(pods.labels.items()),
        frozenset(pods.ports.items()),
        pods.host_network,
    )
