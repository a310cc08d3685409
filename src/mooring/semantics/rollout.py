"""
How many pods a workload has: at rest, at the top of its scale, and while it is replaced.

Sources: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge,
https://kubernetes.io/docs/concepts/workloads/controllers/job/#controlling-parallelism,
https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/,
https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/,
https://argo-rollouts.readthedocs.io/en/stable/features/specification/.
"""

from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

import msgspec

from mooring.semantics import fields, kinds
from mooring.semantics.pods import PodTemplate
from mooring.semantics.views import Autoscaler

_DEFAULT_SURGE = "25%"


class Load(StrEnum):
    """Which pods there are."""

    RESTING = "resting"
    """Those that stand all the time."""
    ROLLING = "rolling"
    """And those that an update of everything at once adds."""
    MOST = "most"
    """All at the top of their scale, all updates, and all tasks."""


class PodCount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    How many pods there are of a workload.

    ``resting`` stand all the time; ``most`` where an autoscaler has gone to its maximum;
    ``tasks`` come, run to their end and go; ``surge`` and ``surge_at_most`` are added while an
    update rolls, at rest and at the maximum.  Pods that are still ending come on top of all this.
    """

    resting: int = 0
    most: int = 0
    tasks: int = 0
    surge: int = 0
    surge_at_most: int = 0

    def under(self, load: Load) -> int:
        """Return how many pods there are under ``load``."""
        if load is Load.RESTING:
            return self.resting
        if load is Load.ROLLING:
            return self.resting + self.surge
        return self.most + self.surge_at_most + self.tasks


def pod_count(
    pod: PodTemplate, autoscaler: Autoscaler | None = None, *, nodes: int = 1
) -> PodCount:
    """Return how many pods the owner makes; ``nodes`` is how many a DaemonSet is for."""
    spec, kind = pod.owner_spec, pod.kind
    if kind == kinds.POD:
        count = 0 if pod.is_finished else 1
        return PodCount(resting=count, most=count)
    if kind in (kinds.JOB, kinds.CRON_JOB):
        job = fields.mapping(fields.at(spec, "jobTemplate", "spec")) or spec
        return PodCount(tasks=0 if spec.get("suspend") is True else _parallel(job))
    if kind == kinds.DAEMON_SET:
        written = fields.at(spec, "updateStrategy", "rollingUpdate", "maxSurge")
        surge = min(share(written, of=nodes), nodes)
        return PodCount(resting=nodes, most=nodes, surge=surge, surge_at_most=surge)
    if kind not in _REPLICATED:
        return PodCount()  # A PodTemplate makes no pods.
    replicas = fields.integer(spec.get("replicas"))
    resting = most = 1 if replicas is None else max(replicas, 0)
    if autoscaler is not None and resting > 0:
        most = max(autoscaler.most or resting, autoscaler.least)
        resting = min(max(resting, autoscaler.least), most)
    return PodCount(
        resting=resting,
        most=most,
        surge=_surge(pod, resting),
        surge_at_most=_surge(pod, most),
    )


def share(written: object, *, of: int) -> int:
    """
    Return a number that is written as such or as a percentage, rounded up: "25%" of 5 is 2.

    What is neither is 0.
    """
    number = fields.integer(written)
    if number is not None:
        return max(number, 0)
    text = fields.text(written) or ""
    digits = text.removesuffix("%")
    if text == digits or not (digits.isascii() and digits.isdigit()):
        return 0
    return int((Decimal(digits) * of / 100).to_integral_value(ROUND_CEILING))


_REPLICATED = {
    kinds.DEPLOYMENT,
    kinds.STATEFUL_SET,
    kinds.REPLICA_SET,
    kinds.REPLICATION_CONTROLLER,
    kinds.ROLLOUT,
}


def _parallel(job: fields.Manifest) -> int:
    parallelism = fields.integer(job.get("parallelism"))
    completions = fields.integer(job.get("completions"))
    wanted = 1 if parallelism is None else max(parallelism, 0)
    return wanted if completions is None else min(wanted, max(completions, 0))


def _surge(pod: PodTemplate, replicas: int) -> int:
    """Return how many pods an update adds; only Deployments and their like add any."""
    spec = pod.owner_spec
    if replicas == 0:
        return 0
    if pod.kind == kinds.ROLLOUT:
        strategy = fields.mapping(spec.get("strategy"))
        if "blueGreen" in strategy:
            return replicas
        written = fields.at(strategy, "canary", "maxSurge")
    elif pod.kind == kinds.DEPLOYMENT:
        if fields.at(spec, "strategy", "type") == "Recreate":
            return 0
        written = fields.at(spec, "strategy", "rollingUpdate", "maxSurge")
    else:
        return 0
    return share(_DEFAULT_SURGE if written is None else written, of=replicas)
