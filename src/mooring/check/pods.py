"""
Pods and containers as rules look at them: the manifest, and what is known about it.

Everything is derived when it is first asked for and kept, because two hundred rules ask for the
same.
"""

from functools import cached_property

from mooring.check.environment import Variable, variables
from mooring.images import catalogue, references
from mooring.images.catalogue import KnownImage
from mooring.images.references import Reference
from mooring.refs import ObjectRef
from mooring.semantics import fields, pods
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import ManifestSet
from mooring.semantics.pods import ContainerPort, PodTemplate, Role


class Container:
    """
    A container of a pod that the input describes.

    ``raw`` is its manifest, ``path`` its place in the object (``spec.template.spec.containers[0]``)
    and ``role`` when it runs.
    """

    def __init__(self, pod: "Pod", container: pods.Container) -> None:
        self.pod = pod
        self.raw: Manifest = container.raw
        self.path = container.path
        self.role = container.role
        self.name = container.name
        self.image = container.image
        self._container = container

    @property
    def owner(self) -> ObjectRef:
        """The object that the container is a part of."""
        return self.pod.owner

    @property
    def is_main(self) -> bool:
        """Whether it is one of those for which the pod exists."""
        return self.role is Role.MAIN

    @property
    def goes_on(self) -> bool:
        """Whether it runs as long as its pod: a main container or a sidecar."""
        return self.role in (Role.MAIN, Role.SIDECAR)

    @cached_property
    def reference(self) -> Reference | None:
        """The parts of the image's name; None where it is no image reference."""
        return references.parse(self.image) if self.image else None

    @cached_property
    def known(self) -> KnownImage | None:
        """What the catalogue says of the image, for its version; None of an unknown one."""
        return catalogue.lookup(self.image) if self.image else None

    @cached_property
    def security(self) -> Manifest:
        """The ``securityContext`` of the container itself."""
        return self._container.security

    @cached_property
    def ports(self) -> tuple[ContainerPort, ...]:
        """The declared ports."""
        return self._container.ports

    @cached_property
    def command(self) -> tuple[str, ...]:
        """The words of ``command``, which replace the image's entrypoint."""
        return fields.texts(self.raw.get("command"))

    @cached_property
    def args(self) -> tuple[str, ...]:
        """The words of ``args``, which replace the image's command."""
        return fields.texts(self.raw.get("args"))

    @cached_property
    def words(self) -> str:
        """``command`` and ``args`` as one text, for what is looked for in both."""
        return " ".join((*self.command, *self.args))

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that its process finds, each once; see `environment.variables`."""
        return variables(self.raw, self.path, self.pod.namespace, self.pod.objects)

    @cached_property
    def variable(self) -> dict[str, Variable]:
        """The variables by name."""
        return {one.name: one for one in self.variables}

    @cached_property
    def imports_unknown(self) -> bool:
        """Whether it has variables of a ConfigMap or Secret that the input does not hold."""
        known = {one.field for one in self.variables}
        return any(path not in known for path, _ in self._container.env_from)

    @cached_property
    def mounts(self) -> tuple[tuple[str, Manifest], ...]:
        """The volume mounts in order: path of the entry, and the entry."""
        return self._container.mounts

    def probe(self, name: str) -> Manifest:
        """Return ``readinessProbe``, ``livenessProbe`` or ``startupProbe``; empty for none."""
        return fields.mapping(self.raw.get(name))

    def amounts(self, kind: str) -> Manifest:
        """Return the ``requests`` or ``limits`` as written; empty where there are none."""
        return fields.mapping(fields.at(self.raw, "resources", kind))


class Pod:
    """The pods that one object makes, or is: a template with its containers."""

    def __init__(self, template: PodTemplate, objects: ManifestSet) -> None:
        self.template = template
        self.objects = objects
        self.owner = template.owner
        self.kind = template.kind
        self.namespace = template.namespace
        self.spec: Manifest = template.spec
        self.path = fields.below(template.path, "spec")
        self.containers = tuple(Container(self, one) for one in template.containers)

    @cached_property
    def main_containers(self) -> tuple[Container, ...]:
        """The containers that the pod exists for."""
        return tuple(one for one in self.containers if one.is_main)

    @cached_property
    def lasting_containers(self) -> tuple[Container, ...]:
        """The containers that run as long as the pod: main ones and sidecars."""
        return tuple(one for one in self.containers if one.goes_on)

    @cached_property
    def labels(self) -> dict[str, str]:
        """The labels of the pods."""
        return dict(self.template.labels)

    @cached_property
    def volumes(self) -> dict[str, tuple[str, Manifest]]:
        """The volumes by name, each with its place in the object; claims of templates are apart."""
        return {
            name: (path, volume)
            for path, volume in self.template.volumes
            if (name := fields.text(volume.get("name"))) is not None
        }

    @cached_property
    def claim_templates(self) -> dict[str, tuple[str, Manifest]]:
        """The claims that a StatefulSet makes for each pod, by name, with their places."""
        return {
            name: (path, claim)
            for path, claim in self.template.claim_templates
            if (name := fields.text(fields.at(claim, "metadata", "name"))) is not None
        }

    @cached_property
    def replicas(self) -> int:
        """How many pods are asked for; 1 where nothing is said."""
        written = fields.integer(self.template.owner_spec.get("replicas"))
        return 1 if written is None else written
