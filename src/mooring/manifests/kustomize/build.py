"""
A kustomization, built: what it takes together, what it makes, and what it changes.

Folders are built from the innermost out, as `kustomize build` does it.  Everything is read from
files below; what stands at an address is not fetched and is told as a fault, because nothing can be
said of it.  What a kustomization changes keeps the place of what it changed.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/
"""

import os
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from mooring.manifests import documents, json_patch
from mooring.manifests.documents import Document, Fault
from mooring.manifests.entries import Entry, entries
from mooring.manifests.kustomize import changes, generators, names, strategic
from mooring.manifests.kustomize.generators import Generator
from mooring.sources import Position

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
IsClusterScoped = Callable[[str, str], bool]
"""Tells whether objects of an apiVersion and kind stand outside of namespaces."""

_DEEPEST = 32


class Built(NamedTuple):
    """
    The objects of a kustomization, and what could not be built.

    ``included`` are the folders of the kustomizations that it takes in, by their real paths.
    """

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    included: frozenset[str] = frozenset()


class _Patch(msgspec.Struct, frozen=True):
    path: str | None = None
    patch: str | None = None
    target: dict[str, Any] | None = None
    options: dict[str, Any] = {}


class _File(msgspec.Struct, frozen=True, rename="camel"):
    """The fields of a kustomization file that are obeyed."""

    resources: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    crds: tuple[str, ...] = ()
    namespace: str | None = None
    name_prefix: str = ""
    name_suffix: str = ""
    common_labels: dict[str, str] = {}
    labels: tuple[dict[str, Any], ...] = ()
    common_annotations: dict[str, str] = {}
    images: tuple[dict[str, Any], ...] = ()
    replicas: tuple[dict[str, Any], ...] = ()
    patches: tuple[_Patch, ...] = ()
    patches_strategic_merge: tuple[str, ...] = ()
    patches_json6902: tuple[_Patch, ...] = msgspec.field(default=(), name="patchesJson6902")
    config_map_generator: tuple[Generator, ...] = ()
    secret_generator: tuple[Generator, ...] = ()
    generator_options: dict[str, Any] = {}
    replacements: tuple[dict[str, Any], ...] = ()


_HARMLESS = {"apiVersion", "kind", "metadata", "openapi", "configurations", "buildMetadata"}
_HARMLESS |= {"sortOptions"}
_OBEYED = {field.encode_name for field in msgspec.structs.fields(_File)} - {"replacements"}


def build(folder: str, *, shown: str, is_cluster_scoped: IsClusterScoped) -> Built:
    """
    Return the objects of the kustomization in ``folder``, which is shown to the user as ``shown``.

    Nothing is raised: what cannot be read or does not fit is among the faults.
    """
    builder = _Builder(is_cluster_scoped)
    made = builder.folder(folder, shown, 0)
    return Built(tuple(made), tuple(builder.faults), frozenset(builder.included))


class _Builder:
    """Builds folder by folder and gathers the faults."""

    def __init__(self, is_cluster_scoped: IsClusterScoped) -> None:
        self.faults: list[Fault] = []
        self.included: set[str] = set()
        self._is_cluster_scoped = is_cluster_scoped

    def folder(self, folder: str, shown: str, depth: int) -> list[Entry]:
        """Return the objects of the kustomization in ``folder``."""
        document = self._file(folder, shown)
        if document is None:
            return []
        if depth > _DEEPEST:
            self._fault("the kustomizations include one another without end", document)
            return []
        try:
            said = msgspec.convert(document.value, _File)
        except msgspec.ValidationError as error:
            self._fault(f"this is no kustomization: {error}", document)
            return []
        self._tell_of_unknown(document)
        made: list[Entry] = []
        for field, paths in (("resources", said.resources), ("bases", said.bases)):
            for index, path in enumerate(paths):
                made += self._resource(folder, shown, path, document, f"{field}[{index}]", depth)
        for index, path in enumerate(said.components):
            made += self._resource(folder, shown, path, document, f"components[{index}]", depth)
            inner = self._component(folder, shown, path)
            if inner is not None:
                made = self._changed(made, *inner)
        made = self._generated(made, said, folder, shown, document)
        return self._changed(made, said, os.path.normpath(folder), shown, document)

    def _component(
        self, folder: str, shown: str, path: str
    ) -> tuple[_File, str, str, Document] | None:
        """Return a component, whose changes hold for what includes it."""
        inner, name = os.path.join(folder, path), os.path.join(shown, path)
        before = len(self.faults)
        document = self._file(inner, name)
        del self.faults[before:]
        if document is None:
            return None
        try:
            return msgspec.convert(document.value, _File), inner, name, document
        except msgspec.ValidationError:
            return None

    def _file(self, folder: str, shown: str) -> Document | None:
        found = [name for name in NAMES if os.path.isfile(os.path.join(folder, name))]
        if not found:
            self.faults.append(Fault("there is no kustomization here", Position(shown)))
            return None
        path, name = os.path.join(folder, found[0]), os.path.join(shown, found[0])
        content = self._content(path, name)
        read = documents.read(content or b"", name)
        self.faults.extend(read.faults)
        if not read.documents or not isinstance(read.documents[0].value, dict):
            return None
        return read.documents[0]

    def _content(self, path: str, shown: str, at: Position | None = None) -> bytes | None:
        try:
            with open(path, "rb") as stream:
                return stream.read()
        except OSError as error:
            told = f"{shown} cannot be read: {error.strerror}"
            self.faults.append(Fault(told, at or Position(shown)))
            return None

    def _resource(
        self, folder: str, shown: str, path: str, document: Document, field: str, depth: int
    ) -> list[Entry]:
        if "://" in path or path.startswith(("github.com/", "git@")) or "?ref=" in path:
            self._fault(f"{path} is not fetched, and nothing is said of it", document, field)
            return []
        target, name = os.path.join(folder, path), os.path.normpath(os.path.join(shown, path))
        if os.path.isdir(target):
            self.included.add(os.path.realpath(target))
            return self._inner(target, name, depth, field)
        at = Entry(document.value, document).position(field)
        content = self._content(target, name, at)
        if content is None:
            return []
        read = documents.read(content, name)
        self.faults.extend(read.faults)
        return list(entries(read.documents))

    def _inner(self, folder: str, shown: str, depth: int, field: str) -> list[Entry]:
        if not field.startswith("components"):
            return self.folder(folder, shown, depth + 1)
        # Of a component only what it adds: its changes are made by what includes it.
        document = self._file(folder, shown)
        if document is None:
            return []
        try:
            said = msgspec.convert(document.value, _File)
        except msgspec.ValidationError as error:
            self._fault(f"this is no kustomization: {error}", document)
            return []
        made: list[Entry] = []
        for index, path in enumerate(said.resources):
            made += self._resource(folder, shown, path, document, f"resources[{index}]", depth + 1)
        return self._generated(made, said, folder, shown, document)

    def _generated(
        self, made: list[Entry], said: _File, folder: str, shown: str, document: Document
    ) -> list[Entry]:
        for field, every, is_secret in (
            ("configMapGenerator", said.config_map_generator, False),
            ("secretGenerator", said.secret_generator, True),
        ):
            for index, one in enumerate(every):
                at = Entry(document.value, document).position(f"{field}[{index}]")

                def read(path: str, at: Position | None = at) -> bytes:
                    name = os.path.normpath(os.path.join(shown, path))
                    return self._content(os.path.join(folder, path), name, at) or b""

                value = generators.generated(
                    one, is_secret=is_secret, read=read, options=said.generator_options
                )
                entry = Entry(
                    value,
                    document,
                    f"{field}[{index}]",
                    is_hashed=generators.is_hashed(one, said.generator_options),
                )
                made = changes.joined(made, entry, one)
        return made

    def _changed(
        self, made: list[Entry], said: _File, folder: str, shown: str, document: Document
    ) -> list[Entry]:
        for index, text in enumerate(said.patches_strategic_merge):
            made = self._patched(
                made, _patch_of(text), folder, shown, document, f"patchesStrategicMerge[{index}]"
            )
        for index, one in enumerate(said.patches):
            made = self._patched(made, one, folder, shown, document, f"patches[{index}]")
        if said.namespace:
            made = changes.in_namespace(made, said.namespace, self._is_cluster_scoped)
        if said.name_prefix or said.name_suffix:
            made = changes.renamed(made, said.name_prefix, said.name_suffix, names.with_new_names)
        if said.common_labels:
            made = changes.labelled(made, said.common_labels, selectors=True, templates=True)
        for one_of in said.labels:
            made = changes.labelled(
                made,
                one_of.get("pairs") or {},
                selectors=one_of.get("includeSelectors") is True,
                templates=one_of.get("includeTemplates") is True,
            )
        if said.common_annotations:
            made = changes.annotated(made, said.common_annotations)
        for index, one in enumerate(said.patches_json6902):
            made = self._patched(made, one, folder, shown, document, f"patchesJson6902[{index}]")
        for scale in said.replicas:
            made = changes.scaled(made, str(scale.get("name")), scale.get("count"))
        for image in said.images:
            made = changes.with_image(made, image)
        return made

    def _patched(
        self,
        made: list[Entry],
        one: _Patch,
        folder: str,
        shown: str,
        document: Document,
        field: str,
    ) -> list[Entry]:
        text = (one.patch or "").encode()
        if one.path:
            at = Entry(document.value, document).position(field)
            name = os.path.normpath(os.path.join(shown, one.path))
            content = self._content(os.path.join(folder, one.path), name, at)
            if content is None:
                return made
            text = content
        read = documents.read(text, shown)
        if read.faults:
            self._fault(f"the patch cannot be read: {read.faults[0].message}", document, field)
            return made
        for value in (each.value for each in read.documents):
            if isinstance(value, list):
                made = self._json_patched(made, value, one, document, field)
            elif isinstance(value, dict):
                made = self._merged(made, value, one, document, field)
        return made

    def _json_patched(
        self, made: list[Entry], patch: list[Any], one: _Patch, document: Document, field: str
    ) -> list[Entry]:
        done: list[Entry] = []
        hit = False
        for entry in made:
            if changes.is_target(entry, one.target):
                hit = True
                try:
                    value = json_patch.patched(entry.manifest, patch)
                except json_patch.PatchFailed as error:
                    self._fault(f"the patch does not fit: {error}", document, field)
                    value = entry.manifest
                entry = msgspec.structs.replace(entry, manifest=value)
            done.append(entry)
        if not hit:
            self._fault("the patch has no target", document, field)
        return done

    def _merged(
        self, made: list[Entry], patch: dict[str, Any], one: _Patch, document: Document, field: str
    ) -> list[Entry]:
        target = one.target or changes.target_of(patch)
        done: list[Entry] = []
        hit = False
        for entry in made:
            if not changes.is_target(entry, target):
                done.append(entry)
                continue
            hit = True
            if patch.get("$patch") == "delete":
                continue
            body = patch
            if one.target is not None:
                # The target says whose it is; the patch's own name is only a stand-in.
                body = {key: value for key, value in patch.items() if key not in _IDENTITY}
                body["metadata"] = {
                    key: value
                    for key, value in (patch.get("metadata") or {}).items()
                    if key not in ("name", "namespace")
                }
            known = strategic.is_built_in(str(entry.manifest.get("apiVersion")))
            value = strategic.merged(entry.manifest, body, is_known=known)
            done.append(msgspec.structs.replace(entry, manifest=value))
        if not hit:
            self._fault("the patch has no target", document, field)
        return done

    def _tell_of_unknown(self, document: Document) -> None:
        for key in document.value:
            if key not in _OBEYED and key not in _HARMLESS:
                self._fault(f"{key} is not obeyed here; the kustomize program does", document, key)

    def _fault(self, message: str, document: Document, field: str | None = None) -> None:
        at = Entry(document.value, document).position(field) or document.position
        self.faults.append(Fault(message, at))


_IDENTITY = ("apiVersion", "kind", "metadata")


def _patch_of(text: str) -> _Patch:
    """Return a patch of the older form: a path, or the patch itself."""
    return _Patch(patch=text) if "\n" in text or ":" in text else _Patch(path=text)
