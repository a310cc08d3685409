"""Storage that outlives pods: claims, and volumes that we define ourselves (NFS)."""

from typing import ClassVar

from mooring.kube.objects.meta import KubeObject, LabelSelector, ObjectMeta, Part


class VolumeResources(Part, frozen=True, kw_only=True, gc=False):
    """How much a claim asks for: ``{"storage": "10Gi"}``."""

    requests: dict[str, str] = {}
    limits: dict[str, str] = {}


class PersistentVolumeClaimSpec(Part, frozen=True, kw_only=True, gc=False):
    """``storage_class_name``: None is the cluster's default class, ``""`` is no class at all."""

    access_modes: tuple[str, ...]
    storage_class_name: str | None = None
    resources: VolumeResources
    volume_name: str | None = None
    volume_mode: str | None = None
    selector: LabelSelector | None = None


class PersistentVolumeClaim(KubeObject, frozen=True, kw_only=True, gc=False):
    """A claim that pods mount by its name."""

    api_version: ClassVar[str] = "v1"
    kind: ClassVar[str] = "PersistentVolumeClaim"

    spec: PersistentVolumeClaimSpec


class VolumeClaimTemplate(Part, frozen=True, kw_only=True, gc=False):
    """The claim that a StatefulSet makes for each replica; ``metadata.name`` is the volume's."""

    metadata: ObjectMeta
    spec: PersistentVolumeClaimSpec


class NFSVolumeSource(Part, frozen=True, kw_only=True, gc=False):
    """A directory that an NFS server exports."""

    server: str
    path: str
    read_only: bool | None = None


class ClaimReference(Part, frozen=True, kw_only=True, gc=False):
    """The claim that a volume is reserved for."""

    name: str
    namespace: str | None = None


class PersistentVolumeSpec(Part, frozen=True, kw_only=True, gc=False):
    """A volume of our own; one source, NFS."""

    capacity: dict[str, str]
    access_modes: tuple[str, ...]
    persistent_volume_reclaim_policy: str | None = None
    storage_class_name: str | None = None
    mount_options: tuple[str, ...] = ()
    volume_mode: str | None = None
    claim_ref: ClaimReference | None = None
    nfs: NFSVolumeSource | None = None


class PersistentVolume(KubeObject, frozen=True, kw_only=True, gc=False):
    """A volume of the cluster; it has no namespace."""

    api_version: ClassVar[str] = "v1"
    kind: ClassVar[str] = "PersistentVolume"
    namespaced: ClassVar[bool] = False

    spec: PersistentVolumeSpec
