"""What a kustomization changes in all objects or in those of a target: each change is pure."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from mooring.manifests.entries import Entry
from mooring.manifests.kustomize.generators import Generator
from mooring.manifests.kustomize.names import Renamed

_TEMPLATED = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job"}
)
_SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
_SCALED = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"})


def target_of(patch: dict[str, Any]) -> dict[str, Any]:
    """Return the target that a patch without one means: the object that it looks like."""
    group, slash, version = str(patch.get("apiVersion", "")).partition("/")
    metadata = patch.get("metadata") or {}
    target = {
        "group": group if slash else "",
        "version": version if slash else group,
        "kind": patch.get("kind"),
        "name": re.escape(str(metadata.get("name"))),
    }
    if metadata.get("namespace"):
        target["namespace"] = metadata["namespace"]
    return target


def is_target(entry: Entry, target: dict[str, Any] | None) -> bool:
    """Return whether the object is one that ``target`` selects; None selects all."""
    if target is None:
        return True
    manifest = entry.manifest
    metadata = manifest.get("metadata") or {}
    group, slash, version = str(manifest.get("apiVersion", "")).partition("/")
    own = {
        "group": group if slash else "",
        "version": version if slash else group,
        "kind": manifest.get("kind"),
        "name": metadata.get("name"),
        "namespace": metadata.get("namespace") or "default",
    }
    for key, actual in own.items():
        wanted = target.get(key)
        if wanted in (None, ""):
            continue
        if re.fullmatch(str(wanted), str(actual or "")) is None:
            return False
    return all(
        _has(metadata.get(field) or {}, str(target[key]))
        for key, field in (("labelSelector", "labels"), ("annotationSelector", "annotations"))
        if target.get(key)
    )


def _has(values: dict[str, Any], selector: str) -> bool:
    for part in selector.split(","):
        key, separator, value = part.partition("=")
        wanted = value.lstrip("=").strip()
        if key.strip() not in values or (separator and values[key.strip()] != wanted):
            return False
    return True


def joined(made: list[Entry], new: Entry, one: Generator) -> list[Entry]:
    """Return ``made`` with the generated object ``new``, which may extend or replace one there."""
    if one.behavior == "create":
        return [*made, new]
    done = []
    for entry in made:
        metadata = entry.manifest.get("metadata") or {}
        if entry.manifest.get("kind") == new.manifest["kind"] and metadata.get("name") == one.name:
            if one.behavior == "replace":
                entry = msgspec.structs.replace(entry, manifest=new.manifest)
            else:
                data = {**(entry.manifest.get("data") or {}), **(new.manifest.get("data") or {})}
                entry = _with(entry, data=data)
        done.append(entry)
    return done


def in_namespace(
    made: Iterable[Entry], namespace: str, is_cluster_scoped: Callable[[str, str], bool]
) -> list[Entry]:
    """Return the objects in ``namespace``, with the accounts that bindings name."""
    made = list(made)
    accounts = {
        (entry.manifest.get("metadata") or {}).get("name")
        for entry in made
        if entry.manifest.get("kind") == "ServiceAccount"
    } | {"default"}
    done = []
    for entry in made:
        manifest = entry.manifest
        kind, version = str(manifest.get("kind")), str(manifest.get("apiVersion"))
        if kind == "Namespace":
            entry = _with(entry, metadata={**(manifest.get("metadata") or {}), "name": namespace})
        elif not is_cluster_scoped(version, kind):
            metadata = {**(manifest.get("metadata") or {}), "namespace": namespace}
            entry = _with(entry, metadata=metadata)
        if kind in ("RoleBinding", "ClusterRoleBinding"):
            subjects = [
                {**one, "namespace": namespace}
                if isinstance(one, dict)
                and one.get("kind") == "ServiceAccount"
                and one.get("name") in accounts
                else one
                for one in manifest.get("subjects") or []
            ]
            entry = _with(entry, subjects=subjects)
        done.append(entry)
    return done


def renamed(
    made: Iterable[Entry],
    prefix: str,
    suffix: str,
    with_new_names: Callable[[Any, Renamed, str], Any],
) -> list[Entry]:
    """Return the objects under their new names, and what names them with it."""
    made = list(made)
    kept = ("Namespace", "CustomResourceDefinition", "APIService")
    new: dict[tuple[str, str], str] = {}
    for entry in made:
        kind = str(entry.manifest.get("kind"))
        name = str((entry.manifest.get("metadata") or {}).get("name"))
        if kind not in kept:
            new[kind, name] = f"{prefix}{name}{suffix}"

    def name_of(kind: str, name: str) -> str:
        return new.get((kind, name), name)

    done = []
    for entry in made:
        kind = str(entry.manifest.get("kind"))
        value = with_new_names(entry.manifest, name_of, kind)
        metadata = value.get("metadata") or {}
        name = str(metadata.get("name"))
        value = {**value, "metadata": {**metadata, "name": name_of(kind, name)}}
        done.append(msgspec.structs.replace(entry, manifest=value))
    return done


def labelled(
    made: Iterable[Entry], pairs: dict[str, str], *, selectors: bool, templates: bool
) -> list[Entry]:
    """Return the objects with the labels ``pairs``, in selectors and templates where asked for."""
    done = []
    for entry in made:
        manifest = entry.manifest
        kind = manifest.get("kind")
        changed = _merged(manifest, pairs, "metadata", "labels")
        if (selectors or templates) and kind in _TEMPLATED:
            changed = _merged(changed, pairs, "spec", "template", "metadata", "labels")
        if (selectors or templates) and kind == "CronJob":
            path = ("spec", "jobTemplate", "spec", "template", "metadata", "labels")
            changed = _merged(changed, pairs, *path)
        if selectors and kind in _SELECTING:
            changed = _merged(changed, pairs, "spec", "selector", "matchLabels")
        if selectors and kind in ("Service", "ReplicationController"):
            spec = manifest.get("spec") or {}
            if kind != "Service" or spec.get("selector"):
                changed = _merged(changed, pairs, "spec", "selector")
        if selectors and kind == "PodDisruptionBudget":
            changed = _merged(changed, pairs, "spec", "selector", "matchLabels")
        if selectors and kind == "NetworkPolicy":
            changed = _merged(changed, pairs, "spec", "podSelector", "matchLabels")
        done.append(msgspec.structs.replace(entry, manifest=changed))
    return done


def annotated(made: Iterable[Entry], pairs: dict[str, str]) -> list[Entry]:
    """Return the objects, and the pods that they make, with the annotations ``pairs``."""
    done = []
    for entry in made:
        changed = _merged(entry.manifest, pairs, "metadata", "annotations")
        if entry.manifest.get("kind") in _TEMPLATED:
            changed = _merged(changed, pairs, "spec", "template", "metadata", "annotations")
        done.append(msgspec.structs.replace(entry, manifest=changed))
    return done


def scaled(made: Iterable[Entry], name: str, count: object) -> list[Entry]:
    """Return the objects, the workload ``name`` with ``count`` replicas."""
    done = []
    for entry in made:
        manifest = entry.manifest
        own = (manifest.get("metadata") or {}).get("name")
        if manifest.get("kind") in _SCALED and own == name:
            entry = _with(entry, spec={**(manifest.get("spec") or {}), "replicas": count})
        done.append(entry)
    return done


def with_image(made: Iterable[Entry], image: dict[str, Any]) -> list[Entry]:
    """Return the objects with the image of that ``name`` under its new name, tag or digest."""
    return [
        msgspec.structs.replace(entry, manifest=_with_image(entry.manifest, image))
        for entry in made
    ]


def _with_image(value: Any, image: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_with_image(one, image) for one in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for key, inner in value.items():
        if key in ("containers", "initContainers") and isinstance(inner, list):
            made[key] = [
                {**one, "image": _image(one["image"], image)}
                if isinstance(one, dict) and isinstance(one.get("image"), str)
                else one
                for one in inner
            ]
        else:
            made[key] = _with_image(inner, image)
    return made


def _image(text: str, image: dict[str, Any]) -> str:
    base, at, digest = text.partition("@")
    head, slash, last = base.rpartition("/")
    name, colon, tag = last.partition(":")
    repository = f"{head}{slash}{name}"
    if repository != image.get("name"):
        return text
    repository = str(image.get("newName") or repository)
    if image.get("digest"):
        return f"{repository}@{image['digest']}"
    if image.get("newTag") is not None:
        return f"{repository}:{image['newTag']}"
    return f"{repository}{colon}{tag}{at}{digest}"


def _merged(value: dict[str, Any], pairs: dict[str, str], *path: str) -> dict[str, Any]:
    """Return ``value`` with ``pairs`` added to the mapping at ``path``, made where it is not."""
    if not path:
        return {**value, **pairs}
    inner = value.get(path[0])
    held = inner if isinstance(inner, dict) else {}
    return {**value, path[0]: _merged(held, pairs, *path[1:])}


def _with(entry: Entry, **fields: Any) -> Entry:
    return msgspec.structs.replace(entry, manifest={**entry.manifest, **fields})
