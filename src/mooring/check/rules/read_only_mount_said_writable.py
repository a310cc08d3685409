"""
A mount that is said to be writable and is not.

## What it does
Finds `readOnly: false` on mounts of ConfigMaps and Secrets.

## Why it matters
These volumes are read-only whatever is said: whoever wrote it expects to write there, and the
program ends with `Read-only file system`.

## Example
    volumeMounts: [{name: conf, mountPath: /etc/app, readOnly: false}]     # of a ConfigMap

Copy the files into an emptyDir by an init container where the program writes to them.

## References
- https://kubernetes.io/docs/concepts/storage/volumes/#configmap
"""

from collections.abc import Iterator

from mooring.check import fixes, mounts
from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Safety, Severity

RULE = Rule(
    id="read-only-mount-said-writable", severity=Severity.INFO, since="0.1", group="configuration"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each such mount."""
    for container in bundle.containers:
        said = {path for path, entry in container.mounts if entry.get("readOnly") is False}
        if not said:
            continue
        for mount in mounts.of(container):
            if mount.field not in said or mount.kind not in ("configMap", "secret", "projected"):
                continue
            item = bundle.objects.get(container.owner)
            field = f"{mount.field}.readOnly"
            yield RULE.finding(
                container.owner,
                f"{mount.shown} is said to be writable at {mount.path}, and never is",
                field=field,
                remedy="copy the files into an emptyDir where the program writes to them",
                fix=fixes.put(
                    item.manifest,
                    field,
                    True,
                    description="say what is so",
                    safety=Safety.SAFE,
                )
                if item is not None
                else None,
            )
