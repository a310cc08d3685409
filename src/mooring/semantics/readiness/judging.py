"""The verdict on any live object, by kind."""

from collections.abc import Callable

from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.readiness import (
    api_service,
    claim,
    conditions,
    cron_job,
    custom,
    daemon_set,
    definition,
    deployment,
    job,
    namespace,
    pod,
    replica_set,
    service,
    stateful_set,
    warned,
)
from mooring.semantics.readiness.around import NOTHING, Around
from mooring.semantics.readiness.verdicts import NOT_FOUND, Verdict, current, in_progress

Theirs = Callable[[Manifest], Verdict]
Ours = Callable[[Manifest, Around], Verdict]


def kstatus(live: Manifest | None, *, now: float = 0.0) -> Verdict:
    """Return what kstatus says of ``live``; None is an object that does not exist."""
    if live is None:
        return NOT_FOUND
    verdict = conditions.general(live)
    if verdict is not None:
        return verdict
    kind = _kind(live)
    if kind == kinds.POD:
        return pod.theirs(live, now)
    return _RULES.get(kind, (custom.theirs, custom.ours))[0](live)


def judged(live: Manifest | None, around: Around = NOTHING) -> Verdict:
    """Return what we say of ``live`` and what is ``around`` it; None: it does not exist."""
    if live is None:
        return NOT_FOUND
    verdict = conditions.general(live)
    if verdict is not None:
        return verdict
    kind = _kind(live)
    known = _RULES.get(kind)
    if known is None:
        # Kinds of Kubernetes itself without a rule are as they were written.
        known = (custom.theirs, _as_written if kinds.is_built_in(kind.group) else custom.ours)
    if known[1] in _COUNTING and not _is_observed(live):
        return in_progress("NotObserved", "its controller has not seen it yet")
    return known[1](live, around)


def _is_observed(live: Manifest) -> bool:
    """Tell whether the controller of a workload has written a status for this generation."""
    return fields.integer(fields.at(live, "status", "observedGeneration")) is not None or (
        fields.integer(fields.at(live, "metadata", "generation")) is None
    )


def _kind(live: Manifest) -> GroupKind:
    return kinds.group_kind(
        fields.text(live.get("apiVersion")) or "", fields.text(live.get("kind")) or ""
    )


def _as_written(live: Manifest, around: Around) -> Verdict:
    return current()


_COUNTING: frozenset[Ours] = frozenset({deployment.ours, stateful_set.ours, daemon_set.ours})
"""What counts replicas: zero of zero would be ready before the controller has looked."""

_RULES: dict[GroupKind, tuple[Theirs, Ours]] = {
    kinds.DEPLOYMENT: (deployment.theirs, deployment.ours),
    kinds.STATEFUL_SET: (stateful_set.theirs, stateful_set.ours),
    kinds.DAEMON_SET: (daemon_set.theirs, daemon_set.ours),
    kinds.REPLICA_SET: (replica_set.theirs, replica_set.ours),
    kinds.JOB: (job.theirs, job.ours),
    kinds.CRON_JOB: (cron_job.theirs, cron_job.ours),
    kinds.POD: (pod.theirs, pod.ours),
    kinds.CLAIM: (claim.theirs, claim.ours),
    kinds.SERVICE: (service.theirs, service.ours),
    kinds.INGRESS: (warned.theirs, warned.ingress),
    kinds.AUTOSCALER: (warned.theirs, warned.autoscaler),
    kinds.BUDGET: (warned.theirs, warned.budget),
    kinds.DEFINITION: (definition.theirs, definition.ours),
    kinds.NAMESPACE: (namespace.theirs, namespace.ours),
    GroupKind("apiregistration.k8s.io", "APIService"): (api_service.theirs, api_service.ours),
}
