"""
When the volume of a claim is bound, as the StorageClasses of the cluster have it.

Source: https://kubernetes.io/docs/concepts/storage/storage-classes/#volume-binding-mode
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from mooring.cluster.changes import KindName
from mooring.errors import ClusterError
from mooring.semantics import fields
from mooring.semantics.fields import Manifest
from mooring.semantics.readiness.around import NO_CLASS
from mooring.semantics.readiness.claim import WAITS_FOR_POD

if TYPE_CHECKING:
    from mooring.cluster.client import Client

_CLASS = KindName("storage.k8s.io/v1", "StorageClass")
_DEFAULT = "storageclass.kubernetes.io/is-default-class"
_MAKES_VOLUMES = frozenset({"StorageClass", "PersistentVolume"})


class BindingModes:
    """The modes by class; until `learn` has read them no claim is waited for."""

    def __init__(self) -> None:
        self._modes: dict[str, str] | None = None

    async def learn(self, client: "Client") -> None:
        """Read the classes of the cluster, where that is allowed."""
        try:
            listing = await client.list(_CLASS)
        except ClusterError:
            return
        self._modes = {}
        for one in listing.items:
            mode = fields.text(one.get("volumeBindingMode")) or "Immediate"
            self._modes[fields.text(fields.at(one, "metadata", "name")) or ""] = mode
            notes = fields.labels(fields.at(one, "metadata", "annotations"))
            if notes.get(_DEFAULT) == "true":
                self._modes[""] = mode

    def of(self, claim: Manifest, made: Collection[str]) -> str | None:
        """Return the mode for ``claim``, None where unknown; ``made`` are the kinds deployed."""
        if self._modes is None:
            return WAITS_FOR_POD
        name = fields.text(fields.at(claim, "spec", "storageClassName")) or ""
        if not name or name in self._modes:
            return self._modes.get(name)
        return None if _MAKES_VOLUMES & set(made) else NO_CLASS
