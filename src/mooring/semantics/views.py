"""
Views of the objects that pods live among: Services, namespaces, claims, data, quotas.

Each reads an `objects.Item` with the defaults of the API server and holds nothing of its own.

Source: https://kubernetes.io/docs/reference/kubernetes-api/
"""

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import Item, ManifestSet
from mooring.semantics.pods import DEFAULT_PROTOCOL

NAMESPACE_NAME_LABEL = "kubernetes.io/metadata.name"
"""The label by which the API server lets every namespace be selected by its name."""


class ServicePort(msgspec.Struct, frozen=True, gc=False):
    """A port of a Service, and the port of the pods behind it; ``path`` is its place."""

    path: str
    number: int
    name: str | None
    protocol: str
    target: int | str
    node_port: int | None


class Service(msgspec.Struct, frozen=True, gc=False):
    """A Service."""

    item: Item

    @property
    def type(self) -> str:
        """ClusterIP, NodePort, LoadBalancer or ExternalName."""
        return fields.text(self.item.spec.get("type")) or "ClusterIP"

    @property
    def is_headless(self) -> bool:
        """Whether its name stands for the pods' own addresses, so its port numbers are theirs."""
        return self.item.spec.get("clusterIP") == "None"

    @property
    def external_name(self) -> str | None:
        """The name for which an ExternalName Service is an alias."""
        spec = self.item.spec
        return fields.text(spec.get("externalName")) if self.type == "ExternalName" else None

    @property
    def selector(self) -> Mapping[str, str]:
        """What its pods carry; empty where somebody else keeps its endpoints, or none has any."""
        if self.type == "ExternalName":
            return {}
        return fields.labels(self.item.spec.get("selector"))

    @property
    def ports(self) -> tuple[ServicePort, ...]:
        """The ports in order; an absent ``targetPort`` is the port itself."""
        found = []
        for index, port in fields.mappings(self.item.spec.get("ports")):
            number = fields.integer(port.get("port"))
            if number is None:
                continue
            target = port.get("targetPort")
            named = fields.text(target)
            found.append(
                ServicePort(
                    f"spec.ports[{index}]",
                    number,
                    fields.text(port.get("name")),
                    fields.text(port.get("protocol")) or DEFAULT_PROTOCOL,
                    named or fields.integer(target) or number,
                    fields.integer(port.get("nodePort")) or None,
                )
            )
        return tuple(found)

    def port(self, wanted: int | str, protocol: str | None = None) -> ServicePort | None:
        """Return the port of that number or name, None where the Service has none."""
        for port in self.ports:
            if wanted in (port.number, port.name) and protocol in (None, port.protocol):
                return port
        return None


class Namespace(msgspec.Struct, frozen=True, gc=False):
    """A namespace; ``is_known`` is False where the set uses it and does not contain it."""

    name: str
    labels: Mapping[str, str]
    is_known: bool


def namespace(objects: ManifestSet, name: str) -> Namespace:
    """Return namespace ``name`` with its labels, among them the one that every namespace has."""
    found = objects.find(kinds.NAMESPACE, name)
    own = found.labels if found is not None else {}
    return Namespace(name, {**own, NAMESPACE_NAME_LABEL: name}, found is not None)


class Claim(msgspec.Struct, frozen=True, gc=False):
    """The spec of a PersistentVolumeClaim, on its own or in a template."""

    spec: Manifest

    @property
    def access_modes(self) -> tuple[str, ...]:
        """The modes as written: ReadWriteOnce, ReadOnlyMany, ReadWriteMany, ReadWriteOncePod."""
        return fields.texts(self.spec.get("accessModes"))

    @property
    def storage_class(self) -> str | None:
        """
        The class that is named; None asks for the cluster's default one.

        An empty text is an answer too: no class, only volumes made by hand.
        """
        named = self.spec.get("storageClassName")
        return named if isinstance(named, str) else None

    @property
    def size(self) -> Decimal | None:
        """The requested size in bytes."""
        return fields.amount(fields.at(self.spec, "resources", "requests", "storage"))


class Budget(msgspec.Struct, frozen=True, gc=False):
    """A PodDisruptionBudget."""

    item: Item

    @property
    def min_available(self) -> int | str | None:
        """How many pods, or what share ("50%"), must stay."""
        return _count_or_share(self.item.spec.get("minAvailable"))

    @property
    def max_unavailable(self) -> int | str | None:
        """How many pods, or what share, may go."""
        return _count_or_share(self.item.spec.get("maxUnavailable"))


class Autoscaler(msgspec.Struct, frozen=True, gc=False):
    """A HorizontalPodAutoscaler."""

    item: Item

    @property
    def target(self) -> tuple[str, str, str] | None:
        """The apiVersion, kind and name of what it scales."""
        written = fields.mapping(self.item.spec.get("scaleTargetRef"))
        kind, name = fields.text(written.get("kind")), fields.text(written.get("name"))
        if kind is None or name is None:
            return None
        return fields.text(written.get("apiVersion")) or "", kind, name

    @property
    def least(self) -> int:
        """The smallest number of pods."""
        written = fields.integer(self.item.spec.get("minReplicas"))
        return 1 if written is None else written

    @property
    def most(self) -> int | None:
        """The largest number of pods."""
        return fields.integer(self.item.spec.get("maxReplicas"))


def data_keys(item: Item) -> frozenset[str]:
    """
    Return the keys of a ConfigMap or Secret, however their values are written.

    Those of the token of a ServiceAccount are filled in by the cluster.
    """
    found: set[str] = set()
    for field in ("data", "binaryData", "stringData"):
        found.update(fields.mapping(item.manifest.get(field)))
    if item.manifest.get("type") == "kubernetes.io/service-account-token":
        found.update(_TOKEN_KEYS)
    return frozenset(found)


_TOKEN_KEYS = ("token", "ca.crt", "namespace")


def _count_or_share(value: object) -> int | str | None:
    whole = fields.integer(value)
    return whole if whole is not None else fields.text(value)
