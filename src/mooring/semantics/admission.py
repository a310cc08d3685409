"""
Admission: which pods a namespace refuses, and by what.

A Deployment, Job or any other owner is accepted all the same: its pods never appear, and only an
event says why.  So what is asked here is whether the *pods* come to be, by the Pod Security level
of the namespace, by its LimitRanges, and by its ResourceQuotas.

Sources: https://kubernetes.io/docs/concepts/security/pod-security-admission/,
https://kubernetes.io/docs/concepts/policy/limit-range/,
https://kubernetes.io/docs/concepts/policy/resource-quotas/
"""

from collections.abc import Iterator
from decimal import Decimal
from enum import StrEnum

import msgspec

from mooring.kube import quantity
from mooring.refs import ObjectRef
from mooring.semantics import limits, pod_security, quotas, security_levels, views
from mooring.semantics.limits import Breach, Constraint, Limit
from mooring.semantics.objects import ManifestSet
from mooring.semantics.quotas import Unasked, Use
from mooring.semantics.security_levels import Standards


class Stage(StrEnum):
    """Which of the gates refuses."""

    POD_SECURITY = "pod-security"
    LIMIT_RANGE = "limit-range"
    QUOTA = "quota"


class Refusal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    Pods that are refused.

    ``subject`` is their owner, ``field`` the place in it that has to change, None where no single
    one has to; ``by`` the Namespace, LimitRange or ResourceQuota that refuses; ``reason`` what is
    not kept, with the values found.
    """

    stage: Stage
    subject: ObjectRef
    by: ObjectRef
    field: str | None
    reason: str


def refusals(objects: ManifestSet, *, nodes: int = 1) -> tuple[Refusal, ...]:
    """
    Return what the namespaces of the set refuse of it, gate by gate, in the order of the set.

    A quota is asked whether everything fits that stands all the time (`quotas.uses` tells of
    updates and tasks too); what fits no more is the first object of the set at which it is full.
    ``nodes`` is how many a DaemonSet is for.
    """
    found = [*_by_security(objects), *_by_limits(objects)]
    found += map(_by_unasked, quotas.unasked(objects))
    for use in quotas.uses(objects, nodes=nodes):
        # A quota below zero is full while nothing is there, and refuses nothing then.
        if use.parts and not use.at_rest:
            found.append(_by_quota(use))
    return tuple(found)


def standards(objects: ManifestSet, namespace: str) -> Standards:
    """Return the Pod Security standards of a namespace: none where its labels are unknown."""
    return security_levels.standards(views.namespace(objects, namespace).labels)


def _by_security(objects: ManifestSet) -> Iterator[Refusal]:
    of_namespace: dict[str, Standards] = {}
    for pod in objects.templates:
        asked = of_namespace.get(pod.namespace)
        if asked is None:
            asked = of_namespace[pod.namespace] = standards(objects, pod.namespace)
        level, minor = asked.enforce.level, asked.enforce.minor
        for violation in pod_security.violations(pod, level, minor=minor):
            value = "absent" if violation.value is None else violation.value
            yield Refusal(
                stage=Stage.POD_SECURITY,
                subject=pod.owner,
                by=ObjectRef("v1", "Namespace", pod.namespace),
                field=violation.field,
                reason=f"is {value}; {level} wants it {violation.allowed}",
            )


def _by_limits(objects: ManifestSet) -> Iterator[Refusal]:
    of_namespace: dict[str, tuple[Limit, ...]] = {}
    for pod in objects.templates:
        bounds = of_namespace.get(pod.namespace)
        if bounds is None:
            bounds = limits.of_namespace(objects, pod.namespace)
            of_namespace[pod.namespace] = bounds
        for breach in limits.breaches(pod, bounds):
            yield Refusal(
                stage=Stage.LIMIT_RANGE,
                subject=pod.owner,
                by=breach.limit.ref,
                field=f"{breach.subject}.resources",
                reason=_reason(breach),
            )


def _reason(breach: Breach) -> str:
    name, bound = breach.resource, quantity.shown(breach.resource, breach.bound)
    if breach.constraint is Constraint.RATIO:
        at_most = f"a limit of at most {breach.bound.normalize():f} times the request of {name}"
        if breach.found is None:
            return f"needs {at_most}, and both to be set"
        return f"needs {at_most}, and has {breach.found:.2f} times"
    if breach.constraint is Constraint.REQUEST_ABOVE_LIMIT and breach.found is not None:
        asked = quantity.shown(name, breach.found)
        return f"asks for {asked} of {name}, above the limit of {bound} that it is given"
    word = "at least" if breach.constraint is Constraint.LEAST else "at most"
    has = "sets none" if breach.found is None else f"has {quantity.shown(name, breach.found)}"
    return f"needs {word} {bound} of {name}, and {has}"


def _by_unasked(missing: Unasked) -> Refusal:
    count = len(missing.containers)
    containers = "1 container does" if count == 1 else f"{count} containers do"
    return Refusal(
        stage=Stage.QUOTA,
        subject=missing.pod,
        by=missing.quota,
        field=f"{missing.containers[0]}.resources",
        reason=f"{containers} not set {missing.resource}, which the quota counts",
    )


def _by_quota(use: Use) -> Refusal:
    total = Decimal(0)
    subject = use.parts[-1][0]
    for ref, size in use.parts:
        total += size
        if total > use.hard:
            subject = ref
            break
    taken, hard = quantity.shown(use.resource, use.resting), quantity.shown(use.resource, use.hard)
    return Refusal(
        stage=Stage.QUOTA,
        subject=subject,
        by=use.quota,
        field=None,
        reason=f"{use.resource} would be {taken}, the quota is {hard}",
    )
