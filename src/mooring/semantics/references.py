"""
Every name in an object that must lead somewhere, and whether it does.

A reference leads to an object, and often further: to a key of a ConfigMap or Secret, to a port of
a Service or of a pod, to a volume of the pod itself, to a file in it.  `references` lists those of
one object; `dangling` says which of a whole set lead nowhere.

What is optional may be absent.  What every cluster has (the ServiceAccount ``default``, the
priority classes of the system ...) is there.  What a controller makes of another object of the
set is there too (see `provision`).  Everything else that a cluster has besides the set is told by
the caller, since only a cluster profile knows its classes and namespaces.
"""

from collections.abc import Callable, Iterator
from enum import StrEnum

import msgspec

from mooring.refs import ObjectRef
from mooring.semantics import (
    fields,
    kinds,
    object_references,
    pod_references,
    pods,
    provision,
    views,
)
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item, ManifestSet
from mooring.semantics.pods import PodTemplate
from mooring.semantics.reference import Reference
from mooring.semantics.selection import Selections


class Missing(StrEnum):
    """What a dangling reference does not find."""

    OBJECT = "object"
    KEY = "key"
    PORT = "port"
    VOLUME = "volume"
    FILE = "file"


class Dangling(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A reference that leads nowhere.

    ``likely_maker`` is a custom resource whose name the missing object's name begins with: its
    operator may well make the object when it runs, which the set alone cannot tell.
    """

    reference: Reference
    missing: Missing
    likely_maker: ObjectRef | None = None


def references(item: Item) -> Iterator[Reference]:
    """Yield the references in one object, in the order of its parts."""
    yield from object_references.of(item)
    template = pods.template(item.ref, item.kind, item.manifest)
    if template is not None:
        yield from pod_references.of(template)


def port_names(objects: ManifestSet, selections: Selections) -> Iterator[Reference]:
    """
    Yield a reference from each named ``targetPort`` of a Service to each workload behind it.

    A pod without a port of that name gets no traffic for it, and nothing says so.
    """
    for item in objects.of_kind(kinds.SERVICE):
        service = views.Service(item)
        for port in service.ports:
            if isinstance(port.target, str) and not port.target.isdigit():
                for template in selections.behind(service):
                    yield Reference(
                        source=item.ref,
                        field=f"{port.path}.targetPort",
                        target=template.owner,
                        port=port.target,
                        protocol=port.protocol,
                    )


def _nothing_else(_: ObjectRef) -> bool:
    return False


def dangling(
    objects: ManifestSet, *, external: Callable[[ObjectRef], bool] = _nothing_else
) -> tuple[Dangling, ...]:
    """
    Return the references of the set that lead nowhere, in the order of its objects.

    ``external`` tells of an object that is not in the set whether it exists all the same; nothing
    is known of its keys and ports, so they count as there.
    """
    resolution = _Resolution(objects, external)
    found = [each for item in objects for each in resolution.of_all(references(item))]
    found.extend(resolution.of_all(port_names(objects, resolution.selections)))
    return tuple(found)


def undefined_kinds(objects: ManifestSet) -> dict[GroupKind, tuple[Item, ...]]:
    """Return the objects of kinds that neither Kubernetes nor a definition in the set has."""
    defined = set()
    for item in objects.of_kind(kinds.DEFINITION):
        group = fields.text(item.spec.get("group"))
        kind = fields.text(fields.at(item.spec, "names", "kind"))
        defined.add((group, kind))
    return {
        kind: tuple(objects.of_kind(kind))
        for kind in sorted(objects.known_kinds)
        if not kinds.is_built_in(kind.group) and kind not in defined
    }


class _Resolution:
    """What is there, asked reference by reference."""

    def __init__(self, objects: ManifestSet, external: Callable[[ObjectRef], bool]) -> None:
        self._objects = objects
        self._external = external
        self.selections = Selections(objects)
        self._made = provision.made_by_controllers(objects)
        self._custom: dict[str, list[Item]] = {}
        for item in objects:
            if not kinds.is_built_in(item.kind.group):
                self._custom.setdefault(item.namespace, []).append(item)
        self._classes_of_volumes = {
            fields.text(item.spec.get("storageClassName")) for item in objects.of_kind(kinds.VOLUME)
        }

    def of_all(self, found: Iterator[Reference]) -> Iterator[Dangling]:
        for reference in found:
            missing = self._missing(reference)
            if missing is not None:
                maker = self._likely_maker(reference) if missing is Missing.OBJECT else None
                yield Dangling(reference=reference, missing=missing, likely_maker=maker)

    def _missing(self, reference: Reference) -> Missing | None:
        target = reference.target
        kind = kinds.group_kind(target.api_version, target.kind)
        item = self._objects.find(kind, target.name, target.namespace)
        if item is not None:
            return self._missing_part(reference, item)
        if reference.optional or provision.is_in_every_cluster(kind, target):
            return None
        made = self._made.get((kind, target.namespace or "", target.name))
        if made is not None:
            keys = made.keys
            absent = reference.key is not None and keys is not None and reference.key not in keys
            return Missing.KEY if absent else None
        if kind == kinds.STORAGE_CLASS and target.name in self._classes_of_volumes:
            return None  # Claims find volumes made by hand by the name of the class alone.
        return None if self._external(target) else Missing.OBJECT

    def _missing_part(self, reference: Reference, item: Item) -> Missing | None:
        if reference.key is not None:
            if reference.optional or reference.key in views.data_keys(item):
                return None
            return Missing.KEY
        if reference.volume is not None:
            template = self._template(item)
            if template is None or reference.volume not in template.volume_names:
                return Missing.VOLUME
            if reference.file is None or _has_file(template, reference.volume, reference.file):
                return None
            return Missing.FILE
        if reference.port is not None:
            return None if self._has_port(reference, item) else Missing.PORT
        return None

    def _has_port(self, reference: Reference, item: Item) -> bool:
        assert reference.port is not None
        if item.kind == kinds.SERVICE:
            service = views.Service(item)
            # An alias has no ports of its own: the port is asked of whatever it stands for.
            return (
                service.external_name is not None
                or service.port(reference.port, reference.protocol) is not None
            )
        template = self._template(item)
        if template is None:
            return True
        if reference.container is not None:
            declared = [
                each.ports for each in template.containers if each.path == reference.container
            ]
            return any(port.name == reference.port for ports in declared for port in ports)
        protocol = reference.protocol or pods.DEFAULT_PROTOCOL
        return template.port_number(reference.port, protocol) is not None

    def _template(self, item: Item) -> PodTemplate | None:
        # Not from the set's own: those leave out the pods that another object manages.
        return pods.template(item.ref, item.kind, item.manifest)

    def _likely_maker(self, reference: Reference) -> ObjectRef | None:
        target = reference.target
        for item in self._custom.get(target.namespace or "", ()):
            if target.name == item.ref.name or target.name.startswith(f"{item.ref.name}-"):
                return item.ref
        return None


def _has_file(template: PodTemplate, volume: str, file: str) -> bool:
    """Return whether a volume with ``items`` holds ``file``, or a directory of that path."""
    for _, entry in template.volumes:
        if entry.get("name") == volume:
            source = fields.mapping(entry.get("configMap") or entry.get("secret"))
            for _, each in fields.mappings(source.get("items")):
                path = fields.text(each.get("path")) or ""
                if path == file or path.startswith(f"{file}/"):
                    return True
            return False
    return True
