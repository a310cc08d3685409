"""
The volumes of a pod, and how containers mount them.

A ``Volume`` has exactly one source.  File modes are decimal integers on the wire (0o440 is 288).
"""

import msgspec

from mooring.kube.objects.meta import Part, TemplateMeta
from mooring.kube.objects.storage import NFSVolumeSource, PersistentVolumeClaimSpec


class KeyToPath(Part, frozen=True, kw_only=True, gc=False):
    """A key of a ConfigMap or Secret and the relative path of the file made of it."""

    key: str
    path: str
    mode: int | None = None


class ConfigMapVolume(Part, frozen=True, kw_only=True, gc=False):
    """The keys of a ConfigMap as files."""

    name: str
    items: tuple[KeyToPath, ...] = ()
    default_mode: int | None = None
    optional: bool | None = None


class SecretVolume(Part, frozen=True, kw_only=True, gc=False):
    """The keys of a Secret as files."""

    secret_name: str
    items: tuple[KeyToPath, ...] = ()
    default_mode: int | None = None
    optional: bool | None = None


class EmptyDirVolume(Part, frozen=True, kw_only=True, gc=False):
    """Space that lives as long as the pod; ``medium="Memory"`` counts as memory of the pod."""

    medium: str | None = None
    size_limit: str | None = None


class ClaimVolume(Part, frozen=True, kw_only=True, gc=False):
    """A PersistentVolumeClaim in the same namespace."""

    claim_name: str
    read_only: bool | None = None


class HostPathVolume(Part, frozen=True, kw_only=True, gc=False):
    """A path of the node; ``type`` is Directory, DirectoryOrCreate, File, Socket, ..."""

    path: str
    type: str | None = None


class ImageVolume(Part, frozen=True, kw_only=True, gc=False):
    """The files of an image, read only (stable since Kubernetes 1.35)."""

    reference: str
    pull_policy: str | None = None


class EphemeralClaimTemplate(Part, frozen=True, kw_only=True, gc=False):
    """The claim made for a pod and deleted with it."""

    metadata: TemplateMeta | None = None
    spec: PersistentVolumeClaimSpec


class EphemeralVolume(Part, frozen=True, kw_only=True, gc=False):
    """A claim of the pod's own."""

    volume_claim_template: EphemeralClaimTemplate


class ConfigMapProjection(Part, frozen=True, kw_only=True, gc=False):
    """A ConfigMap in a projected volume."""

    name: str
    items: tuple[KeyToPath, ...] = ()
    optional: bool | None = None


class SecretProjection(Part, frozen=True, kw_only=True, gc=False):
    """A Secret in a projected volume."""

    name: str
    items: tuple[KeyToPath, ...] = ()
    optional: bool | None = None


class ServiceAccountTokenProjection(Part, frozen=True, kw_only=True, gc=False):
    """A token of the pod's ServiceAccount in a projected volume."""

    path: str
    audience: str | None = None
    expiration_seconds: int | None = None


class ObjectFieldSelector(Part, frozen=True, kw_only=True, gc=False):
    """A field of the pod: ``metadata.name``, ``status.podIP``, ``spec.nodeName``."""

    api_version: str | None = None
    field_path: str


class ResourceFieldSelector(Part, frozen=True, kw_only=True, gc=False):
    """A limit or request of a container: ``limits.cpu``."""

    container_name: str | None = None
    resource: str
    divisor: str | None = None


class DownwardAPIFile(Part, frozen=True, kw_only=True, gc=False):
    """A file that holds a field of the pod."""

    path: str
    field_ref: ObjectFieldSelector | None = None
    resource_field_ref: ResourceFieldSelector | None = None
    mode: int | None = None


class DownwardAPIProjection(Part, frozen=True, kw_only=True, gc=False):
    """Fields of the pod in a projected volume."""

    items: tuple[DownwardAPIFile, ...]


class VolumeProjection(Part, frozen=True, kw_only=True, gc=False):
    """One source of a projected volume."""

    config_map: ConfigMapProjection | None = None
    secret: SecretProjection | None = None
    service_account_token: ServiceAccountTokenProjection | None = None
    downward_api: DownwardAPIProjection | None = msgspec.field(default=None, name="downwardAPI")


class ProjectedVolume(Part, frozen=True, kw_only=True, gc=False):
    """Several sources in one directory."""

    sources: tuple[VolumeProjection, ...]
    default_mode: int | None = None


class Volume(Part, frozen=True, kw_only=True, gc=False):
    """A volume of a pod: a name and exactly one source."""

    name: str
    config_map: ConfigMapVolume | None = None
    secret: SecretVolume | None = None
    empty_dir: EmptyDirVolume | None = None
    persistent_volume_claim: ClaimVolume | None = None
    projected: ProjectedVolume | None = None
    host_path: HostPathVolume | None = None
    nfs: NFSVolumeSource | None = None
    image: ImageVolume | None = None
    ephemeral: EphemeralVolume | None = None


class VolumeMount(Part, frozen=True, kw_only=True, gc=False):
    """
    Where a container sees a volume.

    A mount with ``sub_path`` never sees later changes of a ConfigMap or Secret.
    """

    name: str
    mount_path: str
    sub_path: str | None = None
    sub_path_expr: str | None = None
    read_only: bool | None = None
    recursive_read_only: str | None = None
    mount_propagation: str | None = None


class VolumeDevice(Part, frozen=True, kw_only=True, gc=False):
    """A raw block device of a claim with ``volumeMode: Block``."""

    name: str
    device_path: str
