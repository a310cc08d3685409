"""
Who selects whom: label selectors, and the kinds that select pods with them.

A selector without requirements selects everything, an absent one nothing; where a kind reads
these differently, its function here says so.  ``NotIn`` and ``DoesNotExist`` hold where the label
is missing.  A requirement that the API server refuses (an unknown operator, ``In`` without
values) selects nothing.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Generic, TypeVar

import msgspec

from mooring.kube.labels import POD_NAME
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item, ManifestSet
from mooring.semantics.pods import PodTemplate
from mooring.semantics.views import Autoscaler, Service

T = TypeVar("T")
Pair = tuple[str, str]


class Requirement(msgspec.Struct, frozen=True, gc=False):
    """One expression of a selector; ``operator`` as in a LabelSelector."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    @property
    def is_valid(self) -> bool:
        """Whether the API server would accept it."""
        if self.operator in ("In", "NotIn"):
            return bool(self.values)
        return self.operator in ("Exists", "DoesNotExist") and not self.values

    def holds(self, labels: Mapping[str, str]) -> bool:
        """Return whether ``labels`` meet the requirement."""
        if self.operator == "In":
            return labels.get(self.key) in self.values
        if self.operator == "NotIn":
            return labels.get(self.key) not in self.values
        if self.operator == "Exists":
            return self.key in labels
        return self.operator == "DoesNotExist" and self.key not in labels


class Selector(msgspec.Struct, frozen=True, gc=False):
    """
    A selector, ready to be asked often.

    ``pairs`` are the labels that must have one certain value, whether they were written as
    ``matchLabels`` or as ``In`` with one value.
    """

    pairs: tuple[Pair, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    selects_nothing: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """The labels on which the answer depends."""
        named = (requirement.key for requirement in self.requirements)
        return frozenset((*(key for key, _ in self.pairs), *named))

    def on(self, key: str) -> "Selector":
        """Return what it demands of the label ``key`` alone."""
        return Selector(
            tuple(pair for pair in self.pairs if pair[0] == key),
            tuple(each for each in self.requirements if each.key == key),
        )

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Return whether an object with ``labels`` is selected."""
        if self.selects_nothing:
            return False
        for key, value in self.pairs:
            if labels.get(key) != value:
                return False
        return all(requirement.holds(labels) for requirement in self.requirements)


EVERYTHING = Selector()
NOTHING = Selector(selects_nothing=True)


def selector(written: object) -> Selector:
    """Return the selector that a LabelSelector means: absent selects nothing, empty everything."""
    if not isinstance(written, dict):
        return NOTHING
    pairs = dict(fields.labels(written.get("matchLabels")))
    requirements = []
    for _, expression in fields.mappings(written.get("matchExpressions")):
        requirement = Requirement(
            fields.text(expression.get("key")) or "",
            fields.text(expression.get("operator")) or "",
            frozenset(
                meant
                for value in fields.items(expression.get("values"))
                if (meant := fields.meant_text(value)) is not None
            ),
        )
        if not requirement.is_valid:
            return NOTHING
        if requirement.operator == "In" and len(requirement.values) == 1:
            (value,) = requirement.values
            if pairs.setdefault(requirement.key, value) != value:
                return NOTHING
        else:
            requirements.append(requirement)
    return Selector(tuple(pairs.items()), tuple(requirements))


def labels_selector(labels: Mapping[str, str]) -> Selector:
    """Return the selector of a plain map of labels (Service, ReplicationController, nodes)."""
    return Selector(tuple(labels.items()))


class SelectorIndex(Generic[T]):
    """
    Which of many selectors select given labels, without asking each.

    Built from (namespace, selector, what is found by it); answers keep that order.
    """

    def __init__(self, entries: Iterable[tuple[str, Selector, T]]) -> None:
        # Each selector lies under one label that it demands, the rarest, since generated manifests
        # share labels; those that demand none lie apart.
        self._by_pair: dict[str, dict[Pair, list[tuple[int, Selector, T]]]] = {}
        self._others: dict[str, list[tuple[int, Selector, T]]] = {}
        listed = list(entries)
        uses = Counter(
            (namespace, pair) for namespace, wanted, _ in listed for pair in wanted.pairs
        )
        for number, (namespace, wanted, found) in enumerate(listed):
            if wanted.pairs:
                _, pair = min((uses[namespace, pair], pair) for pair in wanted.pairs)
                under = self._by_pair.setdefault(namespace, {})
                under.setdefault(pair, []).append((number, wanted, found))
            elif not wanted.selects_nothing:
                self._others.setdefault(namespace, []).append((number, wanted, found))

    def selecting(self, namespace: str, labels: Mapping[str, str]) -> tuple[T, ...]:
        """Return what was entered with a selector that selects ``labels`` in ``namespace``."""
        candidates = list(self._others.get(namespace, ()))
        by_pair = self._by_pair.get(namespace)
        if by_pair:
            for pair in labels.items():
                candidates.extend(by_pair.get(pair, ()))
        hits = [entry for entry in candidates if entry[1].matches(labels)]
        hits.sort(key=lambda entry: entry[0])
        return tuple(found for _, _, found in hits)


class PodIndex:
    """Which pods a selector selects, without asking each."""

    def __init__(self, templates: Iterable[PodTemplate]) -> None:
        self._by_namespace: dict[str, list[PodTemplate]] = {}
        self._by_pair: dict[tuple[str, Pair], list[PodTemplate]] = {}
        for template in templates:
            namespace = template.namespace
            self._by_namespace.setdefault(namespace, []).append(template)
            for pair in template.labels.items():
                self._by_pair.setdefault((namespace, pair), []).append(template)

    def selected(self, namespace: str, wanted: Selector) -> tuple[PodTemplate, ...]:
        """Return the pods of ``namespace`` that ``wanted`` selects, in order."""
        candidates = self._by_namespace.get(namespace, [])
        for pair in wanted.pairs:
            having = self._by_pair.get((namespace, pair), [])
            if len(having) < len(candidates):
                candidates = having
        return tuple(each for each in candidates if wanted.matches(each.labels))


class Selections:
    """What selects what in a set of objects; each index is made when it is first asked for."""

    def __init__(self, objects: ManifestSet) -> None:
        self._objects = objects

    @cached_property
    def pods(self) -> PodIndex:
        """The pods of the set."""
        return PodIndex(self._objects.templates)

    def behind(self, service: Service) -> tuple[PodTemplate, ...]:
        """Return the pods that a Service leads to; a Service without a selector leads to none."""
        wanted = service.selector
        if not wanted:
            return ()
        written = labels_selector(_of_template(wanted))
        found = self.pods.selected(service.item.namespace, written)
        return tuple(each for each in found if _may_have_pod(each, wanted))

    def services_of(self, template: PodTemplate) -> tuple[Service, ...]:
        """Return the Services that lead to the pods, or to one of them."""
        found = self._services.selecting(template.namespace, template.labels)
        return tuple(each for each in found if _may_have_pod(template, each.selector))

    def policed_by(self, template: PodTemplate) -> tuple[Item, ...]:
        """Return the NetworkPolicies that select the pods."""
        return self._policies.selecting(template.namespace, template.labels)

    def budgeted_by(self, template: PodTemplate) -> tuple[Item, ...]:
        """Return the PodDisruptionBudgets that select the pods."""
        return self._budgets.selecting(template.namespace, template.labels)

    def selected_by(self, item: Item) -> tuple[PodTemplate, ...]:
        """Return the pods that ``item`` selects: a Service, policy, budget or workload."""
        if item.kind == kinds.SERVICE:
            return self.behind(Service(item))
        return self.pods.selected(item.namespace, selector_of(item))

    def target(self, autoscaler: Autoscaler) -> Item | None:
        """Return the object that an autoscaler scales, None where the set does not have it."""
        target = autoscaler.target
        if target is None:
            return None
        api_version, kind, name = target
        wanted = kinds.group_kind(api_version, kind)
        return self._objects.find(wanted, name, autoscaler.item.namespace)

    @cached_property
    def autoscaler_of(self) -> dict[ObjectRef, Autoscaler]:
        """The autoscaler of each object that has one; the first where there are several."""
        found: dict[ObjectRef, Autoscaler] = {}
        for item in self._objects.of_kind(kinds.AUTOSCALER):
            target = self.target(Autoscaler(item))
            if target is not None:
                found.setdefault(target.ref, Autoscaler(item))
        return found

    @cached_property
    def _services(self) -> SelectorIndex[Service]:
        services = [Service(item) for item in self._objects.of_kind(kinds.SERVICE)]
        return SelectorIndex(
            (each.item.namespace, labels_selector(_of_template(each.selector)), each)
            for each in services
            if each.selector
        )

    @cached_property
    def _policies(self) -> SelectorIndex[Item]:
        return SelectorIndex(_entries(self._objects.of_kind(kinds.NETWORK_POLICY)))

    @cached_property
    def _budgets(self) -> SelectorIndex[Item]:
        return SelectorIndex(_entries(self._objects.of_kind(kinds.BUDGET)))


def selector_of(item: Item) -> Selector:
    """
    Return by what ``item`` selects pods.

    A NetworkPolicy must have a ``podSelector``, and an absent one reads as empty: all pods.  A
    ReplicationController selects by a plain map, by default the labels of its template.  A Job
    gets a selector of its own from the API server, which selects nobody else's pods.
    """
    spec = item.spec
    if item.kind == kinds.NETWORK_POLICY:
        return selector(spec.get("podSelector") or {})
    if item.kind == kinds.REPLICATION_CONTROLLER:
        written = fields.labels(spec.get("selector"))
        template = fields.labels(fields.at(spec, "template", "metadata", "labels"))
        return labels_selector(written or template)
    if item.kind == kinds.SERVICE:
        wanted = Service(item).selector
        return labels_selector(wanted) if wanted else NOTHING
    return selector(spec.get("selector"))


def _of_template(wanted: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``wanted`` without the label that the controller of a StatefulSet gives each pod."""
    if POD_NAME not in wanted:
        return wanted
    return {key: value for key, value in wanted.items() if key != POD_NAME}


def _may_have_pod(template: PodTemplate, wanted: Mapping[str, str]) -> bool:
    """Tell whether one of the pods has the name that ``wanted`` demands, if it demands one."""
    name = wanted.get(POD_NAME)
    if name is None or template.labels.get(POD_NAME) == name:
        return True
    stem, _, ordinal = name.rpartition("-")
    if template.kind != kinds.STATEFUL_SET or template.owner.name != stem:
        return False
    first = fields.integer(fields.at(template.owner_spec, "ordinals", "start")) or 0
    replicas = fields.integer(template.owner_spec.get("replicas"))
    count = 1 if replicas is None else replicas
    return ordinal.isdecimal() and first <= int(ordinal) < first + count


def _entries(found: Iterator[Item]) -> Iterator[tuple[str, Selector, Item]]:
    for item in found:
        yield item.namespace, selector_of(item), item
