"""
Pods as their templates describe them, for every kind that makes pods.

Views are thin: they hold the manifest's own mappings and read from them what a rule asks for, with
the defaults of the API server, so nothing that they do not know is lost.

Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
"""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind

DEFAULT_PROTOCOL = "TCP"


class Role(StrEnum):
    """When a container runs."""

    MAIN = "main"
    INIT = "init"
    """Runs to its end before those after it."""
    SIDECAR = "sidecar"
    """An init container with ``restartPolicy: Always``: starts in its turn, runs on."""
    EPHEMERAL = "ephemeral"
    """Added to a running pod for debugging."""


class ContainerPort(msgspec.Struct, frozen=True, gc=False):
    """A port that a container declares; declaring it changes nothing but what names resolve to."""

    number: int
    name: str | None
    protocol: str
    host_port: int | None
    host_ip: str | None


class Container(msgspec.Struct, frozen=True, gc=False):
    """One container; ``path`` is its place in the object (``spec.containers[0]``)."""

    role: Role
    path: str
    raw: Manifest

    @property
    def name(self) -> str:
        """The name, empty where it is missing."""
        return fields.text(self.raw.get("name")) or ""

    @property
    def image(self) -> str | None:
        """The image reference as written."""
        return fields.text(self.raw.get("image"))

    @property
    def security(self) -> Manifest:
        """The ``securityContext`` of the container itself."""
        return fields.mapping(self.raw.get("securityContext"))

    @property
    def ports(self) -> tuple[ContainerPort, ...]:
        """The declared ports."""
        return tuple(
            ContainerPort(
                number,
                fields.text(port.get("name")),
                fields.text(port.get("protocol")) or DEFAULT_PROTOCOL,
                fields.integer(port.get("hostPort")) or None,
                fields.text(port.get("hostIP")),
            )
            for _, port in fields.mappings(self.raw.get("ports"))
            if (number := fields.integer(port.get("containerPort"))) is not None
        )

    @property
    def env(self) -> tuple[tuple[str, Manifest], ...]:
        """The variables in order: path of the entry, and the entry."""
        return self._entries("env")

    @property
    def env_from(self) -> tuple[tuple[str, Manifest], ...]:
        """The sources of whole sets of variables in order: path of the entry, and the entry."""
        return self._entries("envFrom")

    @property
    def mounts(self) -> tuple[tuple[str, Manifest], ...]:
        """The volume mounts in order: path of the entry, and the entry."""
        return self._entries("volumeMounts")

    def _entries(self, name: str) -> tuple[tuple[str, Manifest], ...]:
        found = fields.mappings(self.raw.get(name))
        return tuple((f"{self.path}.{name}[{index}]", entry) for index, entry in found)


class PodTemplate(msgspec.Struct, frozen=True, gc=False):
    """
    The pods that ``owner`` makes, or is.

    ``path`` is where the template stands in the object: empty for a Pod, ``spec.template`` for a
    Deployment.  ``raw`` is the whole object, ``metadata`` and ``spec`` are those of the pod.
    """

    owner: ObjectRef
    kind: GroupKind
    path: str
    raw: Manifest
    metadata: Manifest
    spec: Manifest
    containers: tuple[Container, ...]
    """All containers: init containers and sidecars first, then the main ones, then ephemeral."""

    @property
    def namespace(self) -> str:
        """The namespace of the pods; empty where it is not yet decided."""
        return self.owner.namespace or ""

    @property
    def labels(self) -> Mapping[str, str]:
        """The labels of the pods."""
        return fields.labels(self.metadata.get("labels"))

    @property
    def annotations(self) -> Mapping[str, str]:
        """The annotations of the pods."""
        return fields.labels(self.metadata.get("annotations"))

    @property
    def security(self) -> Manifest:
        """The ``securityContext`` of the pod as a whole."""
        return fields.mapping(self.spec.get("securityContext"))

    @property
    def owner_spec(self) -> Manifest:
        """The ``spec`` of the object: of the Deployment, not of its pods."""
        return fields.mapping(self.raw.get("spec"))

    @property
    def service_account(self) -> str:
        """The name of the ServiceAccount; ``serviceAccount`` is the older name of the field."""
        return (
            fields.text(self.spec.get("serviceAccountName"))
            or fields.text(self.spec.get("serviceAccount"))
            or "default"
        )

    @property
    def host_network(self) -> bool:
        """Whether the pods share the network of their node."""
        return self.spec.get("hostNetwork") is True

    @property
    def main_containers(self) -> tuple[Container, ...]:
        """The containers that the pod exists for."""
        return self.of_role(Role.MAIN)

    def of_role(self, *roles: Role) -> tuple[Container, ...]:
        """Return the containers of these roles, in order."""
        return tuple(each for each in self.containers if each.role in roles)

    @property
    def serving_containers(self) -> tuple[Container, ...]:
        """The containers whose named ports a Service or policy can mean: main ones, then sidecars.

        Source: https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports
        """
        return (*self.of_role(Role.MAIN), *self.of_role(Role.SIDECAR))

    def port_number(self, port: int | str, protocol: str = DEFAULT_PROTOCOL) -> int | None:
        """
        Return the number of the port that ``port`` means in these pods.

        A number means itself, declared or not.  A name means the first declared port of that name
        and protocol; None where there is none.
        """
        if isinstance(port, int):
            return port
        for container in self.serving_containers:
            for declared in container.ports:
                if declared.name == port and declared.protocol == protocol:
                    return declared.number
        return None

    @property
    def volumes(self) -> tuple[tuple[str, Manifest], ...]:
        """The volumes in order: path of the entry, and the entry."""
        root = fields.below(self.path, "spec.volumes")
        found = fields.mappings(self.spec.get("volumes"))
        return tuple((f"{root}[{index}]", volume) for index, volume in found)

    @property
    def claim_templates(self) -> tuple[tuple[str, Manifest], ...]:
        """The ``volumeClaimTemplates`` of a StatefulSet in order: path of the entry, and it."""
        if self.kind != kinds.STATEFUL_SET:
            return ()
        found = fields.mappings(self.owner_spec.get("volumeClaimTemplates"))
        return tuple((f"spec.volumeClaimTemplates[{index}]", claim) for index, claim in found)

    @property
    def volume_names(self) -> frozenset[str]:
        """What containers may mount: volumes, and the claims that a StatefulSet makes."""
        names = {fields.text(volume.get("name")) for _, volume in self.volumes}
        names.update(
            fields.text(fields.at(claim, "metadata", "name")) for _, claim in self.claim_templates
        )
        return frozenset(name for name in names if name)

    @property
    def is_finished(self) -> bool:
        """Whether it is a Pod, seen in a cluster, that has run to its end."""
        return fields.at(self.raw, "status", "phase") in ("Succeeded", "Failed")


def template(owner: ObjectRef, kind: GroupKind, manifest: Manifest) -> PodTemplate | None:
    """Return the pods that an object makes, None where objects of its kind make none."""
    keys = kinds.pod_path(kind)
    if keys is None:
        return None
    found = fields.mapping(fields.at(manifest, *keys))
    path = ".".join(keys)
    spec = fields.mapping(found.get("spec"))
    return PodTemplate(
        owner,
        kind,
        path,
        manifest,
        fields.mapping(found.get("metadata")),
        spec,
        tuple(_containers(spec, fields.below(path, "spec"))),
    )


def _containers(spec: Manifest, path: str) -> Iterator[Container]:
    for index, raw in fields.mappings(spec.get("initContainers")):
        role = Role.SIDECAR if raw.get("restartPolicy") == "Always" else Role.INIT
        yield Container(role, f"{path}.initContainers[{index}]", raw)
    for index, raw in fields.mappings(spec.get("containers")):
        yield Container(Role.MAIN, f"{path}.containers[{index}]", raw)
    for index, raw in fields.mappings(spec.get("ephemeralContainers")):
        yield Container(Role.EPHEMERAL, f"{path}.ephemeralContainers[{index}]", raw)
