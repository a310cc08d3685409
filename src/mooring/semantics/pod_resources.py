"""
What a pod asks of a node: requests and limits, as the scheduler and the quotas add them up.

An init container runs alone, so it counts where it asks for more than all that run together; a
sidecar counts with the main containers and with every init container after it.  What the pod
asks as a whole replaces the sum.  A limit without a request is a request of the same size.

Sources: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/,
https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers,
https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/,
https://kubernetes.io/docs/tasks/configure-pod-container/assign-pod-level-resources/,
https://kubernetes.io/docs/concepts/scheduling-eviction/pod-overhead/.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

import msgspec

from mooring.semantics import fields, kinds
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pods import Container, PodTemplate, Role

Amounts: TypeAlias = Mapping[str, Decimal]
"""Amounts in base units by name: cores of cpu, bytes of memory, pieces of the rest."""

CPU, MEMORY = "cpu", "memory"


class Resources(msgspec.Struct, frozen=True, gc=False):
    """Requests and limits; a name that is absent is not asked for, or not limited."""

    requests: dict[str, Decimal]
    limits: dict[str, Decimal]


class ContainerResources(msgspec.Struct, frozen=True, gc=False):
    """What one container asks for."""

    container: Container
    resources: Resources


class Quality(StrEnum):
    """The quality of service that follows from requests and limits."""

    GUARANTEED = "Guaranteed"
    BURSTABLE = "Burstable"
    BEST_EFFORT = "BestEffort"


def of_containers(pod: PodTemplate) -> tuple[ContainerResources, ...]:
    """Return what each container asks for, with requests where only a limit is written."""
    return tuple(
        ContainerResources(container, _written(container.raw.get("resources")))
        for container in pod.of_role(Role.INIT, Role.SIDECAR, Role.MAIN)
    )


def of_pod(
    pod: PodTemplate,
    containers: Iterable[ContainerResources] | None = None,
    *,
    overhead: Amounts | None = None,
) -> Resources:
    """
    Return what a pod asks for as a whole.

    ``containers`` are what its containers ask for after admission (`limits.defaulted`), by default
    what is written.  ``overhead`` is what its runtime class adds, by default what the pod says.
    """
    asked = of_containers(pod) if containers is None else tuple(containers)
    requests = _together([(each.container.role, each.resources.requests) for each in asked])
    limits = _together([(each.container.role, each.resources.limits) for each in asked])
    whole = of_whole(pod)
    requests |= whole.requests
    limits |= whole.limits
    more = fields.amounts(pod.spec.get("overhead")) if overhead is None else overhead
    for name, size in more.items():
        requests[name] = requests.get(name, _ZERO) + size
        if limits.get(name):
            limits[name] += size
    return Resources(requests, limits)


def of_whole(pod: PodTemplate) -> Resources:
    """
    Return what the pod asks for in its own ``resources``, with the defaults of the API server.

    Only cpu, memory and huge pages can be asked for so; the rest is left out.
    """
    written = fields.mapping(pod.spec.get("resources"))
    requests = _of_pods(fields.amounts(written.get("requests")))
    limits = _of_pods(fields.amounts(written.get("limits")))
    if limits:
        own = [(each.container.role, each.resources.requests) for each in of_containers(pod)]
        for name, size in _together(own).items():
            if name in (CPU, MEMORY):
                requests.setdefault(name, size)
        for name, size in limits.items():
            requests.setdefault(name, size)
    return Resources(requests, limits)


def overhead(pod: PodTemplate, objects: ManifestSet) -> dict[str, Decimal]:
    """Return what the pod's runtime adds: as the pod says, or its RuntimeClass in the set."""
    written = fields.amounts(pod.spec.get("overhead"))
    name = fields.text(pod.spec.get("runtimeClassName"))
    if written or name is None:
        return written
    found = objects.find(kinds.RUNTIME_CLASS, name)
    if found is None:
        return {}
    return fields.amounts(fields.at(found.manifest, "overhead", "podFixed"))


def quality(pod: PodTemplate, containers: Iterable[ContainerResources] | None = None) -> Quality:
    """
    Return the quality of service of a pod: which pods go first when a node runs short.

    Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
    """
    whole = of_whole(pod)
    if whole.requests or whole.limits:
        asked = [whole]
    else:
        each = of_containers(pod) if containers is None else containers
        asked = [entry.resources for entry in each]
    counted = [(_positive(each.requests), _positive(each.limits)) for each in asked]
    if not any(requests or limits for requests, limits in counted):
        return Quality.BEST_EFFORT
    guaranteed = all(
        limits.keys() == {CPU, MEMORY} and requests == limits for requests, limits in counted
    )
    return Quality.GUARANTEED if guaranteed else Quality.BURSTABLE


_ZERO = Decimal(0)


def _written(resources: object) -> Resources:
    written = fields.mapping(resources)
    limits = fields.amounts(written.get("limits"))
    return Resources({**limits, **fields.amounts(written.get("requests"))}, limits)


def _together(asked: Iterable[tuple[Role, Amounts]]) -> dict[str, Decimal]:
    """Return the most that is asked for at one time; ``asked`` is in the order of the start."""
    running, sidecars = [], []
    starting: dict[str, Decimal] = {}
    for role, amounts in asked:
        if role is Role.MAIN:
            running.append(amounts)
        elif role is Role.SIDECAR:
            running.append(amounts)
            sidecars.append(amounts)
        elif role is Role.INIT:
            starting = fields.largest(starting, fields.added([*sidecars, amounts]))
    return fields.largest(fields.added(running), starting)


def _of_pods(amounts: Amounts) -> dict[str, Decimal]:
    return {
        name: size
        for name, size in amounts.items()
        if name in (CPU, MEMORY) or name.startswith("hugepages-")
    }


def _positive(amounts: Amounts) -> dict[str, Decimal]:
    return {name: amounts[name] for name in (CPU, MEMORY) if amounts.get(name, _ZERO) > 0}
