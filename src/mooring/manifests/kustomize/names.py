"""
Where objects name one another: what follows when a kustomization changes a name or a namespace.

By the field that holds the name, wherever it stands, because that is how kustomize finds them too.

Source: kustomize's default name references (api/internal/konfig/builtinpluginconsts, read as facts)
"""

from collections.abc import Callable
from typing import Any

Renamed = Callable[[str, str], str]
"""Returns the name that the object of a kind and old name has now."""

_NAMED_BY_KEY = {
    "configMapRef": ("ConfigMap", "name"),
    "configMapKeyRef": ("ConfigMap", "name"),
    "configMap": ("ConfigMap", "name"),
    "secretRef": ("Secret", "name"),
    "secretKeyRef": ("Secret", "name"),
    "nodePublishSecretRef": ("Secret", "name"),
    "persistentVolumeClaim": ("PersistentVolumeClaim", "claimName"),
    "service": ("Service", "name"),
}
"""A mapping under this key holds the name of an object of the kind at the second key."""

_TEXTS = {
    "serviceAccountName": "ServiceAccount",
    "priorityClassName": "PriorityClass",
    "secretName": "Secret",
    "storageClassName": "StorageClass",
    "ingressClassName": "IngressClass",
    "volumeName": "PersistentVolume",
}
"""A text under this key is the name of an object of the kind."""


def with_new_names(value: Any, renamed: Renamed, kind: str) -> Any:
    """Return the object ``value`` of ``kind`` with the names of others as they are now."""
    return _walk(value, renamed, kind)


def _walk(value: Any, renamed: Renamed, kind: str) -> Any:
    if isinstance(value, list):
        return [_walk(one, renamed, kind) for one in value]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for key, inner in value.items():
        if isinstance(inner, str) and key in _TEXTS:
            made[key] = renamed(_TEXTS[key], inner)
        elif isinstance(inner, str) and key == "serviceName" and kind == "StatefulSet":
            made[key] = renamed("Service", inner)
        elif isinstance(inner, dict) and key in _NAMED_BY_KEY:
            target, field = _NAMED_BY_KEY[key]
            walked = _walk(inner, renamed, kind)
            if isinstance(walked.get(field), str):
                walked[field] = renamed(target, walked[field])
            made[key] = walked
        elif isinstance(inner, dict) and key == "secret":
            made[key] = _secret(_walk(inner, renamed, kind), renamed)
        elif isinstance(inner, dict) and key in ("scaleTargetRef", "roleRef", "backendRef"):
            made[key] = _by_kind(_walk(inner, renamed, kind), renamed)
        elif isinstance(inner, list) and key in ("subjects", "backendRefs", "imagePullSecrets"):
            default = "Secret" if key == "imagePullSecrets" else "Service"
            made[key] = [_by_kind(_walk(one, renamed, kind), renamed, default) for one in inner]
        else:
            made[key] = _walk(inner, renamed, kind)
    return made


def _secret(value: dict[str, Any], renamed: Renamed) -> dict[str, Any]:
    # As the source of a projected volume a Secret is called by "name", else by "secretName".
    if isinstance(value.get("name"), str):
        return {**value, "name": renamed("Secret", value["name"])}
    return value


def _by_kind(value: Any, renamed: Renamed, default: str = "") -> Any:
    if not isinstance(value, dict) or not isinstance(value.get("name"), str):
        return value
    target = value.get("kind", default)
    return {**value, "name": renamed(str(target), value["name"])}
