"""
Hasura engines of a bundle, the folders that they are given, and the metadata in these.

A folder is known by the last part of the path at which it is mounted: ``/hasura-metadata`` holds
metadata, as ``/metadata`` does.  The files of metadata are read from the ConfigMaps that are
mounted there.

Source: https://hasura.io/docs/2.0/migrations-metadata-seeds/metadata-format/
"""

import posixpath
from collections.abc import Iterator
from typing import Any, NamedTuple

from mooring.check.bundle import Bundle
from mooring.check.pods import Container
from mooring.semantics import fields, kinds
from mooring.semantics.objects import Item

FOLDERS = ("migrations", "metadata", "seeds")


class MetadataFile(NamedTuple):
    """A file of metadata: the ConfigMap and key that hold it, its name, its content as values."""

    item: Item
    key: str
    name: str
    content: Any


def engines(bundle: Bundle) -> Iterator[Container]:
    """Yield the containers that serve GraphQL with Hasura, not those that run its CLI."""
    for container in bundle.containers:
        known = container.known
        is_hasura = known is not None and known.family.name == "hasura"
        if is_hasura and container.goes_on and container.pod.kind not in _TASKS:
            yield container


_TASKS = (kinds.JOB, kinds.CRON_JOB)


def applies_by_itself(container: Container) -> bool:
    """Tell whether the image applies at its start what is mounted; the plain one does not."""
    return "cli-migrations" in (container.image or "")


def folders(container: Container) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return the mounts of the folders that the CLI knows, by folder: place and mount."""
    found: dict[str, tuple[str, dict[str, Any]]] = {}
    for place, mount in container.mounts:
        last = posixpath.basename((fields.text(mount.get("mountPath")) or "").rstrip("/"))
        for folder in FOLDERS:
            if last == folder or last.endswith((f"-{folder}", f"_{folder}")):
                found.setdefault(folder, (place, dict(mount)))
    return found


def metadata(container: Container) -> Iterator[MetadataFile]:
    """Yield the files of metadata in YAML that the container is given."""
    mounted = folders(container).get("metadata")
    if mounted is None:
        return
    pod = container.pod
    _, volume = pod.volumes.get(fields.text(mounted[1].get("name")) or "", ("", {}))
    source = fields.mapping(volume.get("configMap"))
    item = pod.objects.find(kinds.CONFIG_MAP, fields.text(source.get("name")) or "", pod.namespace)
    if item is None:
        return
    paths = {
        fields.text(one.get("key")): fields.text(one.get("path"))
        for _, one in fields.mappings(source.get("items"))
    }
    for key, text in fields.mapping(item.manifest.get("data")).items():
        name = paths.get(key) or key
        if isinstance(text, str) and name.endswith((".yaml", ".yml")):
            yield MetadataFile(item, key, name, _values(text, name))


def _values(text: str, name: str) -> Any:
    from mooring.manifests import documents

    read = documents.read(text.encode(), name).documents
    return read[0].value if len(read) == 1 else None
