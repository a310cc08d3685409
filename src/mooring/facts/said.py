"""
Whether somebody said the value of a field, or the cluster chose it.

Two traces tell: what `kubectl apply` notes of its last input, and who manages which field.  Where
an object has neither (`kubectl get` hides the second), nothing is known.

Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
"""

from typing import Final

import msgspec

from mooring.semantics import fields
from mooring.semantics.fields import Manifest

LAST_APPLIED: Final = "kubectl.kubernetes.io/last-applied-configuration"
CLUSTER_ITSELF: Final = frozenset({"kube-controller-manager", "kube-scheduler", "kubelet"})


def said(item: Manifest, field: str) -> bool | None:
    """
    Return whether anybody but the cluster itself set a field of this name in the ``spec``.

    At whatever depth: ``field`` has to be a name that occurs in one place.  None: nothing tells.
    """
    applied = fields.text(fields.at(item, "metadata", "annotations", LAST_APPLIED))
    if applied is not None:
        try:
            return _holds(fields.at(msgspec.json.decode(applied), "spec"), field)
        except msgspec.DecodeError:
            return None
    managers = [
        one
        for _, one in fields.mappings(fields.at(item, "metadata", "managedFields"))
        if one.get("manager") not in CLUSTER_ITSELF and not one.get("subresource")
    ]
    if not managers:
        return None
    return any(_holds(fields.at(one, "fieldsV1", "f:spec"), f"f:{field}") for one in managers)


def is_applied(item: Manifest) -> bool:
    """Return whether the object was applied server-side, so that no default counts as said."""
    found = fields.mappings(fields.at(item, "metadata", "managedFields"))
    return any(one.get("operation") == "Apply" for _, one in found)


def is_made_by_cluster(item: Manifest) -> bool:
    """Return whether only the cluster itself has ever written the object."""
    managers = {
        one.get("manager")
        for _, one in fields.mappings(fields.at(item, "metadata", "managedFields"))
    }
    return bool(managers) and managers <= CLUSTER_ITSELF


def _holds(value: object, field: str) -> bool:
    if isinstance(value, dict):
        return field in value or any(_holds(one, field) for one in value.values())
    return isinstance(value, list) and any(_holds(one, field) for one in value)
