"""How many pods must stay, how many there should be, and how much all may ask for."""

from typing import ClassVar

from mooring.kube.objects.meta import IntOrString, KubeObject, LabelSelector, Part


class PodDisruptionBudgetSpec(Part, frozen=True, kw_only=True, gc=False):
    """One of ``min_available`` and ``max_unavailable``, never both."""

    min_available: IntOrString | None = None
    max_unavailable: IntOrString | None = None
    selector: LabelSelector
    unhealthy_pod_eviction_policy: str | None = None


class PodDisruptionBudget(KubeObject, frozen=True, kw_only=True, gc=False):
    """How many pods a drain may take at once."""

    api_version: ClassVar[str] = "policy/v1"
    kind: ClassVar[str] = "PodDisruptionBudget"

    spec: PodDisruptionBudgetSpec


class ScaleTarget(Part, frozen=True, kw_only=True, gc=False):
    """The workload that is scaled."""

    api_version: str
    kind: str
    name: str


class MetricTarget(Part, frozen=True, kw_only=True, gc=False):
    """``type`` is Utilization (percent of the request) or AverageValue (a quantity)."""

    type: str
    average_utilization: int | None = None
    average_value: str | None = None


class ResourceMetric(Part, frozen=True, kw_only=True, gc=False):
    """``name`` is cpu or memory."""

    name: str
    target: MetricTarget


class Metric(Part, frozen=True, kw_only=True, gc=False):
    """What is measured; ``type`` is Resource, the only one of ours."""

    type: str
    resource: ResourceMetric


class ScalingPolicy(Part, frozen=True, kw_only=True, gc=False):
    """At most ``value`` Pods or Percent in ``period_seconds``."""

    type: str
    value: int
    period_seconds: int


class ScalingRules(Part, frozen=True, kw_only=True, gc=False):
    """How fast one direction may go."""

    stabilization_window_seconds: int | None = None
    select_policy: str | None = None
    policies: tuple[ScalingPolicy, ...] = ()


class ScalingBehavior(Part, frozen=True, kw_only=True, gc=False):
    """How fast the number of pods may change."""

    scale_up: ScalingRules | None = None
    scale_down: ScalingRules | None = None


class HorizontalPodAutoscalerSpec(Part, frozen=True, kw_only=True, gc=False):
    """Between ``min_replicas`` and ``max_replicas`` pods, by metrics."""

    scale_target_ref: ScaleTarget
    min_replicas: int | None = None
    max_replicas: int
    metrics: tuple[Metric, ...] = ()
    behavior: ScalingBehavior | None = None


class HorizontalPodAutoscaler(KubeObject, frozen=True, kw_only=True, gc=False):
    """Sets the number of pods by their load."""

    api_version: ClassVar[str] = "autoscaling/v2"
    kind: ClassVar[str] = "HorizontalPodAutoscaler"

    spec: HorizontalPodAutoscalerSpec


class ResourceQuotaSpec(Part, frozen=True, kw_only=True, gc=False):
    """``hard`` is what may be taken, by the names of quotas (``requests.cpu``, ``pods``)."""

    hard: dict[str, str]


class ResourceQuota(KubeObject, frozen=True, kw_only=True, gc=False):
    """How much the objects of a namespace may ask for together."""

    api_version: ClassVar[str] = "v1"
    kind: ClassVar[str] = "ResourceQuota"

    spec: ResourceQuotaSpec
