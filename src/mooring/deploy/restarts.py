"""
Pods that start anew when what they read at their start has changed.

kustomize gives the ConfigMaps and Secrets that it makes a name that changes with their content, so
that every pod which reads one is replaced.  Here their names stay, and the pod template says in an
annotation what they hold: the same pods are replaced, and no name is left behind at each change.
Of a Secret only masks are part of it.  Jobs have none: the template of a Job cannot change.

Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/generatoroptions/
"""

from collections.abc import Iterable, Iterator, Set
from typing import Any

import msgspec

from mooring.deploy import masking
from mooring.digests import hexadecimal
from mooring.kube.labels import CONFIG_CHECKSUM
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, pod_references, pods
from mooring.semantics.fields import Manifest
from mooring.semantics.objects import Item, ManifestSet
from mooring.semantics.pods import PodTemplate

_REPLACED = (kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.DAEMON_SET)
_CONTENT = ("data", "binaryData", "stringData")


def with_checksums(manifests: Iterable[Manifest], made: Set[ObjectRef]) -> list[dict[str, Any]]:
    """Return ``manifests``; templates of pods that read one of ``made`` change with its content."""
    objects = ManifestSet(manifests, namespace=None)
    contents = {item.ref: _content(item) for item in objects if item.ref in made}
    return [*(_marked(item, contents) for item in objects), *map(dict, objects.strays)]


def _content(item: Item) -> dict[str, object]:
    """Return what the keys of a ConfigMap or Secret hold; of secret values their masks."""
    found: dict[str, object] = {}
    for field in _CONTENT:
        found.update(fields.mapping(masking.shown(item.ref, (field,), item.manifest.get(field))))
    return found


def _marked(item: Item, contents: dict[ObjectRef, dict[str, object]]) -> dict[str, Any]:
    manifest = dict(item.manifest)
    template = pods.template(item.ref, item.kind, item.manifest) if contents else None
    if template is None or item.kind not in _REPLACED:
        return manifest
    read: dict[str, dict[str, object]] = {}
    for target, key in _read(template):
        if target in contents:
            content = contents[target]
            taken = content if key is None else {key: content.get(key)}
            read.setdefault(str(target), {}).update(taken)
    if not read:
        return manifest
    checksum = hexadecimal(msgspec.json.encode(read, order="deterministic"))
    annotations = fields.mapping(template.metadata.get("annotations"))
    metadata = {**template.metadata, "annotations": {**annotations, CONFIG_CHECKSUM: checksum}}
    spec = fields.mapping(manifest.get("spec"))
    changed = {**fields.mapping(spec.get("template")), "metadata": metadata}
    return {**manifest, "spec": {**spec, "template": changed}}


def _read(template: PodTemplate) -> Iterator[tuple[ObjectRef, str | None]]:
    """Yield what the pods read, and which key of it; None where it is all of them."""
    references = tuple(pod_references.of(template))
    # A volume names its source, and then each of the keys that it takes, if not all.
    narrowed = {one.field.partition(_ITEMS)[0] for one in references if _ITEMS in one.field}
    for one in references:
        is_whole = one.key is None
        if not (is_whole and one.field.rpartition(".")[0] in narrowed):
            yield one.target, one.key


_ITEMS = ".items["
