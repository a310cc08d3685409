"""
In which order objects go: what each waits for, and how far that must have come.

There are no waves: an object starts when its own parents are far enough.  What an object names
(Secret, ServiceAccount, claim ...) has to exist; what a workload declares to depend on has to be
started, ready or completed; what leads traffic from outside, or scales, comes once the workload
behind it is ready.  A claim is never waited for: its volume may be made for the first pod only.

Sources: deployments go as Compose means them, https://docs.docker.com/compose/how-tos/startup-order/;
hooks of https://helm.sh/docs/topics/charts_hooks/ in charts that were rendered.
"""

import graphlib
from collections.abc import Iterable, Iterator
from enum import IntEnum

import msgspec

from mooring.deploy import hooks
from mooring.errors import InputError
from mooring.kube.labels import DEPENDS_ON, NAME
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, references, selection, views
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item, ManifestSet

_ROUTES = frozenset({"HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute"})
_GATEWAYS = "gateway.networking.k8s.io"
_WEBHOOKS = frozenset({"MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"})
_BINDING = GroupKind("rbac.authorization.k8s.io", "RoleBinding")
_CLUSTER_BINDING = GroupKind("rbac.authorization.k8s.io", "ClusterRoleBinding")
_FIRST_IN_NAMESPACE = (kinds.RESOURCE_QUOTA, kinds.LIMIT_RANGE)


class Gate(IntEnum):
    """How far a parent must have come; each includes those before it."""

    EXISTS = 1
    STARTED = 2
    READY = 3


CONDITIONS = {"started": Gate.STARTED, "healthy": Gate.READY, "completed": Gate.READY}
"""The words of the annotation `DEPENDS_ON`; a Job is ready when it has completed."""


class DependencyCycle(InputError):
    """Objects wait for one another in a circle."""

    def __init__(self, path: Iterable[ObjectRef]) -> None:
        self.path = tuple(path)
        told = " -> ".join(str(ref) for ref in self.path)
        super().__init__(
            f"these objects wait for one another: {told}",
            remedy="take one of the references, or one depends_on, out of the circle",
        )


class Graph(msgspec.Struct, frozen=True):
    """
    The parents of each object with the gate of each, in the order in which objects can go.

    ``declared`` are the parents that a workload itself says it depends on.
    """

    parents: dict[ObjectRef, dict[ObjectRef, Gate]]
    declared: dict[ObjectRef, tuple[ObjectRef, ...]]

    def children(self) -> dict[ObjectRef, tuple[ObjectRef, ...]]:
        """Return who waits for each object."""
        found: dict[ObjectRef, list[ObjectRef]] = {ref: [] for ref in self.parents}
        for ref, parents in self.parents.items():
            for parent in parents:
                found[parent].append(ref)
        return {ref: tuple(waiting) for ref, waiting in found.items()}


def order(objects: ManifestSet) -> Graph:
    """
    Return who waits for whom among ``objects``.

    Raises:
        DependencyCycle: with the path of the circle.
    """
    edges = _Edges(objects)
    edges.find()
    parents = edges.parents
    sorter = graphlib.TopologicalSorter({ref: tuple(found) for ref, found in parents.items()})
    try:
        sequence = tuple(sorter.static_order())
    except graphlib.CycleError as error:
        # graphlib names each before the one that waits for it.
        raise DependencyCycle(reversed(error.args[1])) from error
    # By rank first: what everything else stands on goes out before what takes long.
    place = {ref: number for number, ref in enumerate(sequence)}
    ordered = sorted(parents, key=place.__getitem__)
    return Graph({ref: parents[ref] for ref in ordered}, edges.declared)


class _Edges:
    """Gathers the edges of one set."""

    def __init__(self, objects: ManifestSet) -> None:
        self._objects = objects
        self._selections = selection.Selections(objects)
        self.parents: dict[ObjectRef, dict[ObjectRef, Gate]] = {item.ref: {} for item in objects}
        self.declared: dict[ObjectRef, tuple[ObjectRef, ...]] = {}
        self._by_label: dict[tuple[str, str], list[ObjectRef]] = {}
        for template in objects.templates:
            item = objects.get(template.owner)
            if item is not None:
                names = {item.ref.name, item.labels.get(NAME) or item.ref.name}
                for name in names:
                    self._by_label.setdefault((item.namespace, name), []).append(item.ref)

    def find(self) -> None:
        """Find all edges."""
        self._namespaces_and_definitions()
        for item in self._objects:
            self._references(item)
        self._accounts()
        self._rules_before_pods()
        self._behind_services()
        self._declarations()
        self._hooks()

    def _add(self, child: ObjectRef, parent: ObjectRef, gate: Gate) -> None:
        if child != parent and parent in self.parents and child in self.parents:
            found = self.parents[child]
            found[parent] = max(gate, found.get(parent, gate))

    def _namespaces_and_definitions(self) -> None:
        namespaces = {item.ref.name: item.ref for item in self._objects.of_kind(kinds.NAMESPACE)}
        defined: dict[GroupKind, ObjectRef] = {}
        for item in self._objects.of_kind(kinds.DEFINITION):
            group = fields.text(item.spec.get("group")) or ""
            name = fields.text(fields.at(item.spec, "names", "kind")) or ""
            defined[GroupKind(group, name)] = item.ref
        for item in self._objects:
            if item.namespace in namespaces:
                self._add(item.ref, namespaces[item.namespace], Gate.READY)
            if item.kind in defined:
                self._add(item.ref, defined[item.kind], Gate.READY)

    def _references(self, item: Item) -> None:
        is_workload = item.ref in self._objects.template_of
        for reference in references.references(item):
            if reference.optional and not is_workload:
                continue  # Such as a volume that is kept for a claim: both name one another.
            kind = kinds.group_kind(reference.target.api_version, reference.target.kind)
            target = self._objects.find(kind, reference.target.name, reference.target.namespace)
            if target is None or target.ref == item.ref:
                continue
            waits_for_pods = item.kind.kind in _ROUTES | _WEBHOOKS or item.kind in (
                kinds.INGRESS,
                kinds.AUTOSCALER,
                GroupKind("apiregistration.k8s.io", "APIService"),
            )
            if waits_for_pods and target.kind == kinds.SERVICE:
                for template in self._selections.behind(views.Service(target)):
                    self._add(item.ref, template.owner, Gate.READY)
            scales = item.kind.kind in ("HorizontalPodAutoscaler", "ScaledObject")
            self._add(item.ref, target.ref, Gate.READY if scales else Gate.EXISTS)

    def _accounts(self) -> None:
        """A pod may use its account's rights as soon as it runs: the bindings come before it."""
        bindings: dict[tuple[str, str], list[ObjectRef]] = {}
        for item in self._objects.of_kind(_BINDING, _CLUSTER_BINDING):
            for _, subject in fields.mappings(item.manifest.get("subjects")):
                if subject.get("kind") == "ServiceAccount":
                    namespace = fields.text(subject.get("namespace")) or item.namespace
                    name = fields.text(subject.get("name")) or ""
                    bindings.setdefault((namespace, name), []).append(item.ref)
        for template in self._objects.templates:
            for binding in bindings.get((template.namespace, template.service_account), ()):
                self._add(template.owner, binding, Gate.EXISTS)

    def _rules_before_pods(self) -> None:
        """Quotas, limits and what polices a pod hold for the pods that come after them."""
        by_namespace: dict[str, list[ObjectRef]] = {}
        for item in self._objects.of_kind(*_FIRST_IN_NAMESPACE):
            by_namespace.setdefault(item.namespace, []).append(item.ref)
        for template in self._objects.templates:
            for rule in by_namespace.get(template.namespace, ()):
                self._add(template.owner, rule, Gate.EXISTS)
            for policy in self._selections.policed_by(template):
                self._add(template.owner, policy.ref, Gate.EXISTS)

    def _behind_services(self) -> None:
        """A workload is found by its Services' names from its first moment on."""
        for item in self._objects.of_kind(kinds.SERVICE):
            for template in self._selections.behind(views.Service(item)):
                self._add(template.owner, item.ref, Gate.EXISTS)
        for item in self._objects.of_kind(kinds.BUDGET):
            for template in self._selections.selected_by(item):
                self._add(item.ref, template.owner, Gate.EXISTS)

    def _declarations(self) -> None:
        for item in self._objects:
            said = item.annotations.get(DEPENDS_ON)
            if not said:
                continue
            declared: list[ObjectRef] = []
            for entry in said.split(","):
                name, _, condition = entry.strip().partition("=")
                gate = CONDITIONS.get(condition, Gate.READY)
                for ref in self._by_label.get((item.namespace, name), ()):
                    if ref != item.ref:
                        self._add(item.ref, ref, gate)
                        declared.append(ref)
            self.declared[item.ref] = tuple(declared)

    def _hooks(self) -> None:
        before: list[tuple[int, Item]] = []
        after: list[tuple[int, Item]] = []
        for item in self._objects:
            events = hooks.events(item.manifest)
            weight = _weight(item.annotations.get(hooks.WEIGHT, "0"))
            if events & hooks.BEFORE:
                before.append((weight, item))
            elif events & hooks.AFTER:
                after.append((weight, item))
        hooked = {item.ref for _, item in (*before, *after)}
        workloads = [
            template.owner for template in self._objects.templates if template.owner not in hooked
        ]
        for group in (before, after):
            for lighter, first in group:
                for heavier, second in group:
                    if lighter < heavier:
                        self._add(second.ref, first.ref, Gate.READY)
        for _, item in before:
            for ref in workloads:
                self._add(ref, item.ref, Gate.READY)
        for _, item in after:
            for ref in workloads:
                self._add(item.ref, ref, Gate.READY)


def _weight(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def reversed_order(graph: Graph) -> Iterator[ObjectRef]:
    """Yield the objects in the order in which they can be taken away."""
    yield from reversed(graph.parents)
