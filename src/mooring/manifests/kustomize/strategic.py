"""
Strategic merge: a part of an object laid over the whole, lists joined by the keys of their entries.

Mappings merge, `null` takes away, lists of entries that have a merge key merge entry by entry,
other lists are replaced.  `$patch: delete|replace|merge` says otherwise for one place.

Sources: https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
(strategic merge), the patchMergeKey of each list in https://kubernetes.io/docs/reference/kubernetes-api/
"""

from copy import deepcopy
from typing import Any

_DIRECTIVE = "$patch"
_MERGE_KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "volumes": ("name",),
    "env": ("name",),
    "imagePullSecrets": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "ports": ("containerPort", "port"),
    "hostAliases": ("ip",),
    "topologySpreadConstraints": ("topologyKey",),
    "secrets": ("name",),
    "conditions": ("type",),
    "ownerReferences": ("uid",),
    "subjects": (),
}
"""By the name of the list: the keys of which the first that the entries have tells them apart."""

_BUILT_IN = ("", "apps", "batch", "policy", "autoscaling", "extensions")


def merged(value: Any, patch: Any, *, is_known: bool = True) -> Any:
    """
    Return ``value`` with ``patch`` laid over it.

    ``is_known`` holds for kinds of Kubernetes itself; the lists of others are always replaced, as
    nobody knows their keys.
    """
    if not isinstance(patch, dict):
        return deepcopy(patch)
    directive = patch.get(_DIRECTIVE)
    if directive == "replace" or not isinstance(value, dict):
        return _without_directives({k: v for k, v in patch.items() if v is not None})
    made = dict(value)
    for key, inner in patch.items():
        if key.startswith("$"):
            continue
        if inner is None or (isinstance(inner, dict) and inner.get(_DIRECTIVE) == "delete"):
            made.pop(key, None)
        elif isinstance(inner, list) and isinstance(made.get(key), list):
            made[key] = _list(made[key], inner, key, is_known=is_known)
        elif key in made:
            made[key] = merged(made[key], inner, is_known=is_known)
        else:
            made[key] = _without_directives(inner)
    return made


def is_built_in(api_version: str) -> bool:
    """Return whether the merge keys of the kinds of ``api_version`` are known."""
    group, slash, _ = api_version.partition("/")
    return not slash or group in _BUILT_IN or group.endswith(".k8s.io")


def _list(value: list[Any], patch: list[Any], name: str, *, is_known: bool) -> list[Any]:
    if any(isinstance(one, dict) and one.get(_DIRECTIVE) == "replace" for one in patch):
        return [_without_directives(one) for one in patch if not _is_only_directive(one)]
    key = _key(name, value, patch) if is_known else None
    if key is None:
        return [_without_directives(one) for one in patch]
    left = list(value)
    made: list[Any] = []
    for one in patch:
        place = next(
            (index for index, old in enumerate(left) if old.get(key) == one.get(key)), None
        )
        old = left.pop(place) if place is not None else None
        if one.get(_DIRECTIVE) == "delete":
            continue
        made.append(
            _without_directives(one) if old is None else merged(old, one, is_known=is_known)
        )
    # kustomize puts what the patch speaks of before the rest.
    return [*made, *left]


def _key(name: str, value: list[Any], patch: list[Any]) -> str | None:
    entries = [one for one in (*value, *patch) if isinstance(one, dict)]
    if len(entries) != len(value) + len(patch):
        return None
    for key in _MERGE_KEYS.get(name, ()):
        if entries and all(key in one for one in entries):
            return key
    return None


def _is_only_directive(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {_DIRECTIVE}


def _without_directives(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_directives(inner)
            for key, inner in value.items()
            if not key.startswith("$patch")
        }
    if isinstance(value, list):
        return [_without_directives(one) for one in value if not _is_only_directive(one)]
    return value
