"""
What environments share, and how each differs.

The base holds only what every environment says alike; a value that differs stands in none of
the base but in the patch of each environment.  So patches only ever add, nothing has to be
deleted, and no environment inherits an accident of another.

Patches are strategic merges.  kustomize merges some lists by a key and puts the elements that a
patch names first; to keep the order, such a list is merged only where all environments have the
same elements in the same order, and the patch names all elements up to the last one that
differs.  Every other list that differs stands whole in each patch.  An object with a list that
kustomize cannot merge (two elements with one key) is not shared at all.
"""

from collections.abc import Iterable, Sequence
from typing import cast

import msgspec

from mooring.kube import manifest
from mooring.kube.manifest import Manifest, Value
from mooring.kube.objects.meta import KubeObject
from mooring.refs import ObjectRef
from mooring.render.environments import in_namespace

_MERGE_KEYS = {
    "containers": "name",
    "initContainers": "name",
    "env": "name",
    "volumes": "name",
    "volumeMounts": "mountPath",
}
# Lists whose elements stay readable in a patch however many of them are only named.
_LONG_ELEMENTS = ("containers", "initContainers")
_MOST_PLACEHOLDERS = 3
# By these keys kustomize takes two elements for one (x-kubernetes-list-map-keys).
_IDENTITY = {
    **{field: (key,) for field, key in _MERGE_KEYS.items()},
    "hostAliases": ("ip",),
    "imagePullSecrets": ("name",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
}


class SharedObject(msgspec.Struct, frozen=True, kw_only=True):
    """
    An object of all environments.

    ``item`` is that of the first environment, ``base`` what all say alike, to be written,
    ``differences`` the patch of each environment that says more.
    """

    item: KubeObject
    base: Manifest
    differences: dict[str, Manifest]


def by_identity(objects: Iterable[KubeObject]) -> dict[ObjectRef, KubeObject]:
    """Return ``objects``, in their order and without namespaces, by what tells them apart."""
    items = (in_namespace(item, None) for item in objects)
    return {item.ref: item for item in items}


def common_part(values: Sequence[Value]) -> tuple[Value, list[Value]]:
    """
    Return what ``values`` share, and for each what it says beyond that; None is nothing.

    For mappings, mappings without what is shared; for anything else all or nothing.
    """
    return _common(values, "")


def share(items: Sequence[KubeObject | None], environments: Sequence[str]) -> SharedObject | None:
    """
    Return what ``items``, the same object in each of ``environments``, have in common.

    None where an environment has none, or kustomize would merge it wrongly: then each has its own.
    Objects that are not written as such (Secrets, generated ConfigMaps) are left out before.
    """
    everywhere = [item for item in items if item is not None]
    return _shared(everywhere, environments) if len(everywhere) == len(environments) else None


def _shared(items: Sequence[KubeObject], environments: Sequence[str]) -> SharedObject | None:
    first = items[0]
    if all(item == first for item in items):
        return SharedObject(item=first, base=manifest.to_write(first), differences={})
    manifests = [manifest.manifest(item) for item in items]
    for plain in manifests:
        if _is_ambiguous(plain):
            return None
    base, rests = _common(manifests, "")
    identity: Manifest = {
        "apiVersion": first.api_version,
        "kind": first.kind,
        "metadata": {"name": first.metadata.name},
    }
    differences = {
        environment: _identified(identity, cast("Manifest", rest))
        for environment, rest in zip(environments, rests, strict=True)
        if rest is not None
    }
    return SharedObject(item=first, base=cast("Manifest", base), differences=differences)


def _identified(identity: Manifest, rest: Manifest) -> Manifest:
    """Return ``rest`` as a patch: with the fields by which kustomize finds its object."""
    patch = {**identity, **rest}
    if "metadata" in rest:
        metadata = {
            **cast("Manifest", identity["metadata"]),
            **cast("Manifest", rest["metadata"]),
        }
        patch["metadata"] = cast("Value", metadata)
    return patch


def _common(values: Sequence[Value], field: str) -> tuple[Value, list[Value]]:
    first = values[0]
    if all(value == first for value in values):
        return first, [None] * len(values)
    if all(isinstance(value, dict) for value in values):
        return _common_mapping(cast("Sequence[dict[str, Value]]", values))
    if field in _MERGE_KEYS and all(isinstance(value, list) for value in values):
        return _common_list(cast("Sequence[list[dict[str, Value]]]", values), field)
    return None, list(values)


def _common_mapping(values: Sequence[dict[str, Value]]) -> tuple[Value, list[Value]]:
    shared: dict[str, Value] = {}
    rests: list[dict[str, Value]] = [{} for _ in values]
    keys = dict.fromkeys(key for value in values for key in value)
    for key in keys:
        if all(key in value for value in values):
            inner, further = _common([value[key] for value in values], key)
            if inner is not None:
                shared[key] = inner
        else:
            further = [value.get(key) for value in values]
        for rest, more in zip(rests, further, strict=True):
            if more is not None:
                rest[key] = more
    # An empty mapping means something (emptyDir: {}); it is shared where one says just that.
    nothing_shared = not shared and all(values)
    return None if nothing_shared else shared, [rest or None for rest in rests]


def _common_list(values: Sequence[list[dict[str, Value]]], field: str) -> tuple[Value, list[Value]]:
    whole: tuple[Value, list[Value]] = (None, [cast("Value", value) for value in values])
    key = _MERGE_KEYS[field]
    order = [element.get(key) for element in values[0]]
    if any([element.get(key) for element in value] != order for value in values):
        return whole
    shared: list[Value] = []
    rests: list[list[Value]] = [[] for _ in values]
    for position, name in enumerate(order):
        inner, further = _common([value[position] for value in values], "")
        shared.append(inner)
        for rest, more in zip(rests, further, strict=True):
            rest.append({key: name, **cast("dict[str, Value]", more or {})})
    rests = [_up_to_last_difference(rest) for rest in rests]
    if field not in _LONG_ELEMENTS and any(
        sum(len(cast("dict[str, Value]", element)) == 1 for element in rest) > _MOST_PLACEHOLDERS
        for rest in rests
    ):
        return whole
    return shared, [cast("Value", rest) or None for rest in rests]


def _up_to_last_difference(elements: list[Value]) -> list[Value]:
    """Return ``elements`` without those at the end that say nothing but their key."""
    end = len(elements)
    while end and len(cast("dict[str, Value]", elements[end - 1])) == 1:
        end -= 1
    return elements[:end]


def _is_ambiguous(value: Value, field: str = "") -> bool:
    """Return whether a list below has two elements that kustomize would take for one."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, (dict, list)) and inner and _is_ambiguous(inner, key):
                return True
        return False
    if not isinstance(value, list) or not value or not isinstance(value[0], dict):
        return False
    elements = cast("list[dict[str, Value]]", value)
    if len(elements) > 1:
        if field in _IDENTITY:
            keys = _IDENTITY[field]
            identities = {tuple([element.get(key) for key in keys]) for element in elements}
            if len(identities) < len(elements):
                return True
        elif field == "ports" and _ports_are_ambiguous(elements):
            return True
    return any(map(_is_ambiguous, elements))


def _ports_are_ambiguous(ports: list[dict[str, Value]]) -> bool:
    """
    Return whether two ports have one number and not each its own protocol.

    kustomize takes a port without a protocol for one with any.
    """
    numbers: dict[Value, list[Value]] = {}
    for port in ports:
        number = port.get("containerPort", port.get("port"))
        numbers.setdefault(number, []).append(port.get("protocol"))
    return any(
        len(protocols) > 1 and (None in protocols or len(set(protocols)) < len(protocols))
        for protocols in numbers.values()
    )
