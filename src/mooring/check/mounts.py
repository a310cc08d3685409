"""
The mounts of a container with the volumes behind them.

Source: https://kubernetes.io/docs/concepts/storage/volumes/
"""

from collections.abc import Iterator

import msgspec

from mooring.check.pods import Container
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

CLAIM = "persistentVolumeClaim"
_KINDS = (
    "configMap", "secret", "projected", "emptyDir", CLAIM, "hostPath", "downwardAPI", "ephemeral",
    "csi", "nfs", "image",
)  # fmt: skip
_DEFAULT_MODE = 0o644


class Mount(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """
    A mount at ``path``, without a slash at its end; ``field`` is its place.

    ``kind`` is the volume's source, as pods name it; empty where the pod has no such volume.
    ``source`` is that source, and ``name`` the object it is of, None where it is of none.
    """

    field: str
    path: str
    sub_path: str | None
    volume: str
    kind: str
    source: Manifest
    name: str | None

    @property
    def shown(self) -> str:
        """What is mounted, in words."""
        words = {"configMap": "the ConfigMap", "secret": "the Secret", CLAIM: "the claim"}
        if self.name is not None and self.kind in words:
            return f"{words[self.kind]} {self.name}"
        return f"the volume {self.volume}"

    @property
    def is_open_to_others(self) -> bool:
        """Whether everybody in the container may read the files."""
        mode = fields.integer(self.source.get("defaultMode"))
        modes = [_DEFAULT_MODE if mode is None else mode]
        for _, item in fields.mappings(self.source.get("items")):
            own = fields.integer(item.get("mode"))
            if own is not None:
                modes = [own]
        return any(one & 0o004 for one in modes)

    @property
    def files(self) -> dict[str, str] | None:
        """The files that ``items`` choose, path to key; None where all keys are files."""
        if not isinstance(self.source.get("items"), list):
            return None
        return {
            path: key
            for _, item in fields.mappings(self.source.get("items"))
            if (path := fields.text(item.get("path"))) and (key := fields.text(item.get("key")))
        }

    def mode(self, file: str) -> int:
        """Return the permissions of ``file``, the path of it in the volume."""
        for _, item in fields.mappings(self.source.get("items")):
            if item.get("path") == file and (own := fields.integer(item.get("mode"))) is not None:
                return own
        written = fields.integer(self.source.get("defaultMode"))
        return _DEFAULT_MODE if written is None else written

    def covers(self, path: str) -> bool:
        """Tell whether the directory ``path`` is this mount, or lies in it."""
        return path == self.path or path.startswith(f"{self.path}/")

    def holds(self, path: str) -> bool:
        """Tell whether the file ``path`` is this mount, or a file of it."""
        return self.covers(path)


def of(container: Container) -> Iterator[Mount]:
    """Yield the mounts of ``container``, in order."""
    pod = container.pod
    for field, entry in container.mounts:
        path, volume = fields.text(entry.get("mountPath")), fields.text(entry.get("name"))
        if path is None or volume is None:
            continue
        held = pod.volumes.get(volume)
        kind = ""
        source: Manifest = {}
        if held is not None:
            kind = next((one for one in _KINDS if one in held[1]), "other")
            source = fields.mapping(held[1].get(kind))
        elif volume in pod.claim_templates:
            kind = CLAIM
        name = next(
            (
                found
                for key in ("name", "secretName", "claimName")
                if (found := fields.text(source.get(key)))
            ),
            None,
        )
        yield Mount(
            field=field,
            path=path.rstrip("/") or "/",
            sub_path=fields.text(entry.get("subPath")) or fields.text(entry.get("subPathExpr")),
            volume=volume,
            kind=kind,
            source=source,
            name=name,
        )


def is_filled_before(container: Container, volume: str) -> bool:
    """Tell whether another container of the pod has the volume too, and may put files into it."""
    return any(
        fields.text(entry.get("name")) == volume
        for one in container.pod.containers
        if one is not container
        for _, entry in one.mounts
    )
