"""
A volume where another version of the database keeps its data.

## What it does
Finds known data stores with a volume at the data directory of former versions, while the version
that runs keeps its data elsewhere and nothing says that it is to be there.

## Why it matters
PostgreSQL 18 refuses to start with a volume at `/var/lib/postgresql/data`; others start empty,
with their data in a layer that goes with the pod.

## Example
    image: postgres:18.1
    volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]

Mount the volume at `/var/lib/postgresql`.

## References
- https://hub.docker.com/_/postgres
- https://github.com/docker-library/postgres/pull/1259
"""

from collections.abc import Iterator

from mooring.check.bundle import Bundle
from mooring.findings import Confidence, Finding, Rule, Severity
from mooring.images import catalogue
from mooring.semantics import fields

RULE = Rule(
    id="data-path-of-another-version", severity=Severity.ERROR, since="0.1", group="databases"
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Yield a finding for each volume beside the data."""
    for container in bundle.containers:
        known = container.known
        if known is None or not known.family.data or not container.is_main or container.command:
            continue
        paths = {one.path for one in known.family.data}
        former = {one.path: one.setting for one in catalogue.family_of(known.family.name).data}
        for path in paths:
            former.pop(path, None)
        if not former:
            continue
        mounted = {
            (fields.text(mount.get("mountPath")) or "").rstrip("/"): field
            for field, mount in container.mounts
        }
        if any(path == at or path.startswith(f"{at}/") for path in paths for at in mounted if at):
            continue
        for path, setting in former.items():
            told = container.variable.get(setting) if setting is not None else None
            if path not in mounted or (told is not None and (told.value or path).startswith(path)):
                continue
            version = f" {known.tag.version}" if known.tag.version is not None else ""
            yield RULE.finding(
                container.owner,
                f"{known.family.name}{version} in the container {container.name} keeps its data "
                f"at {' and '.join(sorted(paths))}, and its volume is at {path}",
                field=mounted[path],
                remedy=f"mount the volume at {min(paths)}",
                severity=Severity.WARNING if known.assumes_newest else None,
                confidence=Confidence.MEDIUM if known.assumes_newest else None,
            )
