"""
A part of a volume that lies outside of it.

## What it does
Finds mounts whose `subPath` begins with a slash or goes up (`..`), mounts with both `subPath` and
`subPathExpr`, and mount paths with a colon.

## Why it matters
The API server refuses the object:  `must be a relative path`, `must not contain '..'`.

## Example
    volumeMounts: [{name: data, mountPath: /data, subPath: /var/data}]

Write the path from the root of the volume, without a slash before it.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#using-subpath
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields
from mooring.semantics.fields import Manifest

RULE = Rule(id="mount-path-leaves-volume", severity=Severity.ERROR, since="0.1", group="storage")


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each mount that the API server refuses."""
    for container in bundle.containers:
        for field, mount in container.mounts:
            told = _fault(mount)
            if told is not None:
                place, words = told
                yield RULE.finding(
                    container.owner,
                    f"a mount of the container {container.name} {words}",
                    field=f"{field}.{place}",
                    remedy="write the path from the root of the volume"
                    if place != "mountPath"
                    else "write a path without a colon",
                )


def _fault(mount: Manifest) -> tuple[str, str] | None:
    if mount.get("subPath") and mount.get("subPathExpr"):
        return "subPathExpr", "has subPath and subPathExpr, which exclude each other"
    for word in ("subPath", "subPathExpr"):
        path = fields.text(mount.get(word))
        if path is not None and path.startswith("/"):
            return word, f"has the {word} {path}, which begins with a slash"
        if path is not None and ".." in path.split("/"):
            return word, f"has the {word} {path}, which leaves the volume"
    path = fields.text(mount.get("mountPath"))
    # Paths of Windows have a colon after the drive.
    if path is not None and ":" in path and not (path[1:2] == ":" and path[:1].isalpha()):
        return "mountPath", f"has the mountPath {path}, with a colon"
    return None
