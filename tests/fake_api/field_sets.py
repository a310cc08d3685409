"""
The fields of an object as managedFields count them, and merging by them.

A path is a tuple of steps as FieldsV1 writes them: `f:spec` for a field, `k:{"name":"web"}` for the
item of a list that has keys, `v:"x"` for an item of a set, `.` for the item itself.

Which lists have keys is a table by the name of the field and of what holds it; the real server has
it from the OpenAPI schema (`x-kubernetes-list-map-keys`).
"""

import json
from typing import Any

Path = tuple[str, ...]

_KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "ownerReferences": ("uid",),
    "conditions": ("type",),
    "topologySpreadConstraints": ("topologyKey", "whenUnsatisfiable"),
    "secrets": ("name",),
}
_SETS = {"finalizers"}
_ATOMIC_MAPS = {"selector", "matchLabels", "nodeSelector", "backend", "resourceFieldRef"}
_NOT_OWNED: set[Path] = {
    ("f:apiVersion",),
    ("f:kind",),
    ("f:metadata", "f:name"),
    ("f:metadata", "f:namespace"),
    ("f:metadata", "f:uid"),
    ("f:metadata", "f:resourceVersion"),
    ("f:metadata", "f:generation"),
    ("f:metadata", "f:creationTimestamp"),
    ("f:metadata", "f:managedFields"),
    ("f:metadata", "f:deletionTimestamp"),
    ("f:metadata", "f:generateName"),
}


def _keys(steps: Path) -> tuple[str, ...] | None:
    """Return the keys of the list at ``steps``, None where it is atomic or a set."""
    name = steps[-1][2:] if steps else ""
    if name == "ports":
        inside = any(step in ("f:containers", "f:initContainers") for step in steps)
        if inside:
            return ("containerPort", "protocol")
        return ("port", "protocol") if steps == ("f:spec", "f:ports") else None
    return _KEYS.get(name)


def _step_of(item: dict[str, Any], keys: tuple[str, ...]) -> str:
    values = {key: item.get(key, "TCP" if key == "protocol" else None) for key in sorted(keys)}
    return "k:" + json.dumps(values, separators=(",", ":"))


def fields(value: Any) -> set[Path]:
    """Return the paths of all fields that ``value``, an object, sets."""
    found: set[Path] = set()
    _collect(value, (), found)
    return {path for path in found if path not in _NOT_OWNED}


def _collect(value: Any, steps: Path, found: set[Path]) -> None:
    if isinstance(value, dict) and value and (not steps or steps[-1][2:] not in _ATOMIC_MAPS):
        for key, inner in value.items():
            _collect(inner, (*steps, f"f:{key}"), found)
    elif isinstance(value, list) and steps and (keys := _keys(steps)):
        for item in value:
            step = (*steps, _step_of(item, keys))
            found.add((*step, "."))
            for key, inner in item.items():
                _collect(inner, (*step, f"f:{key}"), found)
    elif isinstance(value, list) and steps and steps[-1][2:] in _SETS:
        for item in value:
            found.add((*steps, f"v:{json.dumps(item)}"))
    elif steps:
        found.add(steps)


def at(value: Any, path: Path) -> Any:
    """Return what stands at ``path``; `ABSENT` where nothing does."""
    for index, step in enumerate(path):
        if step == ".":
            return value
        value = _child(value, path[:index], step)
        if value is ABSENT:
            return ABSENT
    return value


class _Absent:
    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = _Absent()


def _child(value: Any, before: Path, step: str) -> Any:
    if step.startswith("f:"):
        return value.get(step[2:], ABSENT) if isinstance(value, dict) else ABSENT
    if step.startswith("v:"):
        wanted = json.loads(step[2:])
        return wanted if isinstance(value, list) and wanted in value else ABSENT
    keys = _keys(before) or ()
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict) and _step_of(item, keys) == step:
            return item
    return ABSENT


def merged(live: Any, applied: Any, steps: Path = ()) -> Any:
    """Return ``live`` with the fields of ``applied`` set."""
    if isinstance(live, dict) and isinstance(applied, dict):
        if steps and steps[-1][2:] in _ATOMIC_MAPS:
            return applied
        result = dict(live)
        for key, value in applied.items():
            inner = (*steps, f"f:{key}")
            result[key] = merged(live[key], value, inner) if key in live else value
        return result
    if isinstance(live, list) and isinstance(applied, list) and steps:
        if keys := _keys(steps):
            return _merged_items(live, applied, keys, steps)
        if steps[-1][2:] in _SETS:
            return [*live, *(one for one in applied if one not in live)]
    return applied


def _merged_items(
    live: list[Any], applied: list[Any], keys: tuple[str, ...], steps: Path
) -> list[Any]:
    wanted = {_step_of(one, keys): one for one in applied}
    result = []
    for item in live:
        step = _step_of(item, keys)
        if step in wanted:
            result.append(merged(item, wanted.pop(step), (*steps, step)))
        else:
            result.append(item)
    return [*result, *wanted.values()]


def without(value: Any, paths: set[Path]) -> Any:
    """Return ``value`` without the fields at ``paths``, and without what that leaves empty."""
    tree: dict[str, Any] = {}
    for path in paths:
        node = tree
        for step in path:
            node = node.setdefault(step, {})
    return _pruned(value, tree, ())


def _pruned(value: Any, tree: dict[str, Any], steps: Path) -> Any:
    if isinstance(value, dict):
        result = {}
        for key, inner in value.items():
            step = f"f:{key}"
            if step not in tree:
                result[key] = inner
            elif tree[step]:
                left = _pruned(inner, tree[step], (*steps, step))
                if left not in ({}, [], ABSENT) or inner in ({}, []):
                    result[key] = left
        return result
    if isinstance(value, list):
        keys = _keys(steps)
        kept = []
        for item in value:
            step = (
                _step_of(item, keys) if keys and isinstance(item, dict) else f"v:{json.dumps(item)}"
            )
            if step not in tree:
                kept.append(item)
            elif tree[step] and "." not in tree[step]:
                kept.append(_pruned(item, tree[step], (*steps, step)))
        return kept
    return value


def encoded(paths: set[Path]) -> dict[str, Any]:
    """Return ``paths`` as FieldsV1."""
    root: dict[str, Any] = {}
    for path in sorted(paths):
        node = root
        for step in path:
            node = node.setdefault(step, {})
    return root


def decoded(tree: dict[str, Any], steps: Path = ()) -> set[Path]:
    """Return the paths in a FieldsV1."""
    found: set[Path] = set()
    for step, inner in tree.items():
        if inner:
            found |= decoded(inner, (*steps, step))
        else:
            found.add((*steps, step))
    return found


def shown(path: Path) -> str:
    """Return ``path`` as conflicts show it, such as `.spec.replicas`."""
    text = ""
    for step in path:
        if step.startswith("f:"):
            text += f".{step[2:]}"
        elif step.startswith("k:"):
            pairs = json.loads(step[2:]).items()
            text += "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in pairs) + "]"
        elif step.startswith("v:"):
            text += f"[={step[2:]}]"
    return text
