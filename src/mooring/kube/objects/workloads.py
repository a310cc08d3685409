"""What keeps pods running, or runs them to completion."""

from typing import ClassVar

from mooring.kube.objects.meta import IntOrString, KubeObject, LabelSelector, Part, TemplateMeta
from mooring.kube.objects.pods import PodTemplate
from mooring.kube.objects.storage import VolumeClaimTemplate


class RollingUpdateDeployment(Part, frozen=True, kw_only=True, gc=False):
    """How many pods may be missing and how many too many during an update."""

    max_surge: IntOrString | None = None
    max_unavailable: IntOrString | None = None


class DeploymentStrategy(Part, frozen=True, kw_only=True, gc=False):
    """``type`` is RollingUpdate or Recreate; only the former takes ``rolling_update``."""

    type: str
    rolling_update: RollingUpdateDeployment | None = None


class DeploymentSpec(Part, frozen=True, kw_only=True, gc=False):
    """``replicas``: None leaves the number to an autoscaler (the API starts with 1)."""

    replicas: int | None = None
    selector: LabelSelector
    strategy: DeploymentStrategy | None = None
    min_ready_seconds: int | None = None
    revision_history_limit: int | None = None
    progress_deadline_seconds: int | None = None
    paused: bool | None = None
    template: PodTemplate


class Deployment(KubeObject, frozen=True, kw_only=True, gc=False):
    """Interchangeable pods."""

    api_version: ClassVar[str] = "apps/v1"
    kind: ClassVar[str] = "Deployment"

    spec: DeploymentSpec


class RollingUpdateStatefulSet(Part, frozen=True, kw_only=True, gc=False):
    """Pods with an ordinal below ``partition`` keep their version."""

    partition: int | None = None
    max_unavailable: IntOrString | None = None


class StatefulSetUpdateStrategy(Part, frozen=True, kw_only=True, gc=False):
    """``type`` is RollingUpdate or OnDelete."""

    type: str
    rolling_update: RollingUpdateStatefulSet | None = None


class ClaimRetentionPolicy(Part, frozen=True, kw_only=True, gc=False):
    """What becomes of claims: Retain or Delete."""

    when_deleted: str | None = None
    when_scaled: str | None = None


class Ordinals(Part, frozen=True, kw_only=True, gc=False):
    """The ordinal of the first pod."""

    start: int


class StatefulSetSpec(Part, frozen=True, kw_only=True, gc=False):
    """``service_name`` is the headless Service that gives each pod its name."""

    replicas: int | None = None
    service_name: str | None = None
    pod_management_policy: str | None = None
    selector: LabelSelector
    update_strategy: StatefulSetUpdateStrategy | None = None
    min_ready_seconds: int | None = None
    revision_history_limit: int | None = None
    ordinals: Ordinals | None = None
    persistent_volume_claim_retention_policy: ClaimRetentionPolicy | None = None
    template: PodTemplate
    volume_claim_templates: tuple[VolumeClaimTemplate, ...] = ()


class StatefulSet(KubeObject, frozen=True, kw_only=True, gc=False):
    """Pods with names and storage of their own."""

    api_version: ClassVar[str] = "apps/v1"
    kind: ClassVar[str] = "StatefulSet"

    spec: StatefulSetSpec


class RollingUpdateDaemonSet(Part, frozen=True, kw_only=True, gc=False):
    """How many nodes may lack the pod, or have two, during an update."""

    max_surge: IntOrString | None = None
    max_unavailable: IntOrString | None = None


class DaemonSetUpdateStrategy(Part, frozen=True, kw_only=True, gc=False):
    """``type`` is RollingUpdate or OnDelete."""

    type: str
    rolling_update: RollingUpdateDaemonSet | None = None


class DaemonSetSpec(Part, frozen=True, kw_only=True, gc=False):
    """One pod on each node that fits."""

    selector: LabelSelector
    update_strategy: DaemonSetUpdateStrategy | None = None
    min_ready_seconds: int | None = None
    revision_history_limit: int | None = None
    template: PodTemplate


class DaemonSet(KubeObject, frozen=True, kw_only=True, gc=False):
    """A pod on every node."""

    api_version: ClassVar[str] = "apps/v1"
    kind: ClassVar[str] = "DaemonSet"

    spec: DaemonSetSpec


class JobSpec(Part, frozen=True, kw_only=True, gc=False):
    """The pod's ``restart_policy`` must be Never or OnFailure."""

    parallelism: int | None = None
    completions: int | None = None
    completion_mode: str | None = None
    backoff_limit: int | None = None
    active_deadline_seconds: int | None = None
    ttl_seconds_after_finished: int | None = None
    suspend: bool | None = None
    template: PodTemplate


class Job(KubeObject, frozen=True, kw_only=True, gc=False):
    """Pods that run to completion; the template of an existing Job cannot change."""

    api_version: ClassVar[str] = "batch/v1"
    kind: ClassVar[str] = "Job"

    spec: JobSpec


class JobTemplate(Part, frozen=True, kw_only=True, gc=False):
    """The Jobs that a CronJob makes."""

    metadata: TemplateMeta | None = None
    spec: JobSpec


class CronJobSpec(Part, frozen=True, kw_only=True, gc=False):
    """``schedule`` is a cron line of five fields, read in ``time_zone``."""

    schedule: str
    time_zone: str | None = None
    concurrency_policy: str | None = None
    starting_deadline_seconds: int | None = None
    successful_jobs_history_limit: int | None = None
    failed_jobs_history_limit: int | None = None
    suspend: bool | None = None
    job_template: JobTemplate


class CronJob(KubeObject, frozen=True, kw_only=True, gc=False):
    """Jobs by the clock."""

    api_version: ClassVar[str] = "batch/v1"
    kind: ClassVar[str] = "CronJob"

    spec: CronJobSpec
