"""
What all objects of an environment ask for together: pods, cores, memory, storage.

The sum is what somebody has to pay for, and the first thing to hold against a cluster or a quota.
It stands for three moments: at rest; while an update of everything rolls, which adds pods; and at
the most, with all autoscalers at their top and all tasks running.  Whether it *fits* is another
question, which a sum cannot answer: see `placement`.
"""

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, limits, pod_resources, rollout
from mooring.semantics.limits import Limit
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pod_resources import CPU, MEMORY
from mooring.semantics.rollout import Load, PodCount
from mooring.semantics.selection import Selections
from mooring.semantics.views import Claim


class Amounts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Pods, and what they ask for together in base units: cores of cpu, bytes of memory."""

    pods: int
    requests: dict[str, Decimal]
    limits: dict[str, Decimal]


class Line(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    What one workload adds.

    ``requests`` and ``limits`` are those of one pod; ``storage`` is the bytes that claims made
    for its replicas ask for, all together.  ``unlimited`` tells that a container has no memory
    limit, so that ``limits`` of memory say too little.
    """

    ref: ObjectRef
    count: PodCount
    requests: dict[str, Decimal]
    limits: dict[str, Decimal]
    storage: Decimal
    unlimited: bool


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """The sums, and the line of each workload in the order of the set."""

    lines: tuple[Line, ...]
    claims: int
    storage: Decimal

    def under(self, load: Load) -> Amounts:
        """Return what is asked for at the moment that ``load`` names."""
        counted = [(line, line.count.under(load)) for line in self.lines]
        return Amounts(
            pods=sum(count for _, count in counted),
            requests=_sum((line.requests, count) for line, count in counted),
            limits=_sum((line.limits, count) for line, count in counted),
        )

    @property
    def unlimited(self) -> tuple[ObjectRef, ...]:
        """The workloads with a container that has no memory limit."""
        return tuple(line.ref for line in self.lines if line.unlimited)


def totals(objects: ManifestSet, *, nodes: int = 1) -> Totals:
    """
    Return what the objects of the set ask for; ``nodes`` is how many a DaemonSet is for.

    What LimitRanges of the set give to containers that say nothing is counted.
    """
    selections = Selections(objects)
    bounds: dict[str, tuple[Limit, ...]] = {}
    lines = []
    claims, storage = 0, _ZERO
    for item in objects.of_kind(kinds.CLAIM):
        claims += 1
        storage += Claim(item.spec).size or _ZERO
    for pod in objects.templates:
        if pod.namespace not in bounds:
            bounds[pod.namespace] = limits.of_namespace(objects, pod.namespace)
        containers = limits.defaulted(pod_resources.of_containers(pod), bounds[pod.namespace])
        more = pod_resources.overhead(pod, objects)
        asked = pod_resources.of_pod(pod, containers, overhead=more)
        count = rollout.pod_count(pod, selections.autoscaler_of.get(pod.owner), nodes=nodes)
        own = [
            Claim(fields.mapping(claim.get("spec"))).size or _ZERO
            for _, claim in pod.claim_templates
        ]
        lines.append(
            Line(
                ref=pod.owner,
                count=count,
                requests=_shown(asked.requests),
                limits=_shown(asked.limits),
                storage=sum(own, _ZERO) * count.resting,
                unlimited=not pod_resources.of_whole(pod).limits.get(MEMORY)
                and any(MEMORY not in each.resources.limits for each in containers),
            )
        )
        claims += len(own) * count.resting
        storage += lines[-1].storage
    return Totals(lines=tuple(lines), claims=claims, storage=storage)


_ZERO = Decimal(0)


def _shown(amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return cpu and memory first, then the rest by name."""
    names = sorted(amounts, key=lambda name: (name not in (CPU, MEMORY), name))
    return {name: amounts[name] for name in names}


def _sum(parts: Iterable[tuple[dict[str, Decimal], int]]) -> dict[str, Decimal]:
    return fields.added(
        {name: size * count for name, size in amounts.items()} for amounts, count in parts if count
    )
