"""
A container: image, command, environment, ports, resources, mounts, probes.

``command`` replaces the image's ENTRYPOINT, ``args`` its CMD.  Kubernetes expands ``$(NAME)`` in
both and in values of the environment; ``$$(NAME)`` stays as ``$(NAME)``.
"""

import msgspec

from mooring.kube.objects.meta import Part
from mooring.kube.objects.probes import Lifecycle, Probe
from mooring.kube.objects.security import SecurityContext
from mooring.kube.objects.volumes import (
    ObjectFieldSelector,
    ResourceFieldSelector,
    VolumeDevice,
    VolumeMount,
)


class KeySelector(Part, frozen=True, kw_only=True, gc=False):
    """A key of a ConfigMap or a Secret."""

    name: str
    key: str
    optional: bool | None = None


class EnvVarSource(Part, frozen=True, kw_only=True, gc=False):
    """Where the value of a variable comes from: exactly one place."""

    config_map_key_ref: KeySelector | None = None
    secret_key_ref: KeySelector | None = None
    field_ref: ObjectFieldSelector | None = None
    resource_field_ref: ResourceFieldSelector | None = None


class EnvVar(Part, frozen=True, kw_only=True, gc=False):
    """A variable with a value (``""`` is one), or with a source."""

    name: str
    value: str | None = None
    value_from: EnvVarSource | None = None


class EnvSource(Part, frozen=True, kw_only=True, gc=False):
    """A ConfigMap or Secret, all keys of which become variables."""

    name: str
    optional: bool | None = None


class EnvFromSource(Part, frozen=True, kw_only=True, gc=False):
    """All keys of one object as variables; ``env`` wins over them, a later source over others."""

    prefix: str | None = None
    config_map_ref: EnvSource | None = None
    secret_ref: EnvSource | None = None


class ContainerPort(Part, frozen=True, kw_only=True, gc=False):
    """A port on which the container listens; ``protocol`` is TCP unless given."""

    name: str | None = None
    container_port: int
    protocol: str | None = None
    host_port: int | None = None
    host_ip: str | None = msgspec.field(default=None, name="hostIP")


class Resources(Part, frozen=True, kw_only=True, gc=False):
    """Quantities by resource name: ``{"cpu": "250m", "memory": "512Mi"}``."""

    requests: dict[str, str] = {}
    limits: dict[str, str] = {}


class Container(Part, frozen=True, kw_only=True, gc=False):
    """
    A container of a pod.

    An init container with ``restart_policy="Always"`` is a sidecar: it starts before the others
    and runs beside them.
    """

    name: str
    image: str
    image_pull_policy: str | None = None
    restart_policy: str | None = None
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    working_dir: str | None = None
    ports: tuple[ContainerPort, ...] = ()
    env_from: tuple[EnvFromSource, ...] = ()
    env: tuple[EnvVar, ...] = ()
    startup_probe: Probe | None = None
    readiness_probe: Probe | None = None
    liveness_probe: Probe | None = None
    lifecycle: Lifecycle | None = None
    resources: Resources | None = None
    security_context: SecurityContext | None = None
    volume_mounts: tuple[VolumeMount, ...] = ()
    volume_devices: tuple[VolumeDevice, ...] = ()
    stdin: bool | None = None
    stdin_once: bool | None = None
    tty: bool | None = None
    termination_message_path: str | None = None
    termination_message_policy: str | None = None
