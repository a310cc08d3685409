"""
How many replicas there are in an environment, how far apart, and how few may be gone at a time.

Replicas on one node fall with it, so those of a workload are spread over nodes and zones, as far as
there are several: a rule that must hold would leave pods pending on a small cluster.  In staging
and production a budget lets a drain take one after the other, and never none, which would stop the
upgrade of a node for good.

What differs between environments stands in few fields here, so the rest of the workload is made
once for all of them.

Sources: https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/,
https://kubernetes.io/docs/tasks/run-application/configure-pdb/,
https://kubernetes.io/docs/concepts/workloads/pods/disruptions/
"""

from collections.abc import Iterable, Iterator

import msgspec

from mooring.app.application import Application
from mooring.app.workloads import Scale, Workload
from mooring.generate.identity import metadata, selector_labels
from mooring.kube.objects.meta import KubeObject, LabelSelector
from mooring.kube.objects.pods import PodTemplate
from mooring.kube.objects.policy import (
    HorizontalPodAutoscaler,
    HorizontalPodAutoscalerSpec,
    Metric,
    MetricTarget,
    PodDisruptionBudget,
    PodDisruptionBudgetSpec,
    ResourceMetric,
    ScaleTarget,
)
from mooring.kube.objects.scheduling import (
    Affinity,
    PodAffinity,
    PodAffinityTerm,
    TopologySpreadConstraint,
    WeightedPodAffinityTerm,
)
from mooring.kube.objects.workloads import Deployment, StatefulSet
from mooring.settings.environments import Tier

_ZONE = "topology.kubernetes.io/zone"
_NODE = "kubernetes.io/hostname"


def scaled(
    objects: Iterable[KubeObject], application: Application, tier: Tier
) -> Iterator[KubeObject]:
    """Yield ``objects`` with the replicas of ``tier``, and after each workload what guards them."""
    parts = {part.name: part for part in application.workloads if _may_be_many(part)}
    for item in objects:
        part = parts.get(item.metadata.name) if isinstance(item, _REPLICATED) else None
        if part is None or not isinstance(item, _REPLICATED):
            yield item
            continue
        replicas = _replicas(part, tier)
        most = part.autoscaling.most if part.autoscaling is not None else replicas
        yield _with_replicas(item, part, application, replicas)
        if part.autoscaling is not None:
            yield _autoscaler(part, application)
        if most > 1 and tier is not Tier.DEV:
            yield _budget(part, application)


_REPLICATED = (Deployment, StatefulSet)


def _may_be_many(part: Workload) -> bool:
    return part.scale is Scale.REPLICAS and (
        part.replicas > 1 or part.replicas_in_production is not None or part.autoscaling is not None
    )


def _replicas(part: Workload, tier: Tier) -> int:
    if tier is Tier.PRODUCTION and part.replicas_in_production is not None:
        return part.replicas_in_production
    return part.replicas


def _with_replicas(
    item: Deployment | StatefulSet,
    part: Workload,
    application: Application,
    replicas: int,
) -> Deployment | StatefulSet:
    # The autoscaler sets the number: a second hand on it would undo each of its decisions.
    count = None if part.autoscaling is not None else replicas
    # Spread in all environments alike, which costs nothing where there is one replica.
    template = _spread(item.spec.template, part, application)
    if isinstance(item, StatefulSet):
        return msgspec.structs.replace(
            item, spec=msgspec.structs.replace(item.spec, replicas=count, template=template)
        )
    return msgspec.structs.replace(
        item, spec=msgspec.structs.replace(item.spec, replicas=count, template=template)
    )


def _spread(template: PodTemplate, part: Workload, application: Application) -> PodTemplate:
    """
    Return ``template`` spread over zones and nodes, beside what the author asked for.

    Nodes by affinity: what reads manifests knows it better, and the scheduler weighs both alike.
    """
    own = template.spec.topology_spread_constraints
    taken = {constraint.topology_key for constraint in own}
    selector = LabelSelector(match_labels=selector_labels(application, part))
    constraints = own
    if _ZONE not in taken:
        over_zones = TopologySpreadConstraint(
            max_skew=1,
            topology_key=_ZONE,
            when_unsatisfiable="ScheduleAnyway",
            label_selector=selector,
        )
        constraints = (*own, over_zones)
    affinity = template.spec.affinity
    # It may be kept apart already, as a rule that must hold.
    if _NODE not in taken and part.placement.most_per_machine != 1:
        apart = PodAffinity(
            preferred_during_scheduling_ignored_during_execution=(
                WeightedPodAffinityTerm(
                    weight=100,
                    pod_affinity_term=PodAffinityTerm(label_selector=selector, topology_key=_NODE),
                ),
            )
        )
        affinity = msgspec.structs.replace(affinity or Affinity(), pod_anti_affinity=apart)
    spec = msgspec.structs.replace(
        template.spec, topology_spread_constraints=constraints, affinity=affinity
    )
    return msgspec.structs.replace(template, spec=spec)


def _budget(part: Workload, application: Application) -> PodDisruptionBudget:
    return PodDisruptionBudget(
        metadata=metadata(part.name, application, part),
        spec=PodDisruptionBudgetSpec(
            max_unavailable=1,
            selector=LabelSelector(match_labels=selector_labels(application, part)),
            # A pod that serves nobody is nobody's loss; of a cluster with a vote it may be.
            unhealthy_pod_eviction_policy="IfHealthyBudget" if part.keeps_state else "AlwaysAllow",
        ),
    )


def _autoscaler(part: Workload, application: Application) -> HorizontalPodAutoscaler:
    scaling = part.autoscaling
    assert scaling is not None
    percents = (("cpu", scaling.cpu), ("memory", scaling.memory))
    return HorizontalPodAutoscaler(
        metadata=metadata(part.name, application, part),
        spec=HorizontalPodAutoscalerSpec(
            scale_target_ref=ScaleTarget(api_version="apps/v1", kind="Deployment", name=part.name),
            min_replicas=scaling.least,
            max_replicas=scaling.most,
            metrics=tuple(
                Metric(
                    type="Resource",
                    resource=ResourceMetric(
                        name=name,
                        target=MetricTarget(type="Utilization", average_utilization=percent),
                    ),
                )
                for name, percent in percents
                if percent is not None
            ),
        ),
    )
