"""On which nodes pods may run, and how far apart."""

from mooring.kube.objects.meta import LabelSelector, Part


class NodeSelectorRequirement(Part, frozen=True, kw_only=True, gc=False):
    """``operator`` is In, NotIn, Exists, DoesNotExist, Gt or Lt."""

    key: str
    operator: str
    values: tuple[str, ...] = ()


class NodeSelectorTerm(Part, frozen=True, kw_only=True, gc=False):
    """Requirements that must all hold."""

    match_expressions: tuple[NodeSelectorRequirement, ...] = ()
    match_fields: tuple[NodeSelectorRequirement, ...] = ()


class NodeSelector(Part, frozen=True, kw_only=True, gc=False):
    """Terms of which one must hold."""

    node_selector_terms: tuple[NodeSelectorTerm, ...]


class PreferredNodes(Part, frozen=True, kw_only=True, gc=False):
    """Nodes that are better; ``weight`` from 1 to 100."""

    weight: int
    preference: NodeSelectorTerm


class NodeAffinity(Part, frozen=True, kw_only=True, gc=False):
    """Which nodes a pod needs, and which it prefers."""

    required_during_scheduling_ignored_during_execution: NodeSelector | None = None
    preferred_during_scheduling_ignored_during_execution: tuple[PreferredNodes, ...] = ()


class PodAffinityTerm(Part, frozen=True, kw_only=True, gc=False):
    """Pods, and what counts as the same place (``kubernetes.io/hostname``)."""

    label_selector: LabelSelector | None = None
    namespaces: tuple[str, ...] = ()
    topology_key: str


class WeightedPodAffinityTerm(Part, frozen=True, kw_only=True, gc=False):
    """A preference; ``weight`` from 1 to 100."""

    weight: int
    pod_affinity_term: PodAffinityTerm


class PodAffinity(Part, frozen=True, kw_only=True, gc=False):
    """Near which pods a pod must or should run; the same shape serves for anti-affinity."""

    required_during_scheduling_ignored_during_execution: tuple[PodAffinityTerm, ...] = ()
    preferred_during_scheduling_ignored_during_execution: tuple[WeightedPodAffinityTerm, ...] = ()


class Affinity(Part, frozen=True, kw_only=True, gc=False):
    """Attraction and repulsion of a pod."""

    node_affinity: NodeAffinity | None = None
    pod_affinity: PodAffinity | None = None
    pod_anti_affinity: PodAffinity | None = None


class Toleration(Part, frozen=True, kw_only=True, gc=False):
    """A taint that does not keep the pod away."""

    key: str | None = None
    operator: str | None = None
    value: str | None = None
    effect: str | None = None
    toleration_seconds: int | None = None


class TopologySpreadConstraint(Part, frozen=True, kw_only=True, gc=False):
    """How evenly pods are spread; ``when_unsatisfiable`` is DoNotSchedule or ScheduleAnyway."""

    max_skew: int
    topology_key: str
    when_unsatisfiable: str
    label_selector: LabelSelector | None = None
    min_domains: int | None = None
    match_label_keys: tuple[str, ...] = ()
    node_affinity_policy: str | None = None
    node_taints_policy: str | None = None
