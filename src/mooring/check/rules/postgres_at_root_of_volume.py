"""
A PostgreSQL that finds its directory not empty.

## What it does
Finds containers of PostgreSQL before 18 with a claim mounted at the data directory itself,
without `subPath` and without a PGDATA below it.

## Why it matters
New disks hold `lost+found`: `initdb` refuses the directory, and the pod never starts.

## Example
    volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]      # and no PGDATA

Set PGDATA to a folder below, or mount by subPath.

## References
- https://hub.docker.com/_/postgres
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Finding, Rule, Severity
from mooring.semantics import fields

RULE = Rule(
    id="postgres-at-root-of-volume",
    severity=Severity.WARNING,
    since="0.1",
    group="databases",
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each data directory that is the root of a claim."""
    for container in bundle.containers:
        known = container.known
        if known is None or container.command:
            continue
        for data in known.family.data:
            if data.sub_directory is None or data.setting is None:
                continue
            moved = container.variable.get(data.setting)
            if moved is not None and (moved.value or "/").rstrip("/") != data.path:
                continue
            for field, mount in container.mounts:
                name = fields.text(mount.get("name")) or ""
                volume = container.pod.volumes.get(name)
                is_claim = name in container.pod.claim_templates or (
                    volume is not None and "persistentVolumeClaim" in volume[1]
                )
                whole = not mount.get("subPath") and not mount.get("subPathExpr")
                if is_claim and whole and mount.get("mountPath") == data.path:
                    yield RULE.finding(
                        container.owner,
                        f"{known.family.name} wants its directory {data.path} empty, and a new "
                        "disk holds lost+found",
                        field=field,
                        remedy=f"set {data.setting} to {data.path}/{data.sub_directory}",
                    )
