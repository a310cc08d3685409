"""
What somebody declared, of what a cluster holds.

A cluster holds more than it was given: the pods that a Deployment makes, the state of everything,
defaults and addresses that the API server fills in, and the objects by which it runs itself.  Rules
judge what was declared, so that a live object and the manifest that it was made of are judged
alike.

- What another object of the input controls was made by it and is left out; of pods whose maker is
  not in the input one stands for all.
- What is being deleted, and kinds that only controllers write, are left out.
- What belongs to the system itself stays in sight, because others refer to it, but is not judged.

Objects that no API server has seen (they have no ``uid``) stay as they are.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from mooring.facts import defaults, said
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind

SYSTEM_NAMESPACES: Final = frozenset({"kube-system", "kube-public", "kube-node-lease"})

RUN_TIME_KINDS: Final = frozenset(
    {
        GroupKind("", "Binding"),
        GroupKind("", "ComponentStatus"),
        GroupKind("", "Event"),
        GroupKind("apps", "ControllerRevision"),
        GroupKind("certificates.k8s.io", "CertificateSigningRequest"),
        GroupKind("coordination.k8s.io", "Lease"),
        GroupKind("coordination.k8s.io", "LeaseCandidate"),
        GroupKind("events.k8s.io", "Event"),
        GroupKind("flowcontrol.apiserver.k8s.io", "FlowSchema"),
        GroupKind("flowcontrol.apiserver.k8s.io", "PriorityLevelConfiguration"),
        GroupKind("internal.apiserver.k8s.io", "StorageVersion"),
        GroupKind("metrics.k8s.io", "NodeMetrics"),
        GroupKind("metrics.k8s.io", "PodMetrics"),
        GroupKind("networking.k8s.io", "IPAddress"),
        GroupKind("networking.k8s.io", "ServiceCIDR"),
        GroupKind("resource.k8s.io", "ResourceSlice"),
        GroupKind("storage.k8s.io", "CSINode"),
        GroupKind("storage.k8s.io", "CSIStorageCapacity"),
        GroupKind("storage.k8s.io", "VolumeAttachment"),
        GroupKind("cilium.io", "CiliumEndpoint"),
        GroupKind("cilium.io", "CiliumIdentity"),
        GroupKind("cilium.io", "CiliumNode"),
        GroupKind("crd.projectcalico.org", "BlockAffinity"),
        GroupKind("crd.projectcalico.org", "IPAMBlock"),
        GroupKind("crd.projectcalico.org", "IPAMHandle"),
    }
)
"""Kinds that only controllers and kubelets write, so that nobody declares anything with them."""

_ENDPOINTS: Final = frozenset(
    {GroupKind("", "Endpoints"), GroupKind("discovery.k8s.io", "EndpointSlice")}
)
_BY_CONTROLLER: Final = frozenset(
    {"endpoints.kubernetes.io/managed-by", "endpointslice.kubernetes.io/managed-by"}
)


class Declared(NamedTuple):
    """
    Which of some objects were declared, and as what.

    ``kept`` has the index of each object that counts and what was declared of it; ``background``
    are those among them that belong to the system; ``made`` counts those that controllers made and
    ``going`` those that are being deleted, of which ``held`` are those with a finalizer.
    """

    kept: tuple[tuple[int, dict[str, Any]], ...]
    background: frozenset[ObjectRef]
    made: int
    going: int
    held: tuple[Manifest, ...] = ()

    @property
    def manifests(self) -> tuple[dict[str, Any], ...]:
        """The objects that count."""
        return tuple(manifest for _, manifest in self.kept)


def is_live(item: Manifest) -> bool:
    """Return whether an API server has seen the object: it gave it a ``uid``."""
    return fields.text(fields.at(item, "metadata", "uid")) is not None


def declared(items: Iterable[Manifest]) -> Declared:
    """Return what was declared of ``items``, in their order."""
    every = list(items)
    known = {fields.at(item, "metadata", "uid") for item in every}
    kept: list[tuple[int, dict[str, Any]]] = []
    background: set[ObjectRef] = set()
    made = going = 0
    held: list[Manifest] = []
    stand_ins: set[str] = set()
    for index, item in enumerate(every):
        if not is_live(item):
            kept.append((index, dict(item)))
            continue
        if _is_run_time(item):
            continue
        if fields.at(item, "metadata", "deletionTimestamp"):
            going += 1
            if fields.at(item, "metadata", "finalizers") or fields.at(item, "spec", "finalizers"):
                held.append(item)
            continue
        controller = _controller(item)
        if controller is not None and (controller in known or controller in stand_ins):
            made += 1
            continue
        if controller is not None:
            stand_ins.add(controller)
        manifest = defaults.without_defaults(item)
        kept.append((index, manifest))
        if _is_of_the_system(item):
            background.add(_ref(manifest))
    return Declared(tuple(kept), frozenset(background), made, going, tuple(held))


def _controller(item: Manifest) -> str | None:
    for _, owner in fields.mappings(fields.at(item, "metadata", "ownerReferences")):
        if owner.get("controller") is True:
            return str(owner.get("uid"))
    return None


def _is_run_time(item: Manifest) -> bool:
    kind = _kind(item)
    if kind in RUN_TIME_KINDS:
        return True
    name = fields.at(item, "metadata", "name")
    if kind == kinds.CONFIG_MAP:
        return name in ("kube-root-ca.crt", "openshift-service-ca.crt")
    if kind == kinds.SECRET:
        return item.get("type") == "helm.sh/release.v1"
    if kind in _ENDPOINTS:
        labels = fields.labels(fields.at(item, "metadata", "labels"))
        return said.is_made_by_cluster(item) or not _BY_CONTROLLER.isdisjoint(labels)
    return False


def _is_of_the_system(item: Manifest) -> bool:
    metadata = fields.mapping(item.get("metadata"))
    name, labels = str(metadata.get("name")), fields.labels(metadata.get("labels"))
    if metadata.get("namespace") in SYSTEM_NAMESPACES:
        return True
    kind = _kind(item)
    if kind == kinds.NAMESPACE:
        return name in SYSTEM_NAMESPACES or name == "default"
    if kind == kinds.SERVICE_ACCOUNT:
        return name == "default"
    if kind == kinds.SERVICE:
        return name == "kubernetes" and metadata.get("namespace") == "default"
    if kind == kinds.SECRET:
        return item.get("type") == "kubernetes.io/service-account-token"
    if kind.group == "rbac.authorization.k8s.io":
        return "kubernetes.io/bootstrapping" in labels or name.startswith("system:")
    if kind == GroupKind("scheduling.k8s.io", "PriorityClass"):
        return name.startswith("system-")
    if kind == GroupKind("apiregistration.k8s.io", "APIService"):
        return "kube-aggregator.kubernetes.io/automanaged" in labels
    return kind in _OF_WHO_RUNS_IT


_OF_WHO_RUNS_IT: Final = frozenset(
    {
        GroupKind("", "Node"),
        GroupKind("storage.k8s.io", "StorageClass"),
        GroupKind("storage.k8s.io", "CSIDriver"),
        GroupKind("networking.k8s.io", "IngressClass"),
        GroupKind("apiextensions.k8s.io", "CustomResourceDefinition"),
    }
)
"""What whoever runs the cluster provides: others refer to it, and seldom can change it."""


def _kind(item: Manifest) -> GroupKind:
    return kinds.group_kind(str(item.get("apiVersion")), str(item.get("kind")))


def _ref(item: Manifest) -> ObjectRef:
    metadata = fields.mapping(item.get("metadata"))
    namespace = metadata.get("namespace")
    return ObjectRef(
        str(item.get("apiVersion")),
        str(item.get("kind")),
        str(metadata.get("name")),
        None if namespace is None else str(namespace),
    )
