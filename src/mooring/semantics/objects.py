"""
A set of anybody's objects: plain manifests behind refs, found by ref, kind and namespace.

Nothing is dropped or altered: fields and kinds that we do not know stay in the manifests.  What
the API server would decide is decided here: an object without a namespace goes to the default one
that the caller names, objects of cluster-wide kinds to none, the items of a ``List`` stand for
themselves, and the versions of a kind are one kind.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

import msgspec

from mooring.kube import manifest as kube_manifest
from mooring.kube.object_set import ObjectSet
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, pods
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind


class Item(msgspec.Struct, frozen=True, gc=False):
    """One object of a set: its identity, with the namespace it will be in, and its manifest."""

    ref: ObjectRef
    kind: GroupKind
    manifest: Manifest

    @property
    def spec(self) -> Manifest:
        """The ``spec``, empty where there is none."""
        return fields.mapping(self.manifest.get("spec"))

    @property
    def metadata(self) -> Manifest:
        """The ``metadata``."""
        return fields.mapping(self.manifest.get("metadata"))

    @property
    def labels(self) -> dict[str, str]:
        """The object's own labels."""
        return {**fields.labels(self.metadata.get("labels"))}

    @property
    def annotations(self) -> dict[str, str]:
        """The object's own annotations."""
        return {**fields.labels(self.metadata.get("annotations"))}

    @property
    def namespace(self) -> str:
        """The namespace, or an empty text for what is outside all or not yet in any."""
        return self.ref.namespace or ""

    @property
    def controller(self) -> str | None:
        """The uid of the object that manages this one (``ownerReferences``), if any does."""
        for _, owner in fields.mappings(self.metadata.get("ownerReferences")):
            if owner.get("controller") is True:
                return fields.text(owner.get("uid")) or ""
        return None


class ManifestSet:
    """
    Objects in the order in which they were given; never changed after it is made.

    ``namespace`` is where objects go that name none; None leaves them in a namespace of no name,
    where they still find each other.  Documents without apiVersion, kind or name are no objects:
    they are in ``strays``.  Where an identity occurs twice, the first is found, as both stay in
    the order and the second is in ``duplicates``.
    """

    def __init__(self, manifests: Iterable[Manifest], *, namespace: str | None = None) -> None:
        self.namespace = namespace
        self.strays: tuple[Manifest, ...]
        self.duplicates: tuple[Item, ...]
        strays: list[Manifest] = []
        flat = [each for manifest in manifests for each in _flattened(manifest)]
        cluster_wide = _cluster_wide_definitions(flat)
        self._items: list[Item] = []
        self._by_name: dict[tuple[GroupKind, str, str], Item] = {}
        self._by_kind: dict[GroupKind, list[Item]] = {}
        self._by_namespace: dict[str, list[Item]] | None = None
        self._by_place: dict[GroupKind, dict[str, list[Item]]] = {}
        duplicates: list[Item] = []
        for manifest in flat:
            item = self._item(manifest, cluster_wide)
            if item is None:
                strays.append(manifest)
                continue
            self._items.append(item)
            self._by_kind.setdefault(item.kind, []).append(item)
            key = (item.kind, item.namespace, item.ref.name)
            if self._by_name.setdefault(key, item) is not item:
                duplicates.append(item)
        self.strays, self.duplicates = tuple(strays), tuple(duplicates)

    @classmethod
    def of(cls, objects: ObjectSet, *, namespace: str | None = None) -> "ManifestSet":
        """Return the set of objects that we made ourselves; the values of Secrets stay masked."""
        return cls(map(kube_manifest.manifest, objects), namespace=namespace)

    def _item(self, manifest: Manifest, cluster_wide: frozenset[GroupKind]) -> Item | None:
        metadata = fields.mapping(manifest.get("metadata"))
        api_version, kind = manifest.get("apiVersion"), manifest.get("kind")
        name = fields.text(metadata.get("name"))
        if not (isinstance(api_version, str) and isinstance(kind, str) and name and kind):
            return None
        known = kinds.group_kind(api_version, kind)
        namespace = fields.text(metadata.get("namespace")) or self.namespace
        if kinds.is_cluster_scoped(known) or known in cluster_wide:
            namespace = None
        return Item(ObjectRef(api_version, kind, name, namespace), known, manifest)

    def __iter__(self) -> Iterator[Item]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __contains__(self, ref: object) -> bool:
        return isinstance(ref, ObjectRef) and self.get(ref) is not None

    def get(self, ref: ObjectRef) -> Item | None:
        """Return the object of ``ref``, whatever the version in which it is written."""
        return self.find(kinds.group_kind(ref.api_version, ref.kind), ref.name, ref.namespace)

    def find(self, kind: GroupKind, name: str, namespace: str | None = None) -> Item | None:
        """Return the object of ``kind`` called ``name`` in ``namespace``, None where none is."""
        return self._by_name.get((kind, namespace or "", name))

    def of_kind(self, *wanted: GroupKind) -> Iterator[Item]:
        """Yield the objects of the kinds, kind by kind, each in order."""
        for kind in wanted:
            yield from self._by_kind.get(kind, ())

    def of_kind_in(self, kind: GroupKind, namespace: str) -> Iterator[Item]:
        """Yield the objects of ``kind`` in ``namespace``, in order."""
        found = self._by_place.get(kind)
        if found is None:
            found = self._by_place[kind] = {}
            for item in self._by_kind.get(kind, ()):
                found.setdefault(item.namespace, []).append(item)
        return iter(found.get(namespace, ()))

    def of_namespace(self, namespace: str) -> Iterator[Item]:
        """Yield the objects of ``namespace``, in order; "" is where it is not yet decided."""
        if self._by_namespace is None:
            self._by_namespace = {}
            for item in self._items:
                self._by_namespace.setdefault(item.namespace, []).append(item)
        return iter(self._by_namespace.get(namespace, ()))

    @property
    def known_kinds(self) -> frozenset[GroupKind]:
        """The kinds of which the set has an object."""
        return frozenset(self._by_kind)

    @cached_property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces that exist or are used, sorted; the one without a name is left out."""
        used = {item.namespace for item in self._items}
        used.update(item.ref.name for item in self.of_kind(kinds.NAMESPACE))
        return tuple(sorted(used - {""}))

    @cached_property
    def templates(self) -> tuple[pods.PodTemplate, ...]:
        """
        What pods will be made of, in order: one for each object that holds a pod template.

        Objects that another object of the set manages (the ReplicaSets and Pods of a Deployment
        in a snapshot) are left out: they are the same pods once more.
        """
        uids = {fields.text(item.metadata.get("uid")) for item in self._items}
        return tuple(
            template
            for item in self._items
            if (template := pods.template(item.ref, item.kind, item.manifest)) is not None
            and not ((owner := item.controller) and owner in uids)
        )

    @cached_property
    def template_of(self) -> dict[ObjectRef, pods.PodTemplate]:
        """The pod template of each object in ``templates``, by the object's ref."""
        return {template.owner: template for template in self.templates}


def _flattened(manifest: Manifest) -> Iterator[Manifest]:
    """Yield ``manifest``, or the items of a ``List`` (``v1 List``, ``PodList`` ...) one by one."""
    kind = manifest.get("kind")
    if isinstance(kind, str) and kind.endswith("List") and isinstance(manifest.get("items"), list):
        # In a typed list the items may leave out what its own kind says.
        shared = {"apiVersion": manifest.get("apiVersion"), "kind": kind.removesuffix("List")}
        for _, item in fields.mappings(manifest["items"]):
            yield from _flattened({**shared, **item} if shared["kind"] else item)
    else:
        yield manifest


def _cluster_wide_definitions(manifests: Iterable[Manifest]) -> frozenset[GroupKind]:
    """Return the kinds that a CustomResourceDefinition among ``manifests`` makes cluster-wide."""
    found = set()
    for manifest in manifests:
        if manifest.get("kind") == kinds.DEFINITION.kind:
            spec = fields.mapping(manifest.get("spec"))
            group, kind = fields.text(spec.get("group")), fields.at(spec, "names", "kind")
            if spec.get("scope") == "Cluster" and group and isinstance(kind, str):
                found.add(GroupKind(group, kind))
    return frozenset(found)
