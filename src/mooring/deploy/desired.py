"""
What is wanted in a cluster: anybody's manifests, as they are sent.

What the server would drop or rewrite is settled here, so that what is compared later is alike:
``stringData`` becomes ``data``, empty values and a ``status`` are left out, every object names its
namespace.  Hooks that are not meant for going up are no part of a deployment.
"""

import base64
from collections.abc import Iterable
from typing import Any

import msgspec

from mooring.deploy import hooks
from mooring.digests import hexadecimal
from mooring.kube.labels import ORIGIN, OWNER
from mooring.refs import ObjectRef
from mooring.semantics import fields, kinds, selection
from mooring.semantics.fields import Manifest
from mooring.semantics.kinds import GroupKind
from mooring.semantics.objects import Item, ManifestSet


class LeftOut(msgspec.Struct, frozen=True):
    """An object that is no part of a deployment, and why."""

    ref: ObjectRef
    why: str


class Desired(msgspec.Struct, frozen=True):
    """
    The objects of one environment of one project.

    ``home`` is the namespace in which it is recorded what was deployed; ``scaled`` are the
    workloads whose number of pods an autoscaler decides; ``left_out`` is what was given and is not
    meant for going up.
    """

    project: str
    environment: str
    home: str
    objects: ManifestSet
    scaled: frozenset[ObjectRef] = frozenset()
    left_out: tuple[LeftOut, ...] = ()

    @property
    def refs(self) -> tuple[ObjectRef, ...]:
        """The refs of all objects, in order."""
        return tuple(item.ref for item in self.objects)

    def is_scaled(self, ref: ObjectRef) -> bool:
        """Tell whether an autoscaler decides how many pods ``ref`` has."""
        return ref in self.scaled


def desired(
    manifests: Iterable[Manifest],
    *,
    project: str,
    environment: str,
    namespace: str,
    is_namespaced: "dict[GroupKind, bool] | None" = None,
    is_first: bool = False,
) -> Desired:
    """
    Return what ``manifests`` ask for; ``namespace`` is where objects go that name none.

    ``is_namespaced`` is what a cluster says of kinds that Kubernetes itself does not have.  With
    ``is_first`` nothing was up before, so there is nothing to upgrade.
    """
    kept: list[Manifest] = []
    others: list[Manifest] = []
    for one in manifests:
        is_other = hooks.of_something_else(one) or (is_first and hooks.of_upgrades_alone(one))
        (others if is_other else kept).append(one)
    left_out = tuple(
        LeftOut(item.ref, f"a hook for {', '.join(sorted(hooks.events(item.manifest)))}")
        for item in ManifestSet(others, namespace=namespace)
    )
    first = ManifestSet(kept, namespace=namespace)
    owner = owner_name(project, environment)
    sent = [
        _sent(item, is_namespaced or {}, owner) for item in first if item not in first.duplicates
    ]
    objects = ManifestSet(sent, namespace=None)
    scaled = frozenset(selection.Selections(objects).autoscaler_of)
    return Desired(project, environment, _home(objects, namespace), objects, scaled, left_out)


def _home(objects: ManifestSet, namespace: str) -> str:
    """Return the namespace of the project: the one it makes itself, or that of most objects."""
    made = [item.ref.name for item in objects.of_kind(kinds.NAMESPACE)]
    used: dict[str, int] = {}
    for item in objects:
        if item.namespace:
            used[item.namespace] = used.get(item.namespace, 0) + 1
    if not used:
        return made[0] if len(made) == 1 else namespace
    return min(used, key=lambda name: (name not in made, -used[name], name))


def owner_name(project: str, environment: str) -> str:
    """Return how a deployment is called in the annotation of what belongs to it."""
    return f"{project}.{environment}"


def _sent(item: Item, is_namespaced: dict[GroupKind, bool], owner: str) -> Manifest:
    made: dict[str, Any] = _without_nothing(item.manifest)
    made.pop("status", None)
    metadata = made["metadata"]
    for key in ("creationTimestamp", "managedFields", "uid", "resourceVersion", "generation"):
        metadata.pop(key, None)
    metadata["annotations"] = {**fields.mapping(metadata.get("annotations")), OWNER: owner}
    if item.ref.namespace is not None and is_namespaced.get(item.kind, True):
        metadata["namespace"] = item.ref.namespace
    else:
        metadata.pop("namespace", None)
    if item.kind == kinds.SECRET:
        texts = made.pop("stringData", None)
        data = {key: _one_line(value) for key, value in fields.mapping(made.get("data")).items()}
        for key, value in fields.mapping(texts).items():
            data[key] = base64.b64encode(str(value).encode()).decode()
        if data:
            made["data"] = data
    return made


def _one_line(value: object) -> object:
    """Return base64 that YAML has folded over lines in one."""
    return "".join(value.split()) if isinstance(value, str) else value


def _without_nothing(value: Any) -> Any:
    """Return a copy of ``value`` without nulls, which the server takes for absence."""
    if isinstance(value, dict):
        return {key: _without_nothing(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_without_nothing(one) for one in value]
    return value


def digest(manifest: Manifest) -> str:
    """Return a hash of a manifest, the same for the same content in any order of its keys."""
    return hexadecimal(msgspec.json.encode(manifest, order="deterministic"))


def origin(manifest: Manifest) -> str:
    """Return the ``file:line`` that the object was made from; empty where it does not say."""
    return fields.text(fields.at(manifest, "metadata", "annotations", ORIGIN)) or ""
