"""
LimitRanges: what they give to containers that say nothing, and what they refuse.

A limit that nobody sets defaults to the maximum; a request to the default limit, and else to the
minimum.  A container that asks for more than the default limit, and sets no limit, ends up with a
request above its limit, which the API server refuses.

Source: https://kubernetes.io/docs/concepts/policy/limit-range/
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, pod_resources
from mooring.semantics.objects import Item, ManifestSet
from mooring.semantics.pod_resources import ContainerResources, Resources
from mooring.semantics.pods import PodTemplate
from mooring.semantics.views import Claim


class Limit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One entry of a LimitRange, for a ``type``: Container, Pod or PersistentVolumeClaim."""

    ref: ObjectRef
    path: str
    type: str
    least: dict[str, Decimal]
    most: dict[str, Decimal]
    default_request: dict[str, Decimal]
    default_limit: dict[str, Decimal]
    most_ratio: dict[str, Decimal]


class Constraint(StrEnum):
    """What is not kept."""

    LEAST = "min"
    MOST = "max"
    RATIO = "maxLimitRequestRatio"
    REQUEST_ABOVE_LIMIT = "request-above-limit"
    """No bound of a LimitRange by itself: a request above the limit that one gave."""


class Breach(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A bound that something does not keep.

    ``subject`` is the path of the container, pod or claim in its object; ``found`` the request,
    limit or ratio, None where there must be one and is none.
    """

    limit: Limit
    subject: str
    resource: str
    constraint: Constraint
    bound: Decimal
    found: Decimal | None


def limits(item: Item) -> tuple[Limit, ...]:
    """Return the entries of a LimitRange, with the defaults that follow from its bounds."""
    found = []
    for index, entry in fields.mappings(item.spec.get("limits")):
        least, most = fields.amounts(entry.get("min")), fields.amounts(entry.get("max"))
        default_limit = fields.amounts(entry.get("default"))
        default_request = fields.amounts(entry.get("defaultRequest"))
        kind = fields.text(entry.get("type")) or ""
        if kind == "Container":
            default_limit = {**most, **default_limit}
            default_request = {**least, **default_limit, **default_request}
        found.append(
            Limit(
                ref=item.ref,
                path=f"spec.limits[{index}]",
                type=kind,
                least=least,
                most=most,
                default_request=default_request,
                default_limit=default_limit,
                most_ratio=fields.amounts(entry.get("maxLimitRequestRatio")),
            )
        )
    return tuple(found)


def of_namespace(objects: ManifestSet, namespace: str) -> tuple[Limit, ...]:
    """Return the entries of all LimitRanges of a namespace, those of one after the other."""
    return tuple(
        limit for item in objects.of_kind_in(kinds.LIMIT_RANGE, namespace) for limit in limits(item)
    )


def defaulted(
    containers: Iterable[ContainerResources], bounds: Iterable[Limit]
) -> tuple[ContainerResources, ...]:
    """Return what containers ask for when LimitRanges have filled in what they leave open."""
    requests: dict[str, Decimal] = {}
    most: dict[str, Decimal] = {}
    for _, entries in groupby(bounds, key=lambda bound: bound.ref):
        own_requests: dict[str, Decimal] = {}
        own_most: dict[str, Decimal] = {}
        for bound in entries:
            if bound.type == "Container":
                own_requests |= bound.default_request
                own_most |= bound.default_limit
        # Of several LimitRanges the first wins; which is first is up to the API server.
        requests = {**own_requests, **requests}
        most = {**own_most, **most}
    return tuple(
        ContainerResources(
            each.container,
            Resources({**requests, **each.resources.requests}, {**most, **each.resources.limits}),
        )
        for each in containers
    )


def breaches(pod: PodTemplate, bounds: tuple[Limit, ...]) -> tuple[Breach, ...]:
    """Return what keeps the pods of a workload out of a namespace with these LimitRanges."""
    if not bounds:
        return ()
    containers = defaulted(pod_resources.of_containers(pod), bounds)
    found: list[Breach] = []
    for bound in bounds:
        if bound.type == "Container":
            for each in containers:
                found.extend(_breaches(bound, each.container.path, each.resources))
                found.extend(_inverted(bound, each))
        elif bound.type == "Pod":
            # The overhead of a runtime is not the pod's own and is not bounded.
            whole = pod_resources.of_pod(pod, containers, overhead={})
            path = fields.below(pod.path, "spec")
            found.extend(_breaches(bound, path, whole))
    return tuple(found)


def claim_breaches(claim: Claim, path: str, bounds: Iterable[Limit]) -> tuple[Breach, ...]:
    """Return what keeps a claim, at ``path`` of its object, out of a namespace."""
    size = claim.size
    found = []
    for bound in bounds:
        if bound.type != "PersistentVolumeClaim":
            continue
        for constraint, limit in (
            (Constraint.LEAST, bound.least.get("storage")),
            (Constraint.MOST, bound.most.get("storage")),
        ):
            if limit is None:
                continue
            below = constraint is Constraint.LEAST
            if size is None or (size < limit if below else size > limit):
                found.append(
                    Breach(
                        limit=bound,
                        subject=path,
                        resource="storage",
                        constraint=constraint,
                        bound=limit,
                        found=size,
                    )
                )
    return tuple(found)


def _breaches(bound: Limit, path: str, asked: Resources) -> Iterator[Breach]:
    def breach(
        resource: str, constraint: Constraint, limit: Decimal, found: Decimal | None
    ) -> Breach:
        return Breach(
            limit=bound,
            subject=path,
            resource=resource,
            constraint=constraint,
            bound=limit,
            found=found,
        )

    for resource, least in sorted(bound.least.items()):
        request, limit = asked.requests.get(resource), asked.limits.get(resource)
        if request is None or request < least:
            yield breach(resource, Constraint.LEAST, least, request)
        elif limit is not None and limit < least:
            yield breach(resource, Constraint.LEAST, least, limit)
    for resource, most in sorted(bound.most.items()):
        request, limit = asked.requests.get(resource), asked.limits.get(resource)
        if limit is None or limit > most:
            yield breach(resource, Constraint.MOST, most, limit)
        elif request is not None and request > most:
            yield breach(resource, Constraint.MOST, most, request)
    for resource, most in sorted(bound.most_ratio.items()):
        request, limit = asked.requests.get(resource), asked.limits.get(resource)
        if not request or not limit:
            yield breach(resource, Constraint.RATIO, most, None)
        elif limit > most * request:
            yield breach(resource, Constraint.RATIO, most, limit / request)


def _inverted(bound: Limit, asked: ContainerResources) -> Iterator[Breach]:
    """Yield requests above a limit that this entry gave to the container."""
    written = fields.amounts(fields.at(asked.container.raw, "resources", "limits"))
    for resource, limit in sorted(bound.default_limit.items()):
        request = asked.resources.requests.get(resource)
        if resource in written or asked.resources.limits.get(resource) != limit:
            continue
        if request is not None and request > limit:
            yield Breach(
                limit=bound,
                subject=asked.container.path,
                resource=resource,
                constraint=Constraint.REQUEST_ABOVE_LIMIT,
                bound=limit,
                found=request,
            )
